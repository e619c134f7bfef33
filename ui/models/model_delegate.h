// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a row of the model list: a heading, or a model with its size and its verdict. Thread: UI.
#pragma once

#include "ui/theme/row_delegate.h"

namespace vitrine::ui {

class ModelDelegate : public RowDelegate
{
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    bool isHeading(const QModelIndex& index) const override;
    void paintHeading(QPainter& painter, const QRect& rect, const QModelIndex& index) const override;
    void paintEntry(QPainter& painter, const QStyleOptionViewItem& option,
                    const QModelIndex& index) const override;

private:
    void paintRow(QPainter& painter, const QRect& row, const QStyleOptionViewItem& option) const;
    void paintProgress(QPainter& painter, const QRect& row, double fraction) const;
};

} // namespace vitrine::ui
