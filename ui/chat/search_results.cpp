// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/search_results.h"

#include <algorithm>

#include <QTimerEvent>

#include "ui/chat/conversation_list.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kMostWords = 16;

} // namespace

QList<MatchRange> matchesOf(const QString& query, const QString& text)
{
    QList<MatchRange> found;
    for (const QString& word : query.simplified().split(' ', Qt::SkipEmptyParts).mid(0, kMostWords)) {
        qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive);
        if (at < 0)
            return {};
        for (; at >= 0; at = text.indexOf(word, at + word.size(), Qt::CaseInsensitive))
            found.append({int(at), int(word.size())});
    }
    std::ranges::sort(found, {}, &MatchRange::start);
    QList<MatchRange> apart;
    for (const MatchRange& each : found) {
        if (apart.isEmpty() || each.start >= apart.last().start + apart.last().length)
            apart.append(each);
    }
    return apart;
}

SearchResults::SearchResults(ConversationStore& store, QObject* parent)
    : QAbstractListModel(parent), m_store(store)
{
    connect(&store, &ConversationStore::removed, this, &SearchResults::drop);
}

void SearchResults::setArchive(ChatArchive* archive)
{
    if (m_archive != nullptr)
        m_archive->disconnect(this);
    m_archive = archive;
    m_ticket = 0;
    if (archive != nullptr)
        connect(archive, &ChatArchive::searched, this, &SearchResults::onSearched);
}

void SearchResults::setQuery(const QString& query)
{
    const QString simple = query.simplified();
    if (simple == m_query)
        return;
    m_query = simple;
    if (m_ticket != 0 && m_archive != nullptr)
        m_archive->cancelSearch(m_ticket);
    m_ticket = 0;
    m_pause.stop();
    if (m_query.isEmpty())
        m_messages.clear();
    else if (m_archive != nullptr)
        m_pause.start(kPause, this);
    findTitles();
    rebuild();
}

void SearchResults::findTitles()
{
    m_titles.clear();
    if (m_query.isEmpty())
        return;
    for (const Conversation* each : m_store.byRecency()) {
        QList<MatchRange> matches = matchesOf(m_query, each->title());
        if (!matches.isEmpty())
            m_titles.push_back({Kind::Title, each->id(), {}, {}, std::move(matches)});
        if (m_titles.size() >= kMostTitles)
            break;
    }
}

void SearchResults::searchTexts()
{
    m_pause.stop();
    if (m_archive != nullptr)
        m_ticket = m_archive->search(m_query, kMostMessages);
}

void SearchResults::onSearched(quint64 ticket, const QList<SearchHit>& hits)
{
    if (ticket != m_ticket || ticket == 0)
        return;
    m_ticket = 0;
    m_messages.clear();
    for (const SearchHit& hit : hits) {
        if (m_store.find(ConversationId{hit.conversation}) == nullptr)
            continue;
        Row row{Kind::Message, ConversationId{hit.conversation}, MessageId{hit.message}, hit.snippet, {}};
        row.matches = matchesOf(m_query, hit.snippet);
        if (row.matches.isEmpty() && hit.matchLength > 0)
            row.matches.append({hit.matchStart, hit.matchLength});
        m_messages.push_back(std::move(row));
    }
    rebuild();
}

void SearchResults::drop(ConversationId id)
{
    const auto ofIt = [id](const Row& row) { return row.conversation == id; };
    if (std::erase_if(m_titles, ofIt) + std::erase_if(m_messages, ofIt) > 0)
        rebuild();
}

void SearchResults::rebuild()
{
    beginResetModel();
    m_rows.clear();
    if (!m_titles.empty())
        m_rows.push_back({Kind::Heading, {}, {}, tr("Chats"), {}});
    m_rows.insert(m_rows.end(), m_titles.begin(), m_titles.end());
    if (!m_messages.empty())
        m_rows.push_back({Kind::Heading, {}, {}, tr("Messages"), {}});
    m_rows.insert(m_rows.end(), m_messages.begin(), m_messages.end());
    endResetModel();
    emit updated();
}

QModelIndex SearchResults::firstResult() const
{
    return m_rows.empty() ? QModelIndex() : index(1); // a heading stands first
}

int SearchResults::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant SearchResults::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[std::size_t(index.row())];
    if (role == KindRole)
        return QVariant::fromValue(row.kind);
    if (row.kind == Kind::Heading)
        return role == Qt::DisplayRole ? QVariant(row.text) : QVariant();
    const Conversation* conversation = m_store.find(row.conversation);
    return conversation != nullptr ? resultData(row, *conversation, role) : QVariant();
}

QVariant SearchResults::resultData(const Row& row, const Conversation& conversation, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return conversation.displayTitle();
    case Qt::AccessibleTextRole:
        return row.text.isEmpty() ? conversation.displayTitle()
                                  : tr("%1: %2").arg(conversation.displayTitle(), row.text);
    case ConversationRole:
        return QVariant::fromValue(row.conversation);
    case MessageRole:
        return QVariant::fromValue(row.message);
    case NumberRole:
        return QVariant::fromValue(qulonglong(conversation.number()));
    case KvRole:
        return kvQuarters(conversation.residency());
    case SnippetRole:
        return row.text;
    case MatchesRole:
        return QVariant::fromValue(row.matches);
    default:
        return {};
    }
}

Qt::ItemFlags SearchResults::flags(const QModelIndex& index) const
{
    if (!index.isValid() || m_rows[std::size_t(index.row())].kind == Kind::Heading)
        return Qt::ItemNeverHasChildren;
    return Qt::ItemNeverHasChildren | Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

void SearchResults::timerEvent(QTimerEvent* event)
{
    if (event->timerId() == m_pause.timerId())
        searchTexts();
    else
        QAbstractListModel::timerEvent(event);
}

} // namespace vitrine::ui
