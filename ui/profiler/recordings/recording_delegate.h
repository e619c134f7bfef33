// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a row: name, where it comes from, whether it is shown. Thread: UI.
#pragma once

#include "ui/theme/row_delegate.h"

namespace vitrine::ui {

class RecordingDelegate : public RowDelegate
{
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    bool isHeading(const QModelIndex&) const override { return false; }
    void paintHeading(QPainter&, const QRect&, const QModelIndex&) const override {}
    void paintEntry(QPainter& painter, const QStyleOptionViewItem& option,
                    const QModelIndex& index) const override;
};

} // namespace vitrine::ui
