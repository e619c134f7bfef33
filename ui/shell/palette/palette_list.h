// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the palette: a heading and its entries for each group that has some. Thread: UI.
#pragma once

#include <vector>

#include <QAbstractListModel>

#include "ui/shell/palette/palette_source.h"

namespace vitrine::ui {

class PaletteList : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles { HeadingRole = Qt::UserRole + 1 };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    /// Entries by group, each in its order.
    void setGroups(const std::vector<std::pair<PaletteGroup, QList<PaletteEntry>>>& groups);
    /// nullptr for a heading and for no row.
    const PaletteEntry* entryAt(int row) const;
    int entryCount() const;
    /// The nearest entry from `row` on in the direction, itself included, round the end; -1: none.
    int entryFrom(int row, int direction) const;

private:
    struct Row
    {
        QString heading; // empty: an entry
        PaletteEntry entry;
    };

    static QString headingOf(PaletteGroup group);

    std::vector<Row> m_rows;
};

} // namespace vitrine::ui
