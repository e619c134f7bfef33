// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of the tables of analyses: plain, a request with its hue, a figure with a bar, text of a model in the
// fixed font; which one the roles say. Thread: UI.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    enum Role {
        HueRole = Qt::UserRole + 1, ///< of a conversation
        ShareRole,                  ///< 0 … 1 of a bar at the right
        ReservedRole,               ///< true: a bar has its place there, in this row or in others
        FixedRole                   ///< true: in the fixed font
    };

    /// The theme outlives it.
    explicit CellDelegate(const Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme)
    {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
