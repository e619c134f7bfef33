// SPDX-License-Identifier: GPL-3.0-or-later
// How sure the model was of each token of a reply: figures, the text tinted, surprise along the reply, the
// least certain tokens; of one token what else could have come, and a branch from there. Shows the reply that
// was chosen, else the last one with something recorded. A reply that is being written is followed, a few
// times a second. Thread: UI.
#pragma once

#include <vector>

#include <QFrame>
#include <QPointer>
#include <QTimer>

#include "ui/chat/chat_session.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace vitrine::ui {

class BranchCost;
class SurpriseChart;
class Theme;
class TokenPopover;
class TokenText;
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
    TokenText& text() const { return *m_text; }
    TokenPopover& popover() const { return *m_popover; }
    void refresh();

signals:
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
    const Message* choose() const;
    void refreshSoon();
    void showTokens(const Message& message);
    void showNothing(const Message* message);
    void showLeastCertain(const QList<TokenDetail>& tokens);
    void goTo(int token);
    void fillPopover(int token);
    void openPopover(int token);
    void branch(const TokenAlternative& instead);
    QString reasonNotToBranch(const Message& message) const;

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
    QScrollArea* m_area = nullptr;
    TokenText* m_text = nullptr;
    SurpriseChart* m_chart = nullptr;
    std::vector<UncertainRow*> m_rows;
    TokenPopover* m_popover = nullptr;
    BranchCost* m_cost = nullptr;
};

} // namespace vitrine::ui
