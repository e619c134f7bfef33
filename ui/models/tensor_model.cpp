// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/tensor_model.h"

#include <QLocale>

#include "ui/models/detail_roles.h"

namespace vitrine::ui {
namespace {

int alignment(int column)
{
    const bool figures = column == TensorModel::Shape || column == TensorModel::Bytes;
    return int((figures ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

} // namespace

void TensorModel::setRows(QList<TensorDetail> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int TensorModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int TensorModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QString TensorModel::cellText(const TensorDetail& row, int column)
{
    switch (column) {
    case Name:
        return row.name;
    case Type:
        return row.type;
    case Shape:
        return row.shape;
    default:
        return QLocale().toString(row.bytes);
    }
}

QVariant TensorModel::sortKey(const TensorDetail& row, int column)
{
    if (column == Shape)
        return row.values;
    return column == Bytes ? QVariant(row.bytes) : QVariant(cellText(row, column));
}

QVariant TensorModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TensorDetail& row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return cellText(row, index.column());
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    case SortRole:
        return sortKey(row, index.column());
    case SearchRole:
        return QStringList{row.name, row.type, row.shape}.join(QLatin1Char('\n'));
    case CopyRole:
        return QStringList{row.name, row.type, row.shape, QString::number(row.bytes)}.join(QLatin1Char('\t'));
    default:
        return {};
    }
}

QVariant TensorModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Name"), tr("Type"), tr("Shape"), tr("Bytes")};
    return section < Columns ? titles[section] : QVariant();
}

} // namespace vitrine::ui
