// SPDX-License-Identifier: GPL-3.0-or-later
// The metadata of a model file: key and value, in file order. Thread: UI.
#pragma once

#include <QAbstractTableModel>

#include "ui/bridge/model_details.h"

namespace vitrine::ui {

class MetadataModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Key, Value, Columns };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(QList<MetadataDetail> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<MetadataDetail> m_rows;
};

} // namespace vitrine::ui
