// SPDX-License-Identifier: GPL-3.0-or-later
// The values that a person is offered for scheduling and its memory, in the settings and wherever else one of
// them is proposed.
#pragma once

#include <QtGlobal>

namespace vitrine::ui {

inline constexpr int kTargetsMs[] = {25, 50, 100, 200, 0};                       ///< 0: no target
inline constexpr quint32 kKvMebibytes[] = {0, 256, 512, 1024, 2048, 4096, 8192}; ///< 0: as is sensible

} // namespace vitrine::ui
