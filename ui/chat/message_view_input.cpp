// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that answers mouse and keyboard: selecting, copying, links and copy buttons.
#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>
#include <QToolTip>
#include <QUrl>

#include "ui/chat/message_view.h"

namespace vitrine::ui {

QPointF MessageView::toItem(int entry, const QPointF& viewportPoint) const
{
    return viewportPoint + QPointF(-columnLeft(), scroll() - m_entries[std::size_t(entry)].y);
}

MessageView::SpotRef MessageView::spotAt(const QPointF& viewportPoint) const
{
    const int entry = entryAt(viewportPoint.y() + scroll());
    if (entry < 0)
        return {};
    const QPointF point = toItem(entry, viewportPoint);
    const std::vector<ItemSpot> spots = m_entries[std::size_t(entry)].item->spots();
    for (std::size_t i = 0; i < spots.size(); ++i) {
        if (spots[i].rect.contains(point))
            return {entry, int(i)};
    }
    return {};
}

std::optional<ItemSpot> MessageView::resolve(const SpotRef& ref) const
{
    if (ref.entry < 0 || ref.entry >= int(m_entries.size()))
        return std::nullopt;
    const std::vector<ItemSpot> spots = m_entries[std::size_t(ref.entry)].item->spots();
    if (ref.spot < 0 || ref.spot >= int(spots.size()))
        return std::nullopt;
    return spots[std::size_t(ref.spot)];
}

std::vector<MessageView::SpotRef> MessageView::visibleSpots() const
{
    std::vector<SpotRef> result;
    const qreal bottom = scroll() + viewport()->height();
    for (int i = std::max(0, entryAt(scroll())); i < int(m_entries.size()); ++i) {
        const Entry& entry = m_entries[std::size_t(i)];
        const std::vector<ItemSpot> spots = entry.item->spots();
        for (std::size_t s = 0; s < spots.size(); ++s) {
            const qreal y = entry.y + spots[s].rect.center().y();
            if (y >= scroll() && y <= bottom)
                result.push_back({i, int(s)});
        }
    }
    return result;
}

void MessageView::activate(const SpotRef& ref)
{
    const std::optional<ItemSpot> spot = resolve(ref);
    if (!spot)
        return;
    if (spot->kind == ItemSpot::Kind::Link) {
        const QUrl url(spot->target, QUrl::StrictMode);
        emit linkActivated(spot->target);
        if (url.scheme() == "http" ||
            url.scheme() == "https") // never a file or a program out of a model's mouth
            QDesktopServices::openUrl(url);
        return;
    }
    QApplication::clipboard()->setText(spot->target);
    const QPointF place =
        spot->rect.center() + QPointF(columnLeft(), m_entries[std::size_t(ref.entry)].y - scroll());
    QToolTip::showText(viewport()->mapToGlobal(place.toPoint()), tr("Copied"), viewport());
}

std::pair<ItemPosition, ItemPosition> MessageView::selection() const
{
    return {std::min(m_anchor, m_cursor), std::max(m_anchor, m_cursor)};
}

QString MessageView::selectedText() const
{
    const auto [from, to] = selection();
    if (m_selected < 0 || m_selected >= int(m_entries.size()) || from == to)
        return {};
    return m_entries[std::size_t(m_selected)].item->text(from, to);
}

void MessageView::copySelection() const
{
    const QString text = selectedText();
    if (!text.isEmpty())
        QApplication::clipboard()->setText(text);
}

/// All of the message that was clicked last, or of the last one.
void MessageView::selectAll()
{
    if (m_entries.empty())
        return;
    if (m_selected < 0)
        m_selected = int(m_entries.size()) - 1;
    MessageItem& item = *m_entries[std::size_t(m_selected)].item;
    item.layOut(0, item.height() * 1e6, m_style);
    layOutVisible();
    m_anchor = {};
    m_cursor = item.end();
    viewport()->update();
}

void MessageView::beginSelection(int entry, const QPointF& point, bool extend)
{
    const ItemPosition position = m_entries[std::size_t(entry)].item->positionAt(point);
    if (!extend || entry != m_selected)
        m_anchor = position;
    m_selected = entry;
    m_cursor = position;
    m_selecting = true;
    viewport()->update();
}

void MessageView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_focusedSpot = {};
    m_pressed = spotAt(event->position());
    const int entry = entryAt(event->position().y() + scroll());
    if (m_pressed == SpotRef{} && entry >= 0)
        beginSelection(entry, toItem(entry, event->position()), event->modifiers() & Qt::ShiftModifier);
}

