// SPDX-License-Identifier: GPL-3.0-or-later
// The conversations, newest first, with a button for a new one. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/chat/conversation_list.h"
#include "ui/theme/theme.h"

class QLabel;
class QListView;
class QToolButton;

namespace vitrine::ui {

class Sidebar : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kWidth = 264;
    static constexpr int kWidthBesideTwoPanes = 232;

    Sidebar(ConversationList& conversations, const Theme& theme, QWidget* parent = nullptr);

    /// Marks the conversation that has the focus.
    void setCurrent(ConversationId id);

signals:
    void newChatRequested();
    void conversationChosen(vitrine::ui::ConversationId id);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void build();
    void retranslate();
    void markCurrent();
    void choose(const QModelIndex& index);

    const Theme& m_theme;
    ConversationList& m_conversations;
    ConversationId m_current;
    QLabel* m_title = nullptr;
    QToolButton* m_new = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace vitrine::ui
