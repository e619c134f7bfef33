// SPDX-License-Identifier: GPL-3.0-or-later
// What the tools under a message do in one pane: versions, regenerating, going on, deleting with undo, the
// card that says where the time went. Writing anew and branching go through the composer: it is told by
// signals. Thread: UI.
#pragma once

#include <functional>

#include <QObject>
#include <QPointer>
#include <QSet>

#include "ui/chat/chat_session.h"
#include "ui/chat/message_actions.h"

class QMenu;

namespace vitrine::ui {

class MessageView;

class TurnActions : public QObject
{
    Q_OBJECT

public:
    /// Both outlive it.
    TurnActions(ChatSession& session, MessageView& view, QObject* parent = nullptr);

    void setConversation(Conversation* conversation);
    MessageActions offered(int index) const;
    void perform(int index, MessageAction action);

    /// The last reply of the shown branch, anew, `count` times side by side.
    bool regenerateLast(int count = 1);
    /// The last reply's text; empty when there is none.
    QString lastReply() const;

signals:
    void editRequested(vitrine::ui::MessageId question);
    void branchRequested(vitrine::ui::MessageId after);
    void branchesRequested();
    void tokensRequested(vitrine::ui::MessageId reply);
    /// Something was deleted; `undo` brings it back.
    void undoOffered(const QString& what, const std::function<void()>& undo);

private:
    const Message* message(int index) const;
    void showMenu(int index);
    void addRegenerate(QMenu& menu, MessageId id);
    void remove(int index);
    void explain(int index);
    void showBreakdowns();
    void onProgressed();

    ChatSession& m_session;
    MessageView& m_view;
    QPointer<Conversation> m_conversation;
    QSet<qint64> m_explained; // messages whose card is open
    bool m_wasIdle = true;    // when the actions were asked for last
    std::size_t m_turnsBefore = 0;
};

} // namespace vitrine::ui
