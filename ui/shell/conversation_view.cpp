// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/conversation_view.h"

#include <algorithm>

#include <QContextMenuEvent>
#include <QDrag>
#include <QGuiApplication>
#include <QMimeData>
#include <QPainter>

#include "ui/shell/conversation_delegate.h"
#include "ui/shell/conversation_drag.h"

namespace vitrine::ui {
namespace {

constexpr int kWidestPicture = 240;

ConversationList::Kind kindOf(const QModelIndex& index)
{
    return index.data(ConversationList::KindRole).value<ConversationList::Kind>();
}

bool isConversation(const QModelIndex& index)
{
    return index.isValid() && kindOf(index) == ConversationList::Kind::Conversation;
}

bool isFolder(const QModelIndex& index)
{
    return index.isValid() && kindOf(index) == ConversationList::Kind::Folder;
}

FolderId folderOf(const QModelIndex& index)
{
    return index.data(ConversationList::FolderRole).value<FolderId>();
}

} // namespace

ConversationView::ConversationView(ConversationList& list, const Theme& theme, QWidget* parent)
    : QListView(parent), m_theme(theme), m_list(list), m_delegate(new ConversationDelegate(theme, this))
{
    setModel(&list);
    setItemDelegate(m_delegate);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setMouseTracking(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setProperty("surface", "window");
    setDragEnabled(true);
    setAcceptDrops(true);
    setDragDropMode(DragDrop);
    setDropIndicatorShown(false);
    connect(this, &QListView::clicked, this, [this](const QModelIndex& index) {
        if (QGuiApplication::keyboardModifiers() == Qt::NoModifier)
            act(index);
    });
}

QList<ConversationId> ConversationView::selectedConversations() const
{
    QModelIndexList rows = selectionModel()->selectedIndexes();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    QList<ConversationId> ids;
    for (const QModelIndex& row : rows) {
        if (isConversation(row))
            ids.append(row.data(ConversationList::IdRole).value<ConversationId>());
    }
    return ids;
}

FolderId ConversationView::currentFolder() const
{
    return isFolder(currentIndex()) ? folderOf(currentIndex()) : FolderId{};
}

void ConversationView::setShown(ConversationId id)
{
    m_delegate->setShown(id);
    viewport()->update();
}

/// Unlike setCurrentIndex() whatever keys are held down.
void ConversationView::selectOnly(const QModelIndex& index)
{
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
}

void ConversationView::selectNear(int row)
{
    const auto selectable = [this](int at) { return m_list.flags(m_list.index(at)) & Qt::ItemIsSelectable; };
    const int rows = m_list.rowCount();
    for (int distance = 0; distance <= rows; ++distance) {
        for (const int at : {row + distance, row - distance}) {
            if (at >= 0 && at < rows && selectable(at)) {
                selectOnly(m_list.index(at));
                return;
            }
        }
    }
}

/// What a click or Enter does.
void ConversationView::act(const QModelIndex& index)
{
    if (isConversation(index))
        emit chosen(index.data(ConversationList::IdRole).value<ConversationId>());
    else if (isFolder(index))
        emit folderToggled(folderOf(index), !index.data(ConversationList::CollapsedRole).toBool());
}

/// ← folds a folder, or goes to it from one of its chats; → unfolds it.
bool ConversationView::goSideways(bool left)
{
    const QModelIndex current = currentIndex();
    if (isFolder(current)) {
        if (current.data(ConversationList::CollapsedRole).toBool() != left)
            emit folderToggled(folderOf(current), left);
        return true;
    }
    const ChatGroup group = m_list.groupOf(current);
    if (!left || !isConversation(current) || group.place != ChatGroup::Place::Folder)
        return false;
    selectOnly(m_list.indexOf(group.folder));
    return true;
}

bool ConversationView::isFirst(const QModelIndex& index) const
{
    for (int row = 0; row < index.row(); ++row) {
        if (m_list.flags(m_list.index(row)) & Qt::ItemIsSelectable)
            return false;
    }
    return true;
}

/// Those a person may have chosen.
bool ConversationView::handleOwnKey(const QKeyEvent& key)
{
    const QKeySequence pressed = pressedKeys(key.key(), key.modifiers());
    if (m_keys.rename.contains(pressed)) {
        if (currentIndex().isValid())
            edit(currentIndex());
        return true;
    }
    if (!m_keys.remove.contains(pressed))
        return false;
    emit removalRequested();
    return true;
}

bool ConversationView::handleKey(const QKeyEvent& key)
{
    if (handleOwnKey(key))
        return true;
    const QModelIndex current = currentIndex();
    if (key.matches(QKeySequence::Undo)) {
        emit undoRequested();
        return true;
    }
    if (key.key() == Qt::Key_F10 && key.modifiers() == Qt::ShiftModifier) {
        const QPoint place = viewport()->mapToGlobal(visualRect(current).center());
        emit menuRequested(place, current);
        return true;
    }
    if (key.modifiers() & ~Qt::KeypadModifier)
        return false;
    switch (key.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        act(current);
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
        return goSideways(key.key() == Qt::Key_Left);
    case Qt::Key_Up:
        if (!isFirst(current))
            return false;
        emit leftUpwards();
        return true;
    case Qt::Key_Escape:
        if (selectionModel()->selectedIndexes().size() < 2)
            return false;
        selectOnly(current);
        return true;
    default:
        return false;
    }
}

void ConversationView::keyPressEvent(QKeyEvent* event)
{
    if (!isEditing() && handleKey(*event))
        event->accept();
    else
        QListView::keyPressEvent(event);
}

void ConversationView::focusOutEvent(QFocusEvent* event)
{
    QListView::focusOutEvent(event);
    const bool returns = event->reason() == Qt::PopupFocusReason ||
                         event->reason() == Qt::ActiveWindowFocusReason || isEditing();
    if (!returns)
        emit leftAlone();
}

void ConversationView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKey ? currentIndex() : indexAt(event->pos());
    const QPoint place = byKey && index.isValid() ? visualRect(index).center() : event->pos();
    emit menuRequested(viewport()->mapToGlobal(place), index);
    event->accept();
}

void ConversationView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QListView::selectionChanged(selected, deselected);
    emit selectionEdited();
}

