// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/metadata_model.h"

#include "ui/models/detail_roles.h"

namespace vitrine::ui {

void MetadataModel::setRows(QList<MetadataDetail> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int MetadataModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int MetadataModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant MetadataModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const MetadataDetail& row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
    case SortRole:
        return index.column() == Key ? row.key : row.value;
    case SearchRole:
        return QVariant(row.key + QLatin1Char('\n') + row.whole);
    case CopyRole:
        return QVariant(row.key + QLatin1Char('\t') + row.whole);
    case WholeRole:
        return row.whole;
    case TypeRole:
        return row.type;
    default:
        return {};
    }
}

QVariant MetadataModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("Key") : tr("Value");
}

} // namespace vitrine::ui
