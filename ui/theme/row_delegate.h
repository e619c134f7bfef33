// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the rows of a list that has headings and entries; whoever derives from it says which is which and
// how each looks. Thread: UI.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class RowDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// The theme outlives it.
    explicit RowDelegate(const Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme)
    {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override = 0;

protected:
    virtual bool isHeading(const QModelIndex& index) const = 0;
    virtual void paintHeading(QPainter& painter, const QRect& rect, const QModelIndex& index) const = 0;
    virtual void paintEntry(QPainter& painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const = 0;
    /// Behind a row that is selected or under the mouse.
    void paintGround(QPainter& painter, const QRect& row, const QStyleOptionViewItem& option) const;

    const Theme& m_theme;
};

} // namespace vitrine::ui
