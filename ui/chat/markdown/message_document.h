// SPDX-License-Identifier: GPL-3.0-or-later
// The text of one message as blocks, kept up to date while it grows: an append parses again only what the
// last block could become. Any thread, one at a time.
#pragma once

#include <vector>

#include "ui/chat/markdown/block.h"

namespace vitrine::ui {

class MessageDocument
{
public:
    enum class Format { Plain, Markdown };

    explicit MessageDocument(Format format) : m_format(format) {}

    /// Returns the index of the first block that is new or changed.
    std::size_t append(QStringView delta);
    /// No more text follows: a mark without its partner is a character now. Returns as append() does.
    std::size_t finish();

    const std::vector<Block>& blocks() const { return m_blocks; }
    const QString& source() const { return m_source; }
    bool isFinished() const { return m_finished; }
    /// The whole code of the card that begins with this block, over its continuations.
    QString codeFrom(std::size_t block) const;

private:
    std::size_t firstOpenBlock() const;
    std::size_t parseTail(std::size_t first);

    Format m_format;
    QString m_source;
    std::vector<Block> m_blocks;
    bool m_finished = false;
};

/// Text as it was typed: no mark means anything, line ends stay.
std::vector<Block> plainBlocks(QStringView source);

} // namespace vitrine::ui
