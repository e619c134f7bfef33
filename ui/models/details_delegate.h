// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a cell of the tables of a model file: the text under its heading, figures below each other.
// Thread: UI; the Theme outlives it.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class DetailsDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// Left and right of every text, here and in the headings.
    static constexpr int kPadding = kSpace3;

    DetailsDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
