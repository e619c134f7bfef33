// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_list.h"

#include <algorithm>

#include <QFileInfo>
#include <QLocale>

#include "ui/models/memory_text.h"

namespace vitrine::ui {

ModelList::ModelList(const ModelRecords& records, QObject* parent)
    : QAbstractListModel(parent), m_records(records)
{}

int ModelList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant ModelList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row& row = m_rows[index.row()];
    if (role == KindRole)
        return int(row.kind);
    if (row.kind == Kind::Heading)
        return role == Qt::DisplayRole ? QVariant(row.text)
               : role == NoteRole      ? QVariant(row.second ? m_note : QString())
                                       : QVariant();
    const ModelEntry* entry = find(row.text);
    if (entry == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return entry->name;
    case Qt::ToolTipRole:
        return entry->problem.isEmpty() ? entry->path : entry->path + QLatin1Char('\n') + entry->wholeProblem;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3").arg(entry->name, detailOf(*entry), wordOf(*entry));
    case PathRole:
        return entry->path;
    case VerdictRole:
        return int(verdictOf(*entry));
    case WordRole:
        return wordOf(*entry);
    case DetailRole:
        return detailOf(*entry);
    case ProgressRole:
        return entry->path == m_loading ? m_fraction : -1.0;
    default:
        return {};
    }
}

Qt::ItemFlags ModelList::flags(const QModelIndex& index) const
{
    return data(index, KindRole).toInt() == int(Kind::Model) ? Qt::ItemIsEnabled | Qt::ItemIsSelectable
                                                             : Qt::NoItemFlags;
}

Verdict ModelList::verdictOf(const ModelEntry& entry) const
{
    if (entry.path == m_loading)
        return Verdict::Loading;
    if (entry.path == m_inUse)
        return m_asleep ? Verdict::Asleep : Verdict::InUse;
    const LoadOptions options =
        entry.plan ? resolved(m_records.choiceOf(entry.identity), *entry.plan) : LoadOptions{};
    return ui::verdictOf(entry, options, m_room);
}

QString ModelList::wordOf(const ModelEntry& entry) const
{
    if (entry.path == m_loading)
        return tr("Loading %1 %").arg(QLocale().toString(int(m_fraction * 100)));
    return VerdictText::word(verdictOf(entry));
}

QString ModelList::detailOf(const ModelEntry& entry) const
{
    if (!entry.problem.isEmpty())
        return entry.problem;
    const QString size = sizeText(entry.fileBytes);
    return entry.quantisation.isEmpty() ? size : QStringLiteral("%1, %2").arg(entry.quantisation, size);
}

void ModelList::add(const ModelEntry& entry)
{
    m_unseen.remove(entry.path);
    m_entries.insert(entry.path, entry);
    rebuild();
}

void ModelList::markUnseen()
{
    m_unseen = QSet<QString>(m_entries.keyBegin(), m_entries.keyEnd());
}

void ModelList::dropUnseen()
{
    for (const QString& path : std::as_const(m_unseen))
        if (!QFileInfo::exists(path) || !m_records.recent().contains(path))
            m_entries.remove(path);
    m_unseen.clear();
    rebuild();
}

void ModelList::setFilter(const QString& text)
{
    m_filter = text.trimmed();
    rebuild();
}

void ModelList::setRoom(const MemoryRoom& room)
{
    m_room = room;
    if (!m_rows.isEmpty())
        emit dataChanged(index(0), index(int(m_rows.size()) - 1), {VerdictRole, WordRole});
}

void ModelList::setInUse(const QString& path, bool asleep)
{
    const QString before = std::exchange(m_inUse, path);
    m_asleep = asleep;
    touch(before);
    touch(path);
}

void ModelList::setLoading(const QString& path, double fraction)
{
    const QString before = std::exchange(m_loading, path);
    m_fraction = fraction;
    if (before != path)
        touch(before);
    touch(path);
}

void ModelList::setScanNote(const QString& note)
{
    m_note = note;
    rebuild();
}

void ModelList::refresh()
{
    rebuild();
}

void ModelList::touch(const QString& path)
{
    const QModelIndex at = indexOf(path);
    if (at.isValid())
        emit dataChanged(at, at);
}

const ModelEntry* ModelList::find(const QString& path) const
{
    const auto found = m_entries.constFind(path);
    return found == m_entries.constEnd() ? nullptr : &*found;
}

QModelIndex ModelList::indexOf(const QString& path) const
{
    for (qsizetype row = 0; row < m_rows.size() && !path.isEmpty(); ++row)
        if (m_rows[row].kind == Kind::Model && m_rows[row].text == path)
            return index(int(row));
    return {};
}

bool ModelList::matches(const ModelEntry& entry) const
{
    return m_filter.isEmpty() || entry.name.contains(m_filter, Qt::CaseInsensitive) ||
           entry.quantisation.contains(m_filter, Qt::CaseInsensitive) ||
           entry.path.contains(m_filter, Qt::CaseInsensitive);
}

/// Recent ones in their order; the others by name, what cannot be used last.
void ModelList::rebuild()
{
    QList<Row> rows;
    QStringList others;
    const QStringList recent = m_records.recent();
    for (const QString& path : recent)
        if (const ModelEntry* entry = find(path); entry != nullptr && matches(*entry))
            rows.append({Kind::Model, path});
    if (!rows.isEmpty())
        rows.prepend({Kind::Heading, tr("Recent")});
    for (const ModelEntry& entry : std::as_const(m_entries))
        if (!recent.contains(entry.path) && matches(entry))
            others.append(entry.path);
    std::sort(others.begin(), others.end(), [this](const QString& a, const QString& b) {
        const ModelEntry &left = *find(a), &right = *find(b);
        if (left.readable != right.readable)
            return left.readable;
        const int order = QString::localeAwareCompare(left.name, right.name);
        return order != 0 ? order < 0 : a < b;
    });
    if (!others.isEmpty() || (m_filter.isEmpty() && !m_note.isEmpty()))
        rows.append({Kind::Heading, tr("Found on this computer"), true});
    for (const QString& path : std::as_const(others))
        rows.append({Kind::Model, path});
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

} // namespace vitrine::ui
