// SPDX-License-Identifier: GPL-3.0-or-later
// Decides when the end of a reply is worth a note on the desktop: it took long, nobody looks at the window,
// and nobody stopped it. Thread: UI. Times in seconds.
#pragma once

#include <functional>

#include <QHash>
#include <QObject>

#include "ui/chat/conversation_store.h"

namespace vitrine::ui {

struct LongReplyNote
{
    ConversationId conversation;
    QString title;
    QString text;
};

class LongReplyNotifier : public QObject
{
    Q_OBJECT

public:
    static constexpr double kLong = 10;

    struct Surroundings
    {
        std::function<double()> now;     ///< steady
        std::function<bool()> isWatched; ///< the window has the focus
        std::function<bool()> isWanted;  ///< the setting
        std::function<void(const LongReplyNote&)> send;
    };

    /// The store outlives it.
    LongReplyNotifier(const ConversationStore& store, Surroundings surroundings, QObject* parent = nullptr);

    /// The first mention of a reply counts as its beginning.
    void seen(ReplyId reply);
    void ended(ReplyId reply, const ReplyEnd& end);

private:
    LongReplyNote noteOf(const Conversation& conversation, const ReplyEnd& end, double seconds) const;

    const ConversationStore& m_store;
    Surroundings m_surroundings;
    QHash<quint64, double> m_began; // of running replies
};

} // namespace vitrine::ui
