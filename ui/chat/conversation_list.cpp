// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_list.h"

#include <algorithm>
#include <cmath>

#include <QLocale>

namespace vitrine::ui {

namespace {

using Activity = ConversationList::Activity;

Activity activityOf(const Conversation& conversation)
{
    const Message* reply = conversation.openReply();
    if (reply != nullptr)
        return reply->state == MessageState::Queued ? Activity::Queued : Activity::Generating;
    if (conversation.isGenerating())
        return Activity::Generating; // on a branch that is not shown
    const MessagePath path = conversation.messages();
    const bool interrupted = !path.empty() && path.back().state == MessageState::Interrupted;
    return interrupted ? Activity::Interrupted : Activity::Idle;
}

} // namespace

ConversationList::Hold::~Hold()
{
    if (--m_list.m_holds == 0 && std::exchange(m_list.m_waiting, false))
        m_list.rearrange();
}

ConversationList::ConversationList(ConversationStore& store, QObject* parent)
    : QAbstractListModel(parent), m_store(store), m_today(QDate::currentDate()), m_rows(wantedRows())
{
    connect(&store, &ConversationStore::added, this, &ConversationList::rearrange);
    connect(&store, &ConversationStore::restored, this, [this] {
        beginResetModel(); // nobody has been anywhere in it yet
        m_rows = wantedRows();
        m_places.clear();
        endResetModel();
    });
    connect(&store, &ConversationStore::removed, this, &ConversationList::rearrange);
    connect(&store, &ConversationStore::changed, this, &ConversationList::onChanged);
    connect(&store, &ConversationStore::progressed, this, &ConversationList::refresh);
    connect(&store, &ConversationStore::foldersChanged, this, [this] {
        rearrange();
        refreshFolders();
    });
}

int ConversationList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant ConversationList::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[std::size_t(index.row())];
    if (role == KindRole)
        return QVariant::fromValue(row.kind);
    if (row.kind == Kind::Heading)
        return role == Qt::DisplayRole ? QVariant(row.heading) : QVariant();
    if (row.kind == Kind::Folder) {
        const Folder* folder = m_store.find(FolderId{row.id});
        return folder != nullptr ? folderData(*folder, role) : QVariant();
    }
    const Conversation* conversation = m_store.find(ConversationId{row.id});
    return conversation != nullptr ? conversationData(*conversation, role) : QVariant();
}

QVariant ConversationList::folderData(const Folder& folder, int role) const
{
    const int count = m_counts.value(folder.id.value);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
    case Qt::ToolTipRole:
        return folder.name;
    case Qt::AccessibleTextRole:
        return folder.collapsed ? tr("Folder %1, folded, chats: %2").arg(folder.name).arg(count)
                                : tr("Folder %1, unfolded, chats: %2").arg(folder.name).arg(count);
    case FolderRole:
        return QVariant::fromValue(folder.id);
    case CountRole:
        return count;
    case CollapsedRole:
        return folder.collapsed;
    default:
        return {};
    }
}

QVariant ConversationList::conversationData(const Conversation& conversation, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return conversation.displayTitle();
    case Qt::EditRole:
        return conversation.title();
    case Qt::AccessibleTextRole:
        return accessibleTextOf(conversation);
    case IdRole:
        return QVariant::fromValue(conversation.id());
    case NumberRole:
        return QVariant::fromValue(qulonglong(conversation.number()));
    case ActivityRole:
        return QVariant::fromValue(activityOf(conversation));
    case DetailRole:
        return detailOf(conversation);
    default:
        return {};
    }
}

bool ConversationList::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const QString name = value.toString().left(kLongestName).simplified();
    if (role != Qt::EditRole || name.isEmpty() || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const Row row = m_rows[std::size_t(index.row())];
    if (row.kind == Kind::Folder) {
        const Folder* folder = m_store.find(FolderId{row.id});
        if (folder == nullptr)
            return false;
        Folder renamed = *folder;
        renamed.name = name;
        m_store.setFolder(renamed);
        return true;
    }
    Conversation* conversation = m_store.find(ConversationId{row.id});
    if (conversation == nullptr)
        return false;
    conversation->setTitle(name);
    return true;
}

Qt::ItemFlags ConversationList::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    if (m_rows[std::size_t(index.row())].kind == Kind::Heading)
        return Qt::ItemNeverHasChildren;
    return Qt::ItemNeverHasChildren | Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable |
           Qt::ItemIsDragEnabled;
}

QModelIndex ConversationList::place(qint64 id) const
{
    if (m_places.isEmpty()) {
        for (int i = 0; i < int(m_rows.size()); ++i) {
            if (m_rows[std::size_t(i)].kind != Kind::Heading)
                m_places.insert(m_rows[std::size_t(i)].id, i);
        }
    }
    const auto found = m_places.constFind(id);
    return found == m_places.constEnd() ? QModelIndex() : index(*found);
}

