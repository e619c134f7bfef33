// SPDX-License-Identifier: GPL-3.0-or-later
// What was not as usual, the newest first: when, what, how far from the usual, why. A click or Enter selects
// its time. Thread: UI.
#pragma once

#include <QAbstractListModel>
#include <QFrame>
#include <QStyledItemDelegate>

#include "ui/recording/analysis_pictures.h"
#include "ui/theme/theme.h"

class QLabel;
class QListView;

namespace vitrine::ui {

/// Entries that stay the same keep their row while others come.
class AnomalyModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { TitleRole = Qt::UserRole + 1, PlaceRole, SentenceRole, DistanceRole, OpenRole };

    using QAbstractListModel::QAbstractListModel;
    void setPicture(const SharedAnomalies& picture);
    const AnomalyPicture::Entry* entry(int row) const;
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    SharedAnomalies m_picture;
};

class AnomalyDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit AnomalyDelegate(const Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent), m_theme(theme)
    {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    static QString textOf(const QModelIndex& index);

    const Theme& m_theme;
};

class AnomalyList : public QFrame
{
    Q_OBJECT

public:
    explicit AnomalyList(const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedAnomalies& picture);
    QListView& view() const { return *m_view; }
    QString text() const; ///< all that is said

signals:
    void rangePicked(const vitrine::ui::TimeRange& range);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fit();
    void refresh();

    const Theme& m_theme;
    SharedAnomalies m_picture;
    AnomalyModel m_model;
    QLabel* m_heading;
    QLabel* m_count;
    QLabel* m_none;
    QListView* m_view;
};

} // namespace vitrine::ui
