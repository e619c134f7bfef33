// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation's tree of turns as rows of a drawing: a turn a row, in lanes. Side branches stand right
// below the turn they leave from, one lane further; the branch that is shown goes straight on. Pure; thread:
// UI.
#pragma once

#include <vector>

#include "ui/chat/message_tree.h"

namespace vitrine::ui {

struct BranchRow
{
    MessageId id;
    int lane = 0;
    bool leaves = false;    ///< a side branch begins here: a curve from the lane on the left
    bool continues = false; ///< its own lane goes on below
    bool isFirst = false;   ///< opens the conversation: nothing above
    bool shown = false;     ///< on the branch that is shown
    quint64 passing = 0;    ///< bit l: lane l, left of this one, passes by

    bool operator==(const BranchRow&) const = default;
};

/// Lanes beyond this are drawn as the last one.
inline constexpr int kMostLanes = 16;

std::vector<BranchRow> branchRows(const MessageTree& tree);

} // namespace vitrine::ui
