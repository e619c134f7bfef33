// SPDX-License-Identifier: GPL-3.0-or-later
// Markdown as a list of blocks. Values and pure functions; any thread.
//
// Blocks are small: what exceeds kMaxBlockText characters goes on in another block, so that the work of
// laying one out is bounded whatever the text is.
#pragma once

#include <vector>

#include <QList>
#include <QString>
#include <QStringView>

#include "ui/chat/markdown/inline_text.h"

namespace vitrine::ui {

inline constexpr qsizetype kMaxBlockText = 4096;
inline constexpr int kMaxCodeLines = 200; ///< of one Code block

struct Block
{
    enum class Kind { Paragraph, Heading, Code, ListItem, Quote, Table, Rule, Math, Image, Thought };
    enum class Align { Left, Centre, Right };

    Kind kind = Kind::Paragraph;
    qsizetype begin = 0, end = 0;  ///< where it lies in the source
    bool continuesAbove = false;   ///< it goes on from the block before
    bool continuesBelow = false;   ///< and the next one from it
    bool lineGoesOn = false;       ///< in the middle of a line
    int level = 0;                 ///< Heading: 1…6
    InlineText text;               ///< Paragraph, Heading; Image: what stands for it
    QString target;                ///< Image: path or address; empty while it is still being written
    int thought = 0;               ///< belongs to this section of thinking, counted from 1; 0: to the answer
    bool ended = false;            ///< Thought, the line above a section: the section is whole
    QString language;              ///< Code
    QString code;                  ///< Code: lines end with \n but the last; Math: with its marks
    QChar fence;                   ///< Code: what closes it …
    int fenceLength = 0;           ///< … and how many
    QString marker;                ///< ListItem: "3." or empty for a bullet
    QList<Block> children;         ///< ListItem, Quote
    QList<Align> columns;          ///< Table
    QList<QList<InlineText>> rows; ///< Table: the first is the heading; all as long as `columns`

    bool operator==(const Block&) const = default;
};

/// Parses `source`, the part of a message from a block's beginning. `open`: more text may follow.
/// `above`: the block before, when that says continuesBelow; else nullptr.
std::vector<Block> parseBlocks(QStringView source, bool open, const Block* above = nullptr);

} // namespace vitrine::ui
