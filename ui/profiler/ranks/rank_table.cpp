// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/ranks/rank_table.h"

#include <array>

#include <QEvent>
#include <QHeaderView>
#include <QPainter>

#include "ui/profiler/analysis/cell_delegate.h"
#include "ui/profiler/analysis/chart_texts.h"
#include "ui/profiler/ranks/rank_charts.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

constexpr int kMostRows = 8; // without scrolling
constexpr int kBarHeight = 8;

std::array<double, 4> sharesOf(const engine::RankLoad& load)
{
    const double all = load.allNs();
    if (all <= 0)
        return {};
    return {load.computeNs / all, load.sumNs / all, load.waitNs / all, load.idleNs / all};
}

} // namespace

RankTable::RankTable(const Theme& theme, QWidget* parent) : QTreeWidget(parent), m_theme(theme)
{
    setColumnCount(kColumns);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new CellDelegate(theme, this));
    setItemDelegateForColumn(Bar, new RankBarDelegate(theme, this));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(0);
    header()->setSectionResizeMode(QHeaderView::Stretch);
    theme.follow(this, [this] {
        updateGeometry();
        viewport()->update();
    });
    retranslate();
}

QSize RankTable::sizeHint() const
{
    const int rows = std::clamp(topLevelItemCount(), 1, kMostRows);
    const int header = this->header()->sizeHint().height();
    return {400, header + rows * m_theme.scaled(kSmallButtonHeight) + 2 * frameWidth() + 2};
}

void RankTable::setBalance(const engine::RankBalance& balance)
{
    m_balance = balance;
    const int current = indexOfTopLevelItem(currentItem());
    clear();
    for (std::size_t i = 0; i < balance.processes.size(); ++i) {
        const engine::RankLoad& load = balance.processes[i];
        const std::array<double, 4> shares = sharesOf(load);
        const double late = load.hiddenNs + load.waitNs;
        auto* item = new QTreeWidgetItem(
            {RankCharts::nameOf(balance, i), QString(), percentText(shares[0]), percentText(shares[1]),
             percentText(shares[2]), percentText(shares[3]), percentText(late > 0 ? load.hiddenNs / late : 0),
             sizeText(quint64(load.bytes)), countText(load.slowest)});
        item->setData(Bar, RankBarDelegate::kSharesRole,
                      QVariantList{shares[0], shares[1], shares[2], shares[3]});
        item->setData(Bar, Qt::AccessibleTextRole,
                      tr("computes %1, exchanges %2, waits %3, idle %4")
                          .arg(percentText(shares[0]), percentText(shares[1]), percentText(shares[2]),
                               percentText(shares[3])));
        item->setToolTip(Bar, item->data(Bar, Qt::AccessibleTextRole).toString());
        item->setTextAlignment(Process, Qt::AlignLeft | Qt::AlignVCenter);
        for (int column = Computes; column < kColumns; ++column)
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        addTopLevelItem(item);
    }
    setCurrentItem(topLevelItem(current));
    updateGeometry();
}

void RankTable::retranslate()
{
    setAccessibleName(tr("Processes"));
    setHeaderLabels({tr("Process"), tr("Forward passes"), tr("Computes"), tr("Exchanges"), tr("Waits"),
                     tr("Idle"), tr("Hidden"), tr("Sent"), tr("Slowest in")});
    const std::array explanations = {QString(),
                                     tr("Where the time of the forward passes went."),
                                     tr("Share of the time in which it computed its part of the model."),
                                     tr("Copying and adding up what the processes exchange."),
                                     tr("It waited for another process and had nothing else to do."),
                                     tr("It had done its part, or had not begun."),
                                     tr("Of the time in which others were late: it computed on meanwhile."),
                                     tr("Bytes that it gave to other processes."),
                                     tr("Steps in which it computed longest.")};
    for (int column = 0; column < kColumns; ++column) {
        headerItem()->setToolTip(column, explanations[std::size_t(column)]);
        if (column >= Computes)
            headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
}

void RankTable::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        setBalance(engine::RankBalance(m_balance));
    }
    QTreeWidget::changeEvent(event);
}

QColor Tokens::*RankBarDelegate::colour(int part)
{
    constexpr std::array kColours = {&Tokens::decode, &Tokens::accent, &Tokens::queued, &Tokens::freeLine};
    return kColours[std::size_t(part)];
}

void RankBarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, tokens.select);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, tokens.hover);
    const int height = m_theme.scaled(kBarHeight);
    const QRectF bar(option.rect.left() + kSpace2, option.rect.center().y() - height / 2.0 + 0.5,
                     std::max(option.rect.width() - 2 * kSpace2, 0), height);
    const QVariantList shares = index.data(kSharesRole).toList();
    double before = 0;
    for (int part = 0; part < shares.size(); ++part) {
        const double share = shares[part].toDouble();
        painter->fillRect(
            QRectF(bar.left() + before * bar.width(), bar.top(), share * bar.width(), bar.height()),
            tokens.*colour(part));
        before += share;
    }
    painter->restore();
}

} // namespace vitrine::ui
