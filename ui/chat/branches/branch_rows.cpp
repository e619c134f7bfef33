// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/branches/branch_rows.h"

#include <algorithm>

namespace vitrine::ui {

namespace {

/// The one that goes straight on: the shown one, else the newest.
MessageId straightOn(const MessageTree& tree, const std::vector<MessageId>& children)
{
    const auto shown = std::ranges::find_if(children, [&](MessageId id) { return tree.indexOf(id) >= 0; });
    return shown != children.end() ? *shown : children.back();
}

BranchRow rowOf(const MessageTree& tree, MessageId id, int lane, quint64 passing)
{
    BranchRow row;
    row.id = id;
    row.lane = std::min(lane, kMostLanes - 1);
    row.shown = tree.indexOf(id) >= 0;
    row.continues = !tree.children(id).empty();
    row.passing = passing;
    return row;
}

} // namespace

std::vector<BranchRow> branchRows(const MessageTree& tree)
{
    std::vector<BranchRow> rows;
    std::vector<BranchRow> stack; // a long chat is deeper than calls may nest
    std::vector<MessageId> first = tree.children({});
    if (!first.empty())
        std::ranges::partition(first, [&](MessageId id) { return id == straightOn(tree, first); });
    for (auto id = first.rbegin(); id != first.rend(); ++id) {
        stack.push_back(rowOf(tree, *id, 0, 0));
        stack.back().isFirst = true;
    }
    while (!stack.empty()) {
        const BranchRow row = stack.back();
        stack.pop_back();
        rows.push_back(row);
        const std::vector<MessageId> children = tree.children(row.id);
        if (children.empty())
            continue;
        const MessageId straight = straightOn(tree, children);
        stack.push_back(rowOf(tree, straight, row.lane, row.passing));
        for (auto id = children.rbegin(); id != children.rend(); ++id) {
            if (*id == straight)
                continue;
            stack.push_back(rowOf(tree, *id, row.lane + 1, row.passing | (quint64(1) << row.lane)));
            stack.back().leaves = true;
        }
    }
    return rows;
}

} // namespace vitrine::ui
