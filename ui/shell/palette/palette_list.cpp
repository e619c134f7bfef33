// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/palette_list.h"

#include <algorithm>

#include "ui/shell/commands/keycaps.h"

namespace vitrine::ui {

int PaletteList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant PaletteList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows[std::size_t(index.row())];
    const bool heading = !row.heading.isEmpty();
    switch (role) {
    case Qt::DisplayRole:
        return heading ? row.heading : row.entry.title;
    case Qt::AccessibleTextRole: {
        QStringList parts{heading ? row.heading : row.entry.title, row.entry.detail, keyText(row.entry.keys)};
        parts.removeAll(QString());
        return parts.join(QStringLiteral(", "));
    }
    case HeadingRole:
        return heading;
    default:
        return {};
    }
}

Qt::ItemFlags PaletteList::flags(const QModelIndex& index) const
{
    return entryAt(index.row()) ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

QString PaletteList::headingOf(PaletteGroup group)
{
    switch (group) {
    case PaletteGroup::Commands:
        return tr("Commands");
    case PaletteGroup::Conversations:
        return tr("Conversations");
    case PaletteGroup::ModelsAndSettings:
        return tr("Models and settings");
    case PaletteGroup::Messages:
        return tr("In messages");
    }
    return {};
}

void PaletteList::setGroups(const std::vector<std::pair<PaletteGroup, QList<PaletteEntry>>>& groups)
{
    beginResetModel();
    m_rows.clear();
    for (const auto& [group, entries] : groups) {
        if (entries.isEmpty())
            continue;
        m_rows.push_back({headingOf(group), {}});
        for (const PaletteEntry& entry : entries)
            m_rows.push_back({{}, entry});
    }
    endResetModel();
}

const PaletteEntry* PaletteList::entryAt(int row) const
{
    if (row < 0 || row >= int(m_rows.size()) || !m_rows[std::size_t(row)].heading.isEmpty())
        return nullptr;
    return &m_rows[std::size_t(row)].entry;
}

int PaletteList::entryCount() const
{
    return int(std::ranges::count_if(m_rows, [](const Row& row) { return row.heading.isEmpty(); }));
}

int PaletteList::entryFrom(int row, int direction) const
{
    const int rows = int(m_rows.size());
    for (int i = 0; i < rows; ++i) {
        const int at = ((row + i * direction) % rows + rows) % rows;
        if (entryAt(at))
            return at;
    }
    return -1;
}

} // namespace vitrine::ui
