// SPDX-License-Identifier: GPL-3.0-or-later
// One conversation in memory: its turns, its title, its hue, the text typed but not sent.
// Thread: UI. Owned by the ConversationStore. Whoever shows it listens to the signals.
//
// Invariant: at most one message is open, and it is the last one.
#pragma once

#include <vector>

#include <QDateTime>
#include <QObject>
#include <QString>

#include "engine/base/ids.h"
#include "ui/chat/message.h"
#include "ui/chat/sampling_preset.h"

namespace vitrine::ui {

using ConversationId = engine::Id<struct ConversationTag, quint64>;

class Conversation : public QObject
{
    Q_OBJECT

public:
    Conversation(ConversationId id, std::size_t number, QObject* parent = nullptr);

    ConversationId id() const { return m_id; }
    std::size_t number() const { return m_number; }  ///< decides the hue: Tokens::conversation(number())
    const QString& title() const { return m_title; } ///< empty until the first message
    void setTitle(const QString& title);
    QString displayTitle() const; ///< the title, or "New chat"

    const std::vector<Message>& messages() const { return m_messages; }
    bool isEmpty() const { return m_messages.empty(); }
    const Message* openReply() const; ///< nullptr when nothing is being generated
    const QDateTime& lastActivity() const { return m_lastActivity; }
    void setLastActivity(const QDateTime& when);
    quint32 contextUsed() const { return m_contextUsed; } ///< tokens of all turns, 0 while unknown

    const QString& draft() const { return m_draft; }
    void setDraft(const QString& draft) { m_draft = draft; }
    SamplingPreset preset() const { return m_preset; }
    void setPreset(SamplingPreset preset);

    void addUserMessage(const QString& text);
    /// REQUIRES: no open reply.
    void openReply(ReplyId reply);
    // All of these go to the open reply. REQUIRES: there is one.
    void replyWaits(const ReplyWait& wait);
    void replyPaused(bool paused);
    void replyStarted(const ReplyStart& start);
    void replyPrefilled(quint32 computed);
    void appendReplyText(const QString& delta, const ReplyFigures& figures);
    void endReply(const ReplyEnd& end);

signals:
    void messageAdded(int index);
    void textAppended(int index, const QString& delta);
    void messageChanged(int index); ///< state or figures
    void progressed();              ///< the open reply's state or figures
    void changed();                 ///< title, preset, time of last activity

private:
    Message& last();

    ConversationId m_id;
    std::size_t m_number;
    QString m_title;
    QString m_draft;
    std::vector<Message> m_messages;
    QDateTime m_lastActivity;
    SamplingPreset m_preset = SamplingPreset::Balanced;
    quint32 m_contextUsed = 0;
};

/// A title of at most 48 characters out of a first message: its first words, on one line.
QString titleFromText(const QString& text);

} // namespace vitrine::ui