void ConversationView::startDrag(Qt::DropActions)
{
    const QList<ConversationId> ids = selectedConversations();
    const FolderId folder = currentFolder();
    if (ids.isEmpty() && folder == FolderId{})
        return;
    auto* drag = new QDrag(this);
    drag->setMimeData(ids.isEmpty() ? dragOf(folder) : dragOf(ids));
    const QString text =
        ids.size() > 1 ? tr("%1 chats").arg(ids.size()) : currentIndex().data(Qt::DisplayRole).toString();
    drag->setPixmap(dragPicture(text));
    drag->setHotSpot({-kSpace3, -kSpace1});
    m_list.setPinnedAlways(!ids.isEmpty()); // somewhere to drop the first one
    drag->exec(Qt::MoveAction);
    m_list.setPinnedAlways(false);
    endAim();
}

QPixmap ConversationView::dragPicture(const QString& text) const
{
    const QFont font = m_theme.font(TextSize::Body);
    const QFontMetrics metrics(font);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, kWidestPicture);
    const QSize size(metrics.horizontalAdvance(shown) + 2 * kSpace3, m_theme.scaled(kSmallButtonHeight));
    QPixmap picture(size * devicePixelRatioF());
    picture.setDevicePixelRatio(devicePixelRatioF());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_theme.tokens().borderStrong);
    painter.setBrush(m_theme.tokens().raised);
    const QRect row(QPoint(), size);
    painter.drawRoundedRect(QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    painter.setPen(m_theme.tokens().text);
    painter.setFont(font);
    painter.drawText(QPointF(kSpace3, baselineIn(row, font)), shown);
    return picture;
}

