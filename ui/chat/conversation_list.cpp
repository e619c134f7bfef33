// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_list.h"

#include <algorithm>
#include <cmath>
#include <utility>

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

int kvQuarters(const engine::KvResidency& kv)
{
    if (kv.most == 0 || kv.resident == 0)
        return 0;
    if (kv.resident >= kv.most)
        return ConversationList::kKvWhole;
    const double share = double(kv.resident) / kv.most;
    return std::min(int(std::lround(ConversationList::kKvWhole * share)), ConversationList::kKvWhole - 1);
}

ConversationList::Hold::~Hold()
{
    if (--m_list.m_holds == 0 && std::exchange(m_list.m_waiting, false))
        m_list.rearrange();
}

ConversationList::HoldAdditions::~HoldAdditions()
{
    if (--m_list.m_additionHolds == 0 && m_list.m_additionsWait)
        m_list.rearrange();
}

ConversationList::ConversationList(ConversationStore& store, QObject* parent)
    : QAbstractListModel(parent), m_store(store), m_today(QDate::currentDate()), m_rows(wantedRows())
{
    connect(&store, &ConversationStore::added, this, &ConversationList::onAdded);
    connect(&store, &ConversationStore::restored, this, [this] {
        beginResetModel(); // nobody has been anywhere in it yet
        m_rows = wantedRows();
        m_places.clear();
        endResetModel();
    });
    connect(&store, &ConversationStore::removed, this, [this](ConversationId id) {
        m_shown.remove(id.value);
        rearrange();
    });
    connect(&store, &ConversationStore::changed, this, &ConversationList::onChanged);
    connect(&store, &ConversationStore::progressed, this, &ConversationList::onProgressed);
    connect(&store, &ConversationStore::residencyChanged, this, &ConversationList::onProgressed);
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
        return conversation.displayTitle();
    case Qt::ToolTipRole:
        return QStringList{conversation.displayTitle(), kvTextOf(conversation)}
            .join(QLatin1Char('\n'))
            .trimmed();
    case Qt::EditRole:
        return conversation.title();
    case Qt::AccessibleDescriptionRole:
        return kvTextOf(conversation);
    case KvRole:
        return kvQuarters(conversation.residency());
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

void ConversationList::refreshFolders()
{
    for (const Folder& folder : m_store.folders()) {
        if (const QModelIndex row = indexOf(folder.id); row.isValid())
            emit dataChanged(row, row);
    }
}

void ConversationList::onAdded()
{
    if (m_additionHolds > 0)
        m_additionsWait = true;
    else
        rearrange();
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

/// A reply brings something many times a second, the row says something new far less often.
void ConversationList::onProgressed(ConversationId id)
{
    const Conversation* conversation = m_store.find(id);
    if (conversation == nullptr)
        return;
    QString now = shownOf(*conversation);
    QString& shown = m_shown[id.value];
    if (now == shown)
        return;
    shown = std::move(now);
    refresh(id);
}

QString ConversationList::shownOf(const Conversation& conversation) const
{
    return QStringList{QString::number(int(activityOf(conversation))), detailOf(conversation),
                       kvTextOf(conversation)}
        .join(QLatin1Char('\n'));
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

/// Where its keys and values are, and what that means for who writes next.
QString ConversationList::kvTextOf(const Conversation& conversation) const
{
    if (conversation.isEmpty())
        return {};
    switch (activityOf(conversation)) {
    case Activity::Queued:
        return tr("The reply waits for its turn.");
    case Activity::Generating:
        return tr("A reply is being written.");
    case Activity::Interrupted:
    case Activity::Idle:
        break;
    }
    const engine::KvResidency& kv = conversation.residency();
    if (kv.resident == 0)
        return tr("Not in the KV cache: the whole chat is read again before the next reply.");
    return tr("%1 of %2 tokens in the KV cache: the next message is answered sooner.")
        .arg(QLocale().toString(kv.resident), QLocale().toString(kv.tokens));
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
