// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics of a recording as rows: a row a value. Rows stay where they are while values change.
// Thread: UI.
#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "ui/recording/analysis_pictures.h"

namespace vitrine::ui {

class MetricModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Value, Course, Median, High };
    static constexpr int kColumns = 5;
    enum Role {
        MeaningRole = Qt::UserRole + 1, ///< below the name
        PointsRole,                     ///< QList<double>, of the course
        BarsRole                        ///< true: they are bars of a histogram
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setPicture(const SharedMetrics& picture);
    void retranslate();
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        std::size_t family = 0, value = 0;
        bool operator==(const Row&) const = default;
    };

    const engine::MetricFamily& familyOf(const Row& row) const { return m_picture->families[row.family]; }
    const engine::MetricValue& valueOf(const Row& row) const
    {
        return m_picture->families[row.family].values[row.value];
    }
    QString said(const Row& row, int column) const;
    QString meaning(const Row& row) const;
    QString tip(const Row& row, int column) const;
    QList<double> points(const Row& row) const;

    SharedMetrics m_picture;
    std::vector<Row> m_rows;
};

} // namespace vitrine::ui
