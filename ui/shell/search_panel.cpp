// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/search_panel.h"

#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QVBoxLayout>

#include "ui/shell/search_delegate.h"
#include "ui/theme/padded_label.h"

namespace vitrine::ui {

SearchPanel::SearchPanel(SearchResults& results, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_results(results), m_list(new QListView),
      m_note(new PaddedLabel({kSpace4, kSpace3, kSpace4, kSpace3}))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_list->setModel(&results);
    m_list->setItemDelegate(new SearchDelegate(theme, m_list));
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QListView::NoEditTriggers);
    m_list->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTabKeyNavigation(false);
    m_list->setProperty("surface", "window");
    m_list->installEventFilter(this);
    m_note->setProperty("role", "secondary");
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    column->addWidget(m_list, 1);
    connect(m_list, &QListView::clicked, this, &SearchPanel::open);
    connect(&results, &SearchResults::updated, this, &SearchPanel::refresh);
    refresh();
}

void SearchPanel::refresh()
{
    const bool nothing = !m_results.firstResult().isValid();
    m_note->setVisible(nothing);
    m_note->setText(m_results.isSearching() ? tr("Searching…")
                                            : tr("Nothing found for “%1”.").arg(m_results.query()));
    m_list->setAccessibleName(tr("Search results"));
    if (!nothing)
        m_list->setCurrentIndex(m_results.firstResult());
}

void SearchPanel::openCurrent()
{
    open(m_list->currentIndex().isValid() ? m_list->currentIndex() : m_results.firstResult());
}

bool SearchPanel::enter()
{
    if (!m_results.firstResult().isValid())
        return false;
    m_list->setFocus(Qt::TabFocusReason);
    if (!m_list->currentIndex().isValid())
        m_list->setCurrentIndex(m_results.firstResult());
    return true;
}

void SearchPanel::open(const QModelIndex& index)
{
    if (!index.isValid() || !(m_results.flags(index) & Qt::ItemIsEnabled))
        return;
    const auto conversation = index.data(SearchResults::ConversationRole).value<ConversationId>();
    const auto message = index.data(SearchResults::MessageRole).value<MessageId>();
    if (message == MessageId{})
        emit conversationChosen(conversation);
    else
        emit messageChosen(conversation, message);
}

bool SearchPanel::handleKey(int key)
{
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        open(m_list->currentIndex());
        return true;
    case Qt::Key_Escape:
        emit closed();
        return true;
    case Qt::Key_Up:
        if (m_list->currentIndex().isValid() && m_list->currentIndex() != m_results.firstResult())
            return false;
        emit leftUpwards();
        return true;
    default:
        return false;
    }
}

bool SearchPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress && handleKey(static_cast<QKeyEvent*>(event)->key()))
        return true;
    return QWidget::eventFilter(watched, event);
}

void SearchPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
