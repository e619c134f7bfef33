// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/message_source.h"

#include <QTimerEvent>

#include "ui/chat/search_results.h"

namespace vitrine::ui {

MessageSource::MessageSource(const ConversationStore& store, Open open, QObject* parent)
    : PaletteSource(parent), m_store(store), m_open(std::move(open))
{}

void MessageSource::setArchive(ChatArchive* archive)
{
    cancel();
    m_archive = archive;
    connect(archive, &ChatArchive::searched, this, &MessageSource::onSearched);
}

void MessageSource::ask(const QString& query)
{
    cancel();
    m_query = query;
    if (query.isEmpty() || m_archive == nullptr)
        emit answered(query, {});
    else
        m_pause.start(kPause, this);
}

void MessageSource::cancel()
{
    m_pause.stop();
    if (m_ticket != 0 && m_archive != nullptr)
        m_archive->cancelSearch(m_ticket);
    m_ticket = 0;
}

void MessageSource::timerEvent(QTimerEvent* event)
{
    if (event->timerId() != m_pause.timerId()) {
        PaletteSource::timerEvent(event);
        return;
    }
    m_pause.stop();
    if (m_archive != nullptr)
        m_ticket = m_archive->search(m_query, kMostMessages);
}

void MessageSource::onSearched(quint64 ticket, const QList<SearchHit>& hits)
{
    if (ticket != m_ticket || ticket == 0)
        return;
    m_ticket = 0;
    QList<PaletteEntry> entries;
    for (const SearchHit& hit : hits) {
        if (const Conversation* conversation = m_store.find(ConversationId{hit.conversation}))
            entries << entryOf(hit, *conversation);
    }
    emit answered(m_query, entries);
}

PaletteEntry MessageSource::entryOf(const SearchHit& hit, const Conversation& conversation) const
{
    PaletteEntry entry{conversation.displayTitle(), hit.snippet};
    entry.detailMatters = true;
    entry.hue = conversation.number();
    QList<MatchRange> ranges = matchesOf(m_query, hit.snippet);
    if (ranges.isEmpty())
        ranges.append({hit.matchStart, hit.matchLength});
    for (const MatchRange& range : ranges) {
        for (int i = 0; i < range.length; ++i)
            entry.detailMatches << range.start + i;
    }
    entry.open = [this, id = conversation.id(), message = MessageId{hit.message}](OpenWhere where) {
        m_open(id, message, where);
    };
    return entry;
}

} // namespace vitrine::ui
