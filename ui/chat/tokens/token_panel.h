// SPDX-License-Identifier: GPL-3.0-or-later
// How sure the model was of each token of a reply: figures, what the tints in the chat mean, surprise along
// the reply, the least certain tokens. Shows the reply that was chosen, else the last one with something
// recorded. A reply that is being written is followed, a few times a second. Thread: UI.
#pragma once

#include <vector>

#include <QFrame>
#include <QPointer>
#include <QTimer>

#include "ui/chat/chat_session.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace vitrine::ui {

class SurpriseChart;
class Theme;
class UncertainRow;

class TokenPanel : public QFrame
{
    Q_OBJECT

public:
    static constexpr quint32 kAlternatives = 8; ///< recorded with each token

    /// Both outlive it.
    TokenPanel(ChatSession& session, const Theme& theme, QWidget* parent = nullptr);

    void setConversation(Conversation* conversation);
    /// One of the shown branch.
    void setReply(MessageId reply);
    MessageId reply() const { return m_reply; } ///< that is shown
    /// The token that the chat is at; its reply is shown from now on.
    void setCurrent(MessageId reply, int token);
    int current() const { return m_current; } ///< -1: none
    SurpriseChart& chart() const { return *m_chart; }
    void refresh();

signals:
    void tokenChosen(vitrine::ui::MessageId reply, int token);
    void closeRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeNothing();
    QWidget* makeContents();
    void addFigures(QVBoxLayout& column);
    void addChart(QVBoxLayout& column);
    void addLeastCertain(QVBoxLayout& column);
    void addHint(QVBoxLayout& column);
    const Message* choose() const;
    void refreshSoon();
    void showTokens(const Message& message);
    void showNothing(const Message* message);
    void showLeastCertain(const QList<TokenDetail>& tokens);

    ChatSession& m_session;
    const Theme& m_theme;
    QPointer<Conversation> m_conversation;
    MessageId m_chosen; // by the person; none: the last one
    MessageId m_reply;
    QTimer m_soon;
    QWidget* m_contents = nullptr;
    QWidget* m_nothing = nullptr;
    QLabel* m_why = nullptr; // nothing is shown
    QPushButton* m_regenerate = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_mean = nullptr;
    QLabel* m_perplexity = nullptr;
    SurpriseChart* m_chart = nullptr;
    std::vector<UncertainRow*> m_rows;
    int m_current = -1;
};

} // namespace vitrine::ui
