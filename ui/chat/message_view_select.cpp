// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that selects text and copies it.
#include <algorithm>
#include <memory>

#include <QApplication>
#include <QClipboard>
#include <QFutureWatcher>
#include <QPromise>
#include <QScrollBar>
#include <QTextBoundaryFinder>
#include <QThreadPool>

#include "ui/chat/message_view.h"

namespace vitrine::ui {

namespace {

constexpr int kDragEvery = 16;               // ms
constexpr qreal kFastestDrag = 80;           // pixels at a time
constexpr qsizetype kCopiedAtOnce = 256'000; // characters; parsing more would be felt

} // namespace

/// The nearest place in text to a point of the window.
ViewPosition MessageView::positionAt(const QPointF& viewportPoint) const
{
    const qreal y = std::clamp(viewportPoint.y(), 0.0, qreal(viewport()->height()));
    const int entry = std::max(0, entryAt(y + scroll()));
    const MessageItem* item = liveItem(entry);
    if (item == nullptr)
        return {};
    return {entry, item->positionAt(toItem(entry, {viewportPoint.x(), y}))};
}

void MessageView::dragTo(const QPointF& point)
{
    m_dragPoint = point;
    m_selection.extend(positionAt(point));
    const bool beyond = point.y() < 0 || point.y() > viewport()->height();
    if (beyond && !m_dragTimer.isActive())
        m_dragTimer.start(kDragEvery, this);
    else if (!beyond)
        m_dragTimer.stop();
    viewport()->update();
}

void MessageView::scrollWhileDragging()
{
    const qreal y = m_dragPoint.y();
    const qreal beyond = y < 0 ? y : y - viewport()->height();
    const int step = int(std::clamp(beyond, -kFastestDrag, kFastestDrag));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + step);
    m_selection.extend(positionAt(m_dragPoint));
    viewport()->update();
}

void MessageView::selectWord(const ViewPosition& at)
{
    if (at.entry < 0)
        return;
    const QString text = itemAt(at.entry).pieceText(at.at);
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, text);
    finder.setPosition(at.at.piece.offset);
    const bool inWord = !finder.isAtBoundary() || finder.boundaryReasons() & QTextBoundaryFinder::StartOfItem;
    const qsizetype end = finder.toNextBoundary();
    const qsizetype start = inWord ? finder.toPreviousBoundary() : at.at.piece.offset;
    ViewPosition from = at, to = at;
    from.at.piece.offset = int(std::max<qsizetype>(0, start));
    to.at.piece.offset = int(end < 0 ? text.size() : end);
    m_selection.set(from, to);
    viewport()->update();
}

/// A paragraph, a line of code, a cell.
void MessageView::selectPiece(const ViewPosition& at)
{
    if (at.entry < 0)
        return;
    ViewPosition from = at, to = at;
    from.at.piece.offset = 0;
    to.at.piece.offset = int(itemAt(at.entry).pieceText(at.at).size());
    m_selection.set(from, to);
    viewport()->update();
}

void MessageView::selectAll()
{
    if (count() == 0)
        return;
    m_selection.set({0, {}}, {count() - 1, kItemEnd});
    viewport()->update();
}

std::vector<CopiedMessage> MessageView::selectedMessages() const
{
    std::vector<CopiedMessage> parts;
    if (m_selection.isEmpty() || m_conversation == nullptr)
        return parts;
    const int last = std::min(m_selection.to().entry, count() - 1);
    for (int i = m_selection.from().entry; i <= last; ++i) {
        const auto [from, to] = m_selection.part(i);
        CopiedMessage part;
        if (const MessageItem* item = liveItem(i)) {
            part.ready = item->text(from, to);
        } else {
            const Message& message = m_conversation->messages()[std::size_t(i)];
            part.source = message.text;
            part.role = message.role;
            part.from = from;
            part.to = to;
            part.unfolded = stateOf(i).unfolded;
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

QString MessageView::selectedText() const
{
    return copiedMessages(selectedMessages());
}

void MessageView::copySelection()
{
    std::vector<CopiedMessage> parts = selectedMessages();
    qsizetype size = 0;
    for (const CopiedMessage& part : parts)
        size += part.source.size();
    if (size <= kCopiedAtOnce) {
        const QString text = copiedMessages(parts);
        if (!text.isEmpty())
            QApplication::clipboard()->setText(text);
        return;
    }
    const auto promise = std::make_shared<QPromise<QString>>();
    auto* watcher = new QFutureWatcher<QString>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [watcher] {
        QApplication::clipboard()->setText(watcher->result());
        watcher->deleteLater();
    });
    promise->start();
    watcher->setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, parts = std::move(parts)] {
        promise->addResult(copiedMessages(parts));
        promise->finish();
    });
}

} // namespace vitrine::ui
