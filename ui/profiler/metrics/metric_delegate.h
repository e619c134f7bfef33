// SPDX-License-Identifier: GPL-3.0-or-later
// How a metric looks: its name above what it means, figures, and its course as a line or its distribution as
// bars. Thread: UI; the theme outlives it.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class MetricDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    static constexpr int kRow = 46; ///< at 100 %

    MetricDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintName(QPainter& painter, const QRect& rect, const QModelIndex& index) const;
    void paintLine(QPainter& painter, const QRectF& rect, const QList<double>& points) const;
    void paintBars(QPainter& painter, const QRectF& rect, const QList<double>& counts) const;

    const Theme& m_theme;
};

} // namespace vitrine::ui