QModelIndex ConversationList::indexOf(ConversationId id) const
{
    return place(id.value);
}

QModelIndex ConversationList::indexOf(FolderId id) const
{
    return place(id.value);
}

ChatGroup ConversationList::groupOf(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows[std::size_t(index.row())];
    if (row.kind == Kind::Folder)
        return {ChatGroup::Place::Folder, FolderId{row.id}};
    if (row.kind == Kind::Heading)
        return {row.id != 0 ? ChatGroup::Place::Pinned : ChatGroup::Place::Dates, {}};
    const Conversation* conversation = m_store.find(ConversationId{row.id});
    if (conversation == nullptr)
        return {};
    if (conversation->isPinned())
        return {ChatGroup::Place::Pinned, {}};
    if (m_store.find(conversation->folder()) != nullptr)
        return {ChatGroup::Place::Folder, conversation->folder()};
    return {};
}

void ConversationList::setPinnedAlways(bool always)
{
    m_pinnedAlways = always;
    rearrange();
}

void ConversationList::setToday(const QDate& today)
{
    m_today = today;
    rearrange();
}

/// Also counts what is in the folders.
std::vector<ConversationList::Row> ConversationList::wantedRows()
{
    const auto rowOf = [](const Conversation* each) { return Row{Kind::Conversation, each->id().value, {}}; };
    std::vector<Row> rows, dated;
    QHash<qint64, std::vector<Row>> folders;
    for (const Folder& folder : m_store.folders())
        folders.insert(folder.id.value, {});
    QString heading;
    QDate date;
    for (const Conversation* each : m_store.byRecency()) {
        const auto folder = folders.find(each->folder().value);
        if (each->isPinned()) {
            rows.push_back(rowOf(each));
            continue;
        }
        if (folder != folders.end()) {
            folder->push_back(rowOf(each));
            continue;
        }
        const QDate day = each->lastActivity().date();
        if (day != date) {
            const QString own = headingOf(day);
            if (own != heading)
                dated.push_back({Kind::Heading, 0, own});
            heading = own;
            date = day;
        }
        dated.push_back(rowOf(each));
    }
    if (!rows.empty() || m_pinnedAlways)
        rows.insert(rows.begin(), {Kind::Heading, 1, tr("Pinned")});
    m_counts.clear();
    for (const Folder& folder : m_store.folders()) {
        const std::vector<Row>& inside = folders[folder.id.value];
        m_counts.insert(folder.id.value, int(inside.size()));
        rows.push_back({Kind::Folder, folder.id.value, {}});
        if (!folder.collapsed)
            rows.insert(rows.end(), inside.begin(), inside.end());
    }
    rows.insert(rows.end(), dated.begin(), dated.end());
    return rows;
}

/// Turns the rows into the wanted ones by removing, moving and inserting.
void ConversationList::rearrange()
{
    m_waiting = m_holds > 0;
    if (m_waiting)
        return;
    const QHash<qint64, int> counts = m_counts;
    const std::vector<Row> wanted = wantedRows();
    if (wanted != m_rows) {
        m_places.clear();
        removeAllBut(RowSet(wanted.begin(), wanted.end()));
        reorder(wanted);
        insertMissing(wanted);
        m_places.clear();
    }
    if (counts != m_counts)
        refreshFolders();
}

void ConversationList::removeAllBut(const RowSet& wanted)
{
    for (int end = int(m_rows.size()); end > 0;) {
        int begin = end;
        while (begin > 0 && !wanted.contains(m_rows[std::size_t(begin - 1)]))
            --begin;
        if (begin < end) {
            beginRemoveRows({}, begin, end - 1);
            m_rows.erase(m_rows.begin() + begin, m_rows.begin() + end);
            m_places.clear();
            endRemoveRows();
        }
        end = begin - 1;
    }
}

/// REQUIRES: every row is among the wanted ones.
void ConversationList::reorder(const std::vector<Row>& wanted)
{
    const RowSet known(m_rows.begin(), m_rows.end());
    std::vector<Row> order;
    std::ranges::copy_if(wanted, std::back_inserter(order),
                         [&known](const Row& row) { return known.contains(row); });
    const auto [first, wantedFirst] = std::ranges::mismatch(m_rows, order);
    if (first == m_rows.end())
        return;
    const auto [last, wantedLast] = std::mismatch(m_rows.rbegin(), m_rows.rend(), order.rbegin());
    const auto end = last.base(), wantedEnd = wantedLast.base(); // one after the last difference
    const int from = int(first - m_rows.begin()), to = int(end - m_rows.begin()) - 1;
    if (std::equal(first, end - 1, wantedFirst + 1, wantedEnd))
        moveRow(to, from);
    else if (std::equal(first + 1, end, wantedFirst, wantedEnd - 1))
        moveRow(from, to);
    else
        adopt(order);
}

