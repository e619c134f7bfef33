// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the prefix tree: a request by its hue, what was saved as a figure with a bar. Thread: UI.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class PrefixDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// The theme outlives it.
    explicit PrefixDelegate(const Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme)
    {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
