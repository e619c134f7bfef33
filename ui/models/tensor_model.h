// SPDX-License-Identifier: GPL-3.0-or-later
// The tensors of a model file, in file order. Thread: UI.
#pragma once

#include <QAbstractTableModel>

#include "ui/bridge/model_details.h"

namespace vitrine::ui {

class TensorModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Type, Shape, Bytes, Columns };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(QList<TensorDetail> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static QString cellText(const TensorDetail& row, int column);
    static QVariant sortKey(const TensorDetail& row, int column);

    QList<TensorDetail> m_rows;
};

} // namespace vitrine::ui
