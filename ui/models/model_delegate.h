// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a row of the model list: a heading, or a model with its size and its verdict. Thread: UI.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class ModelDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit ModelDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintHeading(QPainter& painter, const QRect& rect, const QModelIndex& index) const;
    void paintModel(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintRow(QPainter& painter, const QRect& row, const QStyleOptionViewItem& option) const;
    void paintProgress(QPainter& painter, const QRect& row, double fraction) const;

    const Theme& m_theme;
};

} // namespace vitrine::ui
