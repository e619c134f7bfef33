// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a row of the branches: its lane, its turn, what it shared. Thread: UI.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

struct BranchRow;

class BranchDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// `hue`: of the conversation, for the branch that is shown.
    BranchDelegate(const Theme& theme, std::size_t hue, QObject* parent = nullptr);

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintLanes(QPainter& painter, const QRect& rect, const BranchRow& row, bool user) const;
    void paintText(QPainter& painter, const QRect& rect, const BranchRow& row,
                   const QModelIndex& index) const;

    const Theme& m_theme;
    std::size_t m_hue;
};

} // namespace vitrine::ui
