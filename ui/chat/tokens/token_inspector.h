// SPDX-License-Identifier: GPL-3.0-or-later
// What else could have come in a token's place, shown where the token stands in the chat: the pointer over a
// token opens a popover, a click or the keys keep it open, an alternative in it begins a branch. Goes between
// a pane's messages, its panel of token probabilities and the popover. Thread: UI.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

#include "ui/chat/chat_session.h"
#include "ui/chat/message_view.h"

namespace vitrine::ui {

class BranchCost;
class Theme;
class TokenPanel;
class TokenPopover;

class TokenInspector : public QObject
{
    Q_OBJECT

public:
    /// All outlive it.
    TokenInspector(ChatSession& session, MessageView& view, TokenPanel& panel, const Theme& theme,
                   QObject* parent = nullptr);
    ~TokenInspector() override;

    void setConversation(Conversation* conversation);
    void setActive(bool active);
    TokenPopover& popover() const;
    /// A click or a key keeps it open.
    bool isPinned() const { return m_pinned; }
    void close();

private:
    const Message* message() const;
    TokenRef place() const;
    void onHovered(const TokenRef& ref);
    void onMoved();
    void settle();
    void pin(const TokenRef& ref);
    void goTo(MessageId reply, int token);
    void step(int by);
    void branch(const TokenAlternative& instead);
    bool open(const TokenRef& ref);
    bool putBeside(const TokenRef& ref);
    void fill(const Message& message, int token);
    QString reasonNotToBranch(const Message& message) const;
    bool eventFilter(QObject* watched, QEvent* event) override;

    ChatSession& m_session;
    MessageView& m_view;
    TokenPanel& m_panel;
    QPointer<Conversation> m_conversation;
    QPointer<TokenPopover> m_popover; // a child of the window while it is open
    BranchCost* m_cost = nullptr;
    QTimer m_soon; // the pointer may only be passing
    TokenRef m_hovered;
    MessageId m_reply; // that is explained
    int m_token = -1;
    bool m_pinned = false;
};

} // namespace vitrine::ui
