// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows the list has, and how they become others without a reset.
#include <algorithm>

#include "ui/chat/conversation_list.h"

namespace vitrine::ui {

namespace {

constexpr int kMostStretches = 32; // of rows that come or go one by one; a view works through each

/// How many runs of rows have a property.
template<class Rows, class Has>
int stretchesOf(const Rows& rows, Has has)
{
    int stretches = 0;
    bool inside = false;
    for (const auto& row : rows) {
        const bool now = has(row);
        stretches += now && !inside;
        inside = now;
    }
    return stretches;
}

} // namespace

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
    m_additionsWait = false;
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
    const auto isWanted = [&wanted](const Row& row) { return wanted.contains(row); };
    if (stretchesOf(m_rows, [&](const Row& row) { return !isWanted(row); }) > kMostStretches) {
        std::vector<Row> order = m_rows; // those that go stand at the end, then
        std::ranges::stable_partition(order, isWanted);
        adopt(order);
    }
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
    if (stretchesOf(wanted, [&known](const Row& row) { return !known.contains(row); }) > kMostStretches) {
        insertScattered(wanted, known);
        return;
    }
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

/// In two steps, however many places they belong to: at the end, then where they belong.
void ConversationList::insertScattered(const std::vector<Row>& wanted, const RowSet& known)
{
    std::vector<Row> fresh;
    std::ranges::copy_if(wanted, std::back_inserter(fresh),
                         [&known](const Row& row) { return !known.contains(row); });
    const int from = int(m_rows.size());
    beginInsertRows({}, from, from + int(fresh.size()) - 1);
    m_rows.insert(m_rows.end(), fresh.begin(), fresh.end());
    m_places.clear();
    endInsertRows();
    adopt(wanted);
}

} // namespace vitrine::ui
