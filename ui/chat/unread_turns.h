// SPDX-License-Identifier: GPL-3.0-or-later
// Which turns of the shown branch had no room in the last prompt. A value.
#pragma once

namespace vitrine::ui {

struct UnreadTurns
{
    int first = 0; ///< place of the first of them on the branch
    int turns = 0; ///< 0: all are read

    /// Place of the first turn that is read again.
    int end() const { return first + turns; }
    bool operator==(const UnreadTurns&) const = default;
};

} // namespace vitrine::ui
