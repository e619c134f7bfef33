// SPDX-License-Identifier: GPL-3.0-or-later
// The text of one message as blocks, kept up to date while it grows: an append parses again only what the
// last block could become. Any thread, one at a time.
#pragma once

#include <vector>

#include "ui/chat/markdown/block.h"
#include "ui/chat/markdown/thinking.h"

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
    /// The source without sections of thinking.
    QString answer() const;
    /// The whole code of the card that begins with this block, over its continuations.
    QString codeFrom(std::size_t block) const;

private:
    struct Section
    {
        ReplyPart part;
        std::size_t first = 0; // of its blocks
    };

    std::size_t refresh();
    std::size_t firstOpenBlock(std::size_t first) const;
    std::size_t parseSection(const Section& section);
    std::size_t updateHead(const Section& section, bool wanted);
    std::vector<Block> parse(std::size_t first, const ReplyPart& part, qsizetype tail) const;

    Format m_format;
    QString m_source;
    qsizetype m_parsed = 0; // how much of it the blocks stand for
    std::vector<Block> m_blocks;
    ThinkingScanner m_scanner;
    std::vector<Section> m_sections;
    bool m_finished = false;
};

/// Text as it was typed: no mark means anything, line ends stay.
std::vector<Block> plainBlocks(QStringView source);

} // namespace vitrine::ui
