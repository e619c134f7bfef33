// SPDX-License-Identifier: GPL-3.0-or-later
// Where the shown text of a block stands in the text it was parsed from. Pure; any thread.
//
// Shown text is the source without its marks, so the two are walked side by side: characters that only mark
// something are passed over. Time is linear in the block's source.
#pragma once

#include <vector>

#include <QStringView>

#include "ui/chat/markdown/block.h"

namespace vitrine::ui {

/// A stretch of a piece that stands in the source as it is shown.
struct SourceRun
{
    int start = 0; ///< in the piece
    int length = 0;
    qsizetype source = 0;

    bool operator==(const SourceRun&) const = default;
};

/// For each piece of the block, in the order of pieceTexts(). `source`: the whole message's.
std::vector<std::vector<SourceRun>> sourceRuns(const Block& block, QStringView source);

} // namespace vitrine::ui