void ConversationList::moveRow(int from, int to)
{
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    const auto begin = m_rows.begin();
    if (to > from)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
        std::rotate(begin + to, begin + from, begin + from + 1);
    m_places.clear();
    endMoveRows();
}

/// Many rows at once change their order.
void ConversationList::adopt(const std::vector<Row>& order)
{
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    std::unordered_map<Row, int, RowHash> places;
    for (int i = 0; i < int(order.size()); ++i)
        places.emplace(order[std::size_t(i)], i);
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    for (const QModelIndex& each : before)
        after.append(index(places.at(m_rows[std::size_t(each.row())])));
    m_rows = order;
    m_places.clear();
    changePersistentIndexList(before, after);
    emit layoutChanged({}, VerticalSortHint);
}

/// REQUIRES: the rows stand in the wanted order.
void ConversationList::insertMissing(const std::vector<Row>& wanted)
{
    const RowSet known(m_rows.begin(), m_rows.end());
    for (std::size_t begin = 0; begin < wanted.size();) {
        std::size_t end = begin;
        while (end < wanted.size() && !known.contains(wanted[end]))
            ++end;
        if (end > begin) {
            beginInsertRows({}, int(begin), int(end) - 1);
            m_rows.insert(m_rows.begin() + std::ptrdiff_t(begin), wanted.begin() + std::ptrdiff_t(begin),
                          wanted.begin() + std::ptrdiff_t(end));
            m_places.clear();
            endInsertRows();
        }
        begin = end + 1;
    }
}

void ConversationList::refreshFolders()
{
    for (const Folder& folder : m_store.folders()) {
        if (const QModelIndex row = indexOf(folder.id); row.isValid())
            emit dataChanged(row, row);
    }
}

void ConversationList::onChanged(ConversationId id)
{
    if (m_today != QDate::currentDate() && m_today == QDate::currentDate().addDays(-1))
        m_today = QDate::currentDate();
    rearrange();
    refresh(id);
}

void ConversationList::refresh(ConversationId id)
{
    if (m_holds > 0)
        return;
    const QModelIndex changed = indexOf(id);
    if (changed.isValid())
        emit dataChanged(changed, changed);
}

QString ConversationList::headingOf(const QDate& date) const
{
    const qint64 days = date.daysTo(m_today);
    if (days <= 0)
        return tr("Today");
    if (days == 1)
        return tr("Yesterday");
    if (days <= 7)
        return tr("Previous 7 days");
    const QString month = QLocale().standaloneMonthName(date.month());
    //: Month and year as a heading, e.g. "October 2025"
    return date.year() == m_today.year() ? month : tr("%1 %2").arg(month).arg(date.year());
}

QString ConversationList::detailOf(const Conversation& conversation) const
{
    if (const Message* reply = conversation.openReply()) {
        if (reply->state == MessageState::Queued && reply->wait.seconds > 0)
            //: How long until a waiting reply begins
            return tr("in %1 s").arg(qint64(std::ceil(reply->wait.seconds)));
        if (reply->state == MessageState::Queued)
            return tr("queued");
        if (reply->state == MessageState::Reading)
            return tr("reading");
        return tr("%1 tok/s").arg(QLocale().toString(reply->figures.tokensPerSecond, 'f', 0));
    }
    if (conversation.isEmpty())
        return {};
    const QDateTime when = conversation.lastActivity();
    const qint64 days = when.date().daysTo(m_today);
    if (days <= 1)
        return QLocale().toString(when.time(), "HH:mm");
    if (days <= 7)
        return QLocale().standaloneDayName(when.date().dayOfWeek(), QLocale::ShortFormat);
    //: Day and month, as QLocale::toString() takes it
    return QLocale().toString(when.date(), tr("d MMM"));
}

/// Title, state, time.
QString ConversationList::accessibleTextOf(const Conversation& conversation) const
{
    QStringList parts{conversation.displayTitle()};
    switch (activityOf(conversation)) {
    case Activity::Queued:
        parts << tr("queued");
        break;
    case Activity::Generating:
        parts << tr("writing");
        break;
    case Activity::Interrupted:
        parts << tr("interrupted");
        break;
    case Activity::Idle:
        break;
    }
    if (conversation.isPinned())
        parts << tr("pinned");
    if (const QString detail = detailOf(conversation); !detail.isEmpty() && !parts.contains(detail))
        parts << detail;
    return parts.join(QStringLiteral(", "));
}

} // namespace vitrine::ui
