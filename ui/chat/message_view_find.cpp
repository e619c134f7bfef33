// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that finds text and goes to it.
#include <algorithm>

#include <QScrollBar>

#include "ui/chat/find_bar.h"
#include "ui/chat/message_view.h"

namespace vitrine::ui {

void MessageView::openFind()
{
    const bool inOne = m_selection.from().entry == m_selection.to().entry;
    const QString selected = inOne ? selectedText() : QString();
    constexpr qsizetype kLongestPattern = 200;
    const bool usable = !selected.isEmpty() && selected.size() <= kLongestPattern && !selected.contains('\n');
    m_findBar->show();
    placeFindBar();
    m_findBar->begin(usable ? selected : QString());
}

void MessageView::closeFind()
{
    const bool hadFocus = m_findBar->hasFocusInside();
    m_findBar->hide();
    m_finder.stop();
    m_findTimer.stop();
    m_currentMatch = -1;
    if (hadFocus)
        setFocus();
    viewport()->update();
}

void MessageView::setFind(const FindPattern& pattern)
{
    m_currentMatch = -1;
    std::vector<FindText> texts;
    if (m_conversation != nullptr && !pattern.text.isEmpty()) {
        texts.reserve(m_conversation->messages().size());
        for (const Message& message : m_conversation->messages())
            texts.push_back({message.role, message.text});
    }
    m_finder.search(pattern, std::move(texts));
    viewport()->update();
}

/// After other messages came.
void MessageView::findAgain()
{
    if (!m_finder.pattern().text.isEmpty())
        setFind(FindPattern(m_finder.pattern()));
}

/// Matches arrive from the first message on: the first one at or below the top of the window is gone to, or
/// the first of all when there is none.
void MessageView::onFound()
{
    const int total = int(m_finder.matches().size());
    if (m_currentMatch >= total)
        m_currentMatch = total - 1;
    if (m_currentMatch < 0 && total > 0) {
        const int inSight = firstMatchInSight();
        if (inSight < total || !m_finder.isSearching())
            goToMatch(inSight < total ? inSight : 0);
    }
    m_findBar->setCount(m_currentMatch + 1, total, m_finder.isSearching());
    emit findChanged();
    viewport()->update();
}

int MessageView::firstMatchInSight() const
{
    const auto& matches = m_finder.matches();
    const int entry = std::max(0, entryAt(scroll()));
    return int(std::ranges::lower_bound(matches, entry, {}, &FindMatch::entry) - matches.begin());
}

void MessageView::findNext()
{
    const int total = int(m_finder.matches().size());
    if (total > 0)
        goToMatch((m_currentMatch + 1) % total);
}

void MessageView::findPrevious()
{
    const int total = int(m_finder.matches().size());
    if (total > 0)
        goToMatch((std::max(0, m_currentMatch) + total - 1) % total);
}

void MessageView::goToMatch(int match)
{
    m_currentMatch = match;
    showMatch(m_finder.matches()[std::size_t(match)]);
    m_findBar->setCount(match + 1, int(m_finder.matches().size()), m_finder.isSearching());
    emit findChanged();
    viewport()->update();
}

/// Brings a match into sight. Heights above it are estimates at first: what is laid out on the way corrects
/// them.
void MessageView::showMatch(const FindMatch& match)
{
    constexpr int kTries = 4;
    const std::vector<Block>& blocks = itemAt(match.entry).document().blocks();
    if (match.at.block >= blocks.size())
        return;
    unfold(match.entry, blocks[match.at.block].thought);
    for (int i = 0; i < kTries; ++i) {
        const MessageItem& item = itemAt(match.entry);
        const QRectF rect = item.rectOf(match.at);
        const bool placed = rect.height() > 0;
        const qreal y = top(match.entry) + (placed ? rect.top() : item.blockTop(match.at.block)) - scroll();
        const qreal margin = qreal(viewport()->height()) / 6;
        if (placed && y >= margin && y + rect.height() <= viewport()->height() - margin)
            return;
        const int before = verticalScrollBar()->value();
        m_followsEnd = false;
        verticalScrollBar()->setValue(int(scroll() + y - qreal(viewport()->height()) / 3));
        layOutVisible();
        if (placed && verticalScrollBar()->value() == before)
            return; // at an end of the chat
    }
}

std::vector<ItemMark> MessageView::marksOf(int entry) const
{
    std::vector<ItemMark> marks;
    const auto& all = m_finder.matches();
    for (const FindMatch& match : m_finder.matchesOf(entry)) {
        const bool current = m_currentMatch >= 0 && &match == &all[std::size_t(m_currentMatch)];
        marks.push_back(
            {match.at.block, {match.at.piece.piece, match.at.piece.offset, match.length, current}});
    }
    return marks;
}

} // namespace vitrine::ui
