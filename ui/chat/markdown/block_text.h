// SPDX-License-Identifier: GPL-3.0-or-later
// The text of blocks as it is shown: in pieces, without a layout, for copying and finding. Pure; any thread.
#pragma once

#include <vector>

#include <QSet>
#include <QString>

#include "ui/chat/markdown/block.h"
#include "ui/chat/markdown/text_position.h"

namespace vitrine::ui {

struct PieceText
{
    QString before; ///< what a copy puts between the piece before and this one: "\n", "\t", "- "
    QString text;   ///< as it is laid out, with QChar::LineSeparator
};

/// In the order in which BlockLayout has them.
std::vector<PieceText> pieceTexts(const Block& block);

/// What a copy of `from`…`to` gives. Sections of thinking that are not in `unfolded` are left out.
QString copiedText(const std::vector<Block>& blocks, const ItemPosition& from, const ItemPosition& to,
                   const QSet<int>& unfolded);

/// What stands between the code of a block and that of the one it continues in.
QString codeBreak(const Block& above);

} // namespace vitrine::ui
