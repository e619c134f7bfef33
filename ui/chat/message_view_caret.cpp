// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that extends a selection by keys.
#include <algorithm>

#include <QKeyEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>

#include "ui/chat/message_view.h"

namespace vitrine::ui {

namespace {

constexpr qreal kStep = 6;       // pixels, on the way to the next line
constexpr qreal kFarthest = 900; // to it: a picture may stand between

/// The next boundary, or where the next word begins; -1: beyond the text.
int stepped(const QString& text, int offset, bool forward, bool word)
{
    QTextBoundaryFinder finder(word ? QTextBoundaryFinder::Word : QTextBoundaryFinder::Grapheme, text);
    finder.setPosition(offset);
    do {
        const qsizetype next = forward ? finder.toNextBoundary() : finder.toPreviousBoundary();
        if (next < 0)
            return word && offset != (forward ? text.size() : 0) ? (forward ? int(text.size()) : 0) : -1;
    } while (word && !(finder.boundaryReasons() & QTextBoundaryFinder::StartOfItem) &&
             finder.position() > 0 && finder.position() < text.size());
    return int(finder.position());
}

} // namespace

/// A selection that is there, or its place, changes with Shift and the keys that move a caret.
bool MessageView::answerSelectionKey(QKeyEvent* event)
{
    using Key = QKeySequence;
    if (!m_selection.hasAnchor() || count() == 0)
        return false;
    const ViewPosition at = caret();
    const auto to = [&]() -> std::optional<ViewPosition> {
        if (event->matches(Key::SelectNextChar) || event->matches(Key::SelectPreviousChar))
            return beside(at, event->matches(Key::SelectNextChar), false);
        if (event->matches(Key::SelectNextWord) || event->matches(Key::SelectPreviousWord))
            return beside(at, event->matches(Key::SelectNextWord), true);
        if (event->matches(Key::SelectNextLine) || event->matches(Key::SelectPreviousLine))
            return onNextLine(at, event->matches(Key::SelectNextLine));
        if (event->matches(Key::SelectStartOfLine) || event->matches(Key::SelectEndOfLine))
            return atLineEdge(at, event->matches(Key::SelectEndOfLine));
        if (event->matches(Key::SelectStartOfDocument))
            return ViewPosition{0, {}};
        if (event->matches(Key::SelectEndOfDocument))
            return ViewPosition{count() - 1, itemAt(count() - 1).end()};
        return std::nullopt;
    }();
    if (!to)
        return false;
    if (!event->matches(Key::SelectNextLine) && !event->matches(Key::SelectPreviousLine))
        m_caretX.reset();
    m_selection.extend(*to);
    showCaret();
    viewport()->update();
    return true;
}

/// The end of the selection that moves.
ViewPosition MessageView::caret()
{
    ViewPosition at = m_selection.cursor();
    at.entry = std::min(at.entry, count() - 1);
    const ItemPosition end = itemAt(at.entry).end();
    at.at = std::min(at.at, end);
    return at;
}

ViewPosition MessageView::beside(const ViewPosition& at, bool forward, bool word)
{
    const int offset = stepped(itemAt(at.entry).pieceText(at.at), at.at.piece.offset, forward, word);
    ViewPosition to = at;
    if (offset >= 0) {
        to.at.piece.offset = offset;
        return to;
    }
    if (const auto inside = itemAt(at.entry).pieceBeside(at.at, forward)) {
        to.at = *inside;
        return to;
    }
    const int entry = at.entry + (forward ? 1 : -1);
    if (entry < 0 || entry >= count())
        return at;
    return {entry, forward ? itemAt(entry).begin() : itemAt(entry).end()};
}

/// The first place further down (or up) that is on another line, at the x where the keys began.
ViewPosition MessageView::onNextLine(const ViewPosition& at, bool forward)
{
    showCaret();
    const QRectF from = caretRect(at);
    if (!m_caretX)
        m_caretX = from.left();
    for (qreal away = kStep; away < kFarthest; away += kStep) {
        qreal y = forward ? from.bottom() + away : from.top() - away;
        const int before = verticalScrollBar()->value();
        if (y < 0 || y > viewport()->height()) // beyond the window: nothing is laid out there
            verticalScrollBar()->setValue(int(before + (y < 0 ? y : y - viewport()->height())));
        y -= verticalScrollBar()->value() - before;
        const ViewPosition to = positionAt({*m_caretX, y});
        const qreal moved = caretRect(to).center().y() - caretRect(at).center().y();
        if (forward ? moved > kStep : moved < -kStep)
            return to;
        if (verticalScrollBar()->value() != before)
            return onNextLine(at, forward); // from where it is now
    }
    return at;
}

ViewPosition MessageView::atLineEdge(const ViewPosition& at, bool end)
{
    const auto [first, last] = itemAt(at.entry).lineOf(at.at);
    ViewPosition to = at;
    to.at.piece.offset = end ? last : first;
    return to;
}

/// On the viewport.
QRectF MessageView::caretRect(const ViewPosition& at)
{
    return itemAt(at.entry).rectOf(at.at).translated(columnLeft(), top(at.entry) - scroll());
}

void MessageView::showCaret()
{
    const ViewPosition at = caret();
    const MessageItem& item = itemAt(at.entry);
    for (int i = 0; i < 3; ++i) { // heights on the way are estimates at first
        QRectF rect = caretRect(at);
        if (rect.isEmpty())
            rect = QRectF(0, top(at.entry) + item.blockTop(at.at.block) - scroll(), 1, m_style.bodyLine);
        const qreal beyond = rect.top() < 0                         ? rect.top()
                             : rect.bottom() > viewport()->height() ? rect.bottom() - viewport()->height()
                                                                    : 0;
        if (beyond == 0)
            return;
        m_followsEnd = false;
        verticalScrollBar()->setValue(int(scroll() + beyond + (beyond < 0 ? -kStep : kStep)));
        layOutVisible();
    }
}

} // namespace vitrine::ui