/// The first folder whose row has its middle below `y`; none: after the last.
FolderId ConversationView::folderBelow(int y) const
{
    for (const Folder& folder : m_list.store().folders()) {
        if (visualRect(m_list.indexOf(folder.id)).center().y() > y)
            return folder.id;
    }
    return {};
}

/// The row that stands for the group of another: its folder, or the heading above it.
QModelIndex ConversationView::headOf(const QModelIndex& index) const
{
    const ChatGroup group = m_list.groupOf(index);
    if (group.place == ChatGroup::Place::Folder)
        return m_list.indexOf(group.folder);
    int row = index.isValid() ? index.row() : m_list.rowCount() - 1;
    while (row >= 0 && kindOf(m_list.index(row)) != ConversationList::Kind::Heading)
        --row;
    return m_list.index(row);
}

void ConversationView::aim(const QDropEvent& event)
{
    const QPoint at = event.position().toPoint();
    const FolderId folder = folderIn(event.mimeData());
    m_aiming = folder != FolderId{} || !conversationsIn(event.mimeData()).isEmpty();
    m_aimsBetween = folder != FolderId{};
    m_aim = m_aimsBetween ? m_list.indexOf(folderBelow(at.y())) : headOf(indexAt(at));
    viewport()->update();
}

void ConversationView::endAim()
{
    m_aiming = false;
    viewport()->update();
}

void ConversationView::dragEnterEvent(QDragEnterEvent* event)
{
    aim(*event);
    event->setAccepted(m_aiming);
    if (m_aiming)
        setState(DraggingState);
}

void ConversationView::dragMoveEvent(QDragMoveEvent* event)
{
    QListView::dragMoveEvent(event); // scrolls at the edges
    aim(*event);
    event->setDropAction(Qt::MoveAction);
    event->setAccepted(m_aiming);
}

void ConversationView::dragLeaveEvent(QDragLeaveEvent* event)
{
    QListView::dragLeaveEvent(event);
    endAim();
}

void ConversationView::dropEvent(QDropEvent* event)
{
    const QPoint at = event->position().toPoint();
    const QList<ConversationId> ids = conversationsIn(event->mimeData());
    const FolderId folder = folderIn(event->mimeData());
    const FolderId before = folderBelow(at.y());
    const ChatGroup group = m_list.groupOf(indexAt(at));
    QDragLeaveEvent leave;
    dragLeaveEvent(&leave); // ends the scrolling
    event->setDropAction(Qt::MoveAction);
    event->setAccepted(!ids.isEmpty() || folder != FolderId{});
    if (!ids.isEmpty())
        emit conversationsDropped(ids, group);
    else if (folder != FolderId{})
        emit folderDropped(folder, before);
}

void ConversationView::paintEvent(QPaintEvent* event)
{
    QListView::paintEvent(event);
    if (!m_aiming)
        return;
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().accent, 2));
    QRectF row = visualRect(m_aim);
    if (!m_aimsBetween && m_aim.isValid()) {
        if (kindOf(m_aim) == ConversationList::Kind::Heading)
            row.setTop(row.top() + kSpace2);
        painter.drawRoundedRect(row.adjusted(kSpace2 + 1, 1, -kSpace2 - 1, -1), kRadius - 1, kRadius - 1);
    } else if (m_aimsBetween) {
        const FolderId last =
            m_list.store().folders().empty() ? FolderId{} : m_list.store().folders().back().id;
        int end = m_list.indexOf(last).row();
        while (end + 1 < m_list.rowCount() &&
               m_list.groupOf(m_list.index(end + 1)) == ChatGroup{ChatGroup::Place::Folder, last})
            ++end;
        const qreal y = m_aim.isValid() ? row.top() : visualRect(m_list.index(end)).bottom() + 1;
        painter.drawLine(QPointF(kSpace2, y), QPointF(viewport()->width() - kSpace2, y));
    }
}

} // namespace vitrine::ui
