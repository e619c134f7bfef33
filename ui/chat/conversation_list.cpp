// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_list.h"

#include <algorithm>

#include <QLocale>

namespace vitrine::ui {

namespace {

ConversationList::Activity activityOf(const Conversation& conversation)
{
    const Message* reply = conversation.openReply();
    if (reply == nullptr)
        return ConversationList::Activity::Idle;
    return reply->state == MessageState::Queued ? ConversationList::Activity::Queued
                                                : ConversationList::Activity::Generating;
}

} // namespace

ConversationList::ConversationList(ConversationStore& store, QObject* parent)
    : QAbstractListModel(parent), m_store(store), m_today(QDate::currentDate()), m_rows(wantedRows())
{
    connect(&store, &ConversationStore::added, this, &ConversationList::rearrange);
    connect(&store, &ConversationStore::restored, this, [this] {
        beginResetModel(); // thousands, one by one, would cost their square
        m_rows = wantedRows();
        endResetModel();
    });
    connect(&store, &ConversationStore::removed, this, &ConversationList::rearrange);
    connect(&store, &ConversationStore::changed, this, &ConversationList::onChanged);
    connect(&store, &ConversationStore::progressed, this, &ConversationList::refresh);
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
    const Conversation* conversation = m_store.find(row.id);
    if (role == KindRole)
        return QVariant::fromValue(conversation == nullptr ? Kind::Heading : Kind::Conversation);
    if (conversation == nullptr)
        return role == Qt::DisplayRole ? QVariant(row.heading) : QVariant();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return conversation->displayTitle();
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(conversation->displayTitle(), detailOf(*conversation));
    case IdRole:
        return QVariant::fromValue(row.id);
    case NumberRole:
        return QVariant::fromValue(qulonglong(conversation->number()));
    case ActivityRole:
        return QVariant::fromValue(activityOf(*conversation));
    case DetailRole:
        return detailOf(*conversation);
    default:
        return {};
    }
}

Qt::ItemFlags ConversationList::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const bool heading = m_rows[std::size_t(index.row())].id == ConversationId{};
    return Qt::ItemNeverHasChildren | (heading ? Qt::NoItemFlags : Qt::ItemIsEnabled | Qt::ItemIsSelectable);
}

QModelIndex ConversationList::indexOf(ConversationId id) const
{
    const auto found = std::ranges::find(m_rows, id, &Row::id);
    if (id == ConversationId{} || found == m_rows.end())
        return {};
    return index(int(found - m_rows.begin()));
}

void ConversationList::setToday(const QDate& today)
{
    m_today = today;
    rearrange();
}

std::vector<ConversationList::Row> ConversationList::wantedRows() const
{
    std::vector<Row> rows;
    QString heading;
    for (const Conversation* conversation : m_store.byRecency()) {
        const QString own = headingOf(*conversation);
        if (own != heading)
            rows.push_back({own, {}});
        heading = own;
        rows.push_back({{}, conversation->id()});
    }
    return rows;
}

/// Turns the rows into the wanted ones by removing, moving and inserting single rows.
void ConversationList::rearrange()
{
    const std::vector<Row> wanted = wantedRows();
    for (int i = int(m_rows.size()) - 1; i >= 0; --i) {
        if (std::ranges::find(wanted, m_rows[std::size_t(i)]) != wanted.end())
            continue;
        beginRemoveRows({}, i, i);
        m_rows.erase(m_rows.begin() + i);
        endRemoveRows();
    }
    for (int i = 0; i < int(wanted.size()); ++i) {
        const Row& row = wanted[std::size_t(i)];
        const auto found = std::find(m_rows.begin() + i, m_rows.end(), row);
        if (found == m_rows.end()) {
            beginInsertRows({}, i, i);
            m_rows.insert(m_rows.begin() + i, row);
            endInsertRows();
        } else if (found != m_rows.begin() + i) {
            beginMoveRows({}, int(found - m_rows.begin()), int(found - m_rows.begin()), {}, i);
            std::rotate(m_rows.begin() + i, found, found + 1);
            endMoveRows();
        }
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
    const QModelIndex changed = indexOf(id);
    if (changed.isValid())
        emit dataChanged(changed, changed);
}

QString ConversationList::headingOf(const Conversation& conversation) const
{
    const QDate date = conversation.lastActivity().date();
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
    return QLocale().toString(when.date(), "d MMM");
}

} // namespace vitrine::ui
