// SPDX-License-Identifier: GPL-3.0-or-later
// A line for each process that computed: where its time of the forward passes went, as a bar and in figures,
// what it sent, and in how many steps it was the last. Thread: UI; the theme outlives it.
#pragma once

#include <QStyledItemDelegate>
#include <QTreeWidget>

#include "engine/analysis/rank_balance.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class RankTable : public QTreeWidget
{
    Q_OBJECT

public:
    enum Column { Process, Bar, Computes, Exchanges, Waits, Idle, Hidden, Sends, Slowest };
    static constexpr int kColumns = 9;

    explicit RankTable(const Theme& theme, QWidget* parent = nullptr);

    void setBalance(const engine::RankBalance& balance);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    const Theme& m_theme;
    engine::RankBalance m_balance;
};

/// Bars of shares, in the colours of what they are; other cells as CellDelegate has them.
class RankBarDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    static constexpr int kSharesRole = Qt::UserRole + 20; ///< four of them, as a list

    explicit RankBarDelegate(const Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme)
    {}
    /// Computing, exchanging, waiting, idle.
    static QColor Tokens::*colour(int part);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
