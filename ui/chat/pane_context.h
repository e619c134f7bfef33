// SPDX-License-Identifier: GPL-3.0-or-later
// What a pane says about the model's context: the gauge, its popover, and the note above the text field when
// turns are left out or the end is near. Thread: UI.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

#include "ui/chat/chat_session.h"
#include "ui/chat/context_popover.h"
#include "ui/chat/unread_turns.h"

namespace vitrine::ui {

class ContextGauge;
class NoteRow;

class PaneContext : public QObject
{
    Q_OBJECT

public:
    /// All outlive it.
    PaneContext(ChatSession& session, const Theme& theme, ContextGauge& gauge, NoteRow& note,
                QObject* parent = nullptr);

    void setConversation(Conversation* conversation);
    /// After anything of the conversation or the model changed.
    void refresh();
    ContextUse use() const;
    /// Turns of the shown branch that the last reply did not read.
    UnreadTurns unread() const;
    ContextPopover* popover() const { return m_popover; } ///< nullptr: closed

private:
    /// What an exact count was made of.
    struct Counted
    {
        MessageId leaf;
        std::size_t turns = 0; ///< of the whole tree: one may have been removed
        ConversationSettings settings;
        QString draft;
        QList<Attachment> attachments;
        std::string model;
        quint32 limit = 0;

        bool operator==(const Counted&) const = default;
    };

    Counted wanted() const;
    quint32 told() const;
    bool isExact() const;
    quint32 usedTokens() const;
    void countSoon();
    void count();
    void take(quint64 id, const TokenCount& count);
    void open();
    void refreshNote(const ContextUse& use);
    void choose(WhenFull choice);

    ChatSession& m_session;
    const Theme& m_theme;
    ContextGauge& m_gauge;
    NoteRow& m_note;
    QPointer<Conversation> m_conversation;
    QPointer<ContextPopover> m_popover;
    QTimer m_soon;          // typing goes on: counted when it pauses
    quint64 m_counting = 0; // EngineBridge::countTokens(); 0: no count is on its way
    Counted m_asked;        // of it
    Counted m_counted;
    quint32 m_exact = 0; // tokens of m_counted; 0: none
    QString m_current;   // the note
    QString m_dismissed; // one that was read is not shown again
};

} // namespace vitrine::ui
