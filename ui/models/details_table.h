// SPDX-License-Identifier: GPL-3.0-or-later
// A table of a model file: filtered by what one types, sorted by a click on a heading (a third click brings
// the file's order back), rows copied with Ctrl+C. Thread: UI; the Theme and the model outlive it.
#pragma once

#include <QSortFilterProxyModel>
#include <QTreeView>

namespace vitrine::ui {

class Theme;

class DetailsTable : public QTreeView
{
    Q_OBJECT

public:
    /// `model` knows the roles of detail_roles.h.
    DetailsTable(QAbstractItemModel& model, const Theme& theme, QWidget* parent = nullptr);

    void setFilter(const QString& text);
    const QString& filter() const { return m_filter; }
    int shownRows() const { return m_proxy.rowCount(); }
    int allRows() const { return m_model.rowCount(); }
    void selectFirstRow();

public slots:
    void copySelection();

signals:
    /// The row that the person looks at, or an invalid index; of the view's model.
    void rowChanged(const QModelIndex& row);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void addCopyAction();

    QAbstractItemModel& m_model;
    const Theme& m_theme;
    QSortFilterProxyModel m_proxy;
    QString m_filter;
};

} // namespace vitrine::ui
