// SPDX-License-Identifier: GPL-3.0-or-later
// The palette's messages: the texts of all chats, searched on the store thread a moment after the last key.
// A query that is typed on is not searched any more. Thread: UI.
#pragma once

#include <QBasicTimer>
#include <QPointer>

#include "ui/chat/conversation_store.h"
#include "ui/shell/palette/palette_source.h"
#include "ui/store/chat_archive.h"

namespace vitrine::ui {

class MessageSource : public PaletteSource
{
    Q_OBJECT

public:
    static constexpr int kPause = 120; ///< ms without a further key until texts are searched
    static constexpr int kMostMessages = 40;

    using Open = std::function<void(ConversationId, MessageId, OpenWhere)>;

    /// The store outlives it.
    MessageSource(const ConversationStore& store, Open open, QObject* parent = nullptr);

    /// Where the texts are; none: nothing is found.
    void setArchive(ChatArchive* archive);
    PaletteGroup group() const override { return PaletteGroup::Messages; }
    void ask(const QString& query) override;

protected:
    void timerEvent(QTimerEvent* event) override;

private:
    void cancel();
    void onSearched(quint64 ticket, const QList<SearchHit>& hits);
    PaletteEntry entryOf(const SearchHit& hit, const Conversation& conversation) const;

    const ConversationStore& m_store;
    Open m_open;
    QPointer<ChatArchive> m_archive;
    QBasicTimer m_pause;
    QString m_query;
    quint64 m_ticket = 0; // of the search whose answer is awaited
};

} // namespace vitrine::ui
