// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sidebar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/shell/conversation_delegate.h"

namespace vitrine::ui {

Sidebar::Sidebar(ConversationList& conversations, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_conversations(conversations)
{
    setFixedWidth(kWidth);
    build();
    connect(m_new, &QToolButton::clicked, this, &Sidebar::newChatRequested);
    connect(m_list, &QListView::clicked, this, &Sidebar::choose);
    connect(m_list, &QListView::activated, this, &Sidebar::choose);
    connect(&conversations, &QAbstractItemModel::modelReset, this, &Sidebar::markCurrent);
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&conversations, signal, this, &Sidebar::markCurrent);
    connect(&theme, &Theme::changed, this, [this] {
        m_list->doItemsLayout(); // rows follow the zoom
        update();
    });
    retranslate();
}

void Sidebar::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(kSpace4, 10, kSpace2, 10);
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_new = new QToolButton;
    m_new->setIcon(m_theme.icon(QStringLiteral("plus"), IconTone::Accent));
    m_new->setIconSize({kRailIconSize, kRailIconSize});
    m_new->setFixedSize(kSmallButtonHeight, kSmallButtonHeight);
    m_new->setFocusPolicy(Qt::TabFocus);
    m_new->setProperty("command", QStringLiteral("chat.new"));
    top->addWidget(m_title);
    top->addStretch(1);
    top->addWidget(m_new);
    column->addLayout(top);

    m_list = new QListView;
    m_list->setModel(&m_conversations);
    m_list->setItemDelegate(new ConversationDelegate(m_theme, m_list));
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QListView::NoEditTriggers);
    m_list->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setProperty("surface", "window");
    column->addWidget(m_list, 1);

    m_note = new QLabel;
    m_note->setProperty("role", "small");
    m_note->setWordWrap(true);
    m_note->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->addWidget(m_note);
}

void Sidebar::retranslate()
{
    m_title->setText(tr("Chats"));
    m_new->setToolTip(tr("New chat"));
    m_new->setAccessibleName(tr("New chat"));
    m_list->setAccessibleName(tr("Chats"));
    m_note->setText(tr("Kept on this computer alone."));
}

void Sidebar::setCurrent(ConversationId id)
{
    m_current = id;
    markCurrent();
}

void Sidebar::markCurrent()
{
    const QModelIndex index = m_conversations.indexOf(m_current);
    if (index != m_list->currentIndex())
        m_list->setCurrentIndex(index);
}

void Sidebar::choose(const QModelIndex& index)
{
    if (index.data(ConversationList::KindRole).toInt() == int(ConversationList::Kind::Conversation))
        emit conversationChosen(index.data(ConversationList::IdRole).value<ConversationId>());
}

void Sidebar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void Sidebar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().window);
    painter.fillRect(width() - 1, 0, 1, height(), m_theme.tokens().border);
    painter.fillRect(0, m_note->y(), width(), 1, m_theme.tokens().border);
}

} // namespace vitrine::ui