void MessageView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_selecting && m_selected >= 0) {
        const qreal y = event->position().y();
        if (y < 0 || y > viewport()->height()) // drag beyond the edge: scroll on
            verticalScrollBar()->setValue(verticalScrollBar()->value() +
                                          int(y < 0 ? y : y - viewport()->height()));
        m_cursor = m_entries[std::size_t(m_selected)].item->positionAt(toItem(m_selected, event->position()));
        viewport()->update();
        return;
    }
    const SpotRef hovered = spotAt(event->position());
    const int entry = entryAt(event->position().y() + scroll());
    const bool text = entry >= 0 && event->position().x() >= columnLeft() &&
                      event->position().x() <= columnLeft() + columnWidth();
    viewport()->setCursor(hovered != SpotRef{} ? Qt::PointingHandCursor
                          : text               ? Qt::IBeamCursor
                                               : Qt::ArrowCursor);
    if (hovered != m_hovered) {
        m_hovered = hovered;
        viewport()->update();
    }
}

void MessageView::mouseReleaseEvent(QMouseEvent* event)
{
    m_selecting = false;
    if (event->button() == Qt::LeftButton && m_pressed != SpotRef{} && m_pressed == spotAt(event->position()))
        activate(m_pressed);
    m_pressed = {};
}

void MessageView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int entry = entryAt(event->position().y() + scroll());
    if (entry < 0 || event->button() != Qt::LeftButton || spotAt(event->position()) != SpotRef{})
        return;
    beginSelection(entry, toItem(entry, event->position()), false);
    m_selecting = false;
    selectWord();
}

void MessageView::selectWord()
{
    const TextPiece* piece = m_entries[std::size_t(m_selected)].item->pieceAt(m_cursor);
    if (piece == nullptr)
        return;
    const QString text = piece->layout->text();
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, text);
    finder.setPosition(m_cursor.piece.offset);
    const bool inWord = !finder.isAtBoundary() || finder.boundaryReasons() & QTextBoundaryFinder::StartOfItem;
    const qsizetype end = finder.toNextBoundary();
    const qsizetype start = inWord ? finder.toPreviousBoundary() : m_cursor.piece.offset;
    m_anchor = m_cursor;
    m_anchor.piece.offset = int(std::max<qsizetype>(0, start));
    m_cursor.piece.offset = int(end < 0 ? text.size() : end);
    viewport()->update();
}

void MessageView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKeyboard = event->reason() == QContextMenuEvent::Keyboard;
    const int entry = byKeyboard ? int(m_entries.size()) - 1 : entryAt(event->y() + scroll());
    if (entry < 0 || m_conversation == nullptr)
        return;
    const QString whole = m_conversation->messages()[std::size_t(entry)].text;
    QMenu menu(this);
    QAction* copy = menu.addAction(tr("Copy"), this, &MessageView::copySelection);
    copy->setEnabled(!selectedText().isEmpty());
    menu.addAction(tr("Copy message"), this, [whole] { QApplication::clipboard()->setText(whole); });
    menu.addSeparator();
    menu.addAction(tr("Select all"), this, [this, entry] {
        m_selected = entry;
        selectAll();
    });
    menu.exec(byKeyboard ? mapToGlobal(rect().center()) : event->globalPos());
}

void MessageView::keyPressEvent(QKeyEvent* event)
{
    QScrollBar* bar = verticalScrollBar();
    if (event->matches(QKeySequence::Copy))
        copySelection();
    else if (event->matches(QKeySequence::SelectAll))
        selectAll();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) && m_focusedSpot != SpotRef{})
        activate(m_focusedSpot);
    else if (event->key() == Qt::Key_Home)
        bar->setValue(bar->minimum());
    else if (event->key() == Qt::Key_End)
        scrollToEnd();
    else
        QAbstractScrollArea::keyPressEvent(event);
}

void MessageView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    m_focusedSpot = {};
    viewport()->update();
}

void MessageView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

/// Tab walks over the links and copy buttons in sight before it leaves the messages.
bool MessageView::focusNextPrevChild(bool next)
{
    const std::vector<SpotRef> spots = visibleSpots();
    const auto current = std::ranges::find(spots, m_focusedSpot);
    const auto index = current == spots.end() ? -1 : current - spots.begin();
    const auto wanted = next ? index + 1 : (index < 0 ? -1 : index - 1);
    if (wanted < 0 || wanted >= std::ssize(spots)) {
        m_focusedSpot = {};
        return QAbstractScrollArea::focusNextPrevChild(next);
    }
    m_focusedSpot = spots[std::size_t(wanted)];
    viewport()->update();
    return true;
}

bool MessageView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave && m_hovered != SpotRef{}) {
        m_hovered = {};
        viewport()->update();
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const std::optional<ItemSpot> spot = resolve(spotAt(help->pos()));
        if (!spot)
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(),
                               spot->kind == ItemSpot::Kind::Link       ? spot->target
                               : spot->kind == ItemSpot::Kind::CopyCode ? tr("Copy this code")
                                                                        : tr("Copy this reply"),
                               viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace vitrine::ui
