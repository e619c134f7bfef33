// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/details_table.h"

#include <algorithm>

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QPainter>

#include "ui/models/detail_roles.h"
#include "ui/models/details_delegate.h"
#include "ui/models/sort_header.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

DetailsTable::DetailsTable(QAbstractItemModel& model, const Theme& theme, QWidget* parent)
    : QTreeView(parent), m_model(model), m_theme(theme)
{
    m_proxy.setSourceModel(&model);
    m_proxy.setFilterRole(SearchRole);
    m_proxy.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_proxy.setSortRole(SortRole);
    m_proxy.setSortCaseSensitivity(Qt::CaseInsensitive);
    setHeader(new SortHeader(theme, this));
    setModel(&m_proxy);
    setItemDelegate(new DetailsDelegate(theme, this));
    setProperty("surface", "card");
    viewport()->setAutoFillBackground(false); // else its corners lie over the round ones of the frame
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setVerticalScrollMode(ScrollPerPixel);
    setSortingEnabled(true);
    header()->setSortIndicator(-1, Qt::AscendingOrder);
    addCopyAction();
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void DetailsTable::addCopyAction()
{
    auto* copy = new QAction(m_theme.icon(QStringLiteral("copy")), tr("Copy"), this);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &DetailsTable::copySelection);
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

void DetailsTable::setFilter(const QString& text)
{
    m_filter = text;
    m_proxy.setFilterFixedString(text);
    // Where the current row was filtered out, its neighbour is current now, but not selected.
    if (!currentIndex().isValid())
        selectFirstRow();
    else if (!selectionModel()->hasSelection())
        selectionModel()->select(currentIndex(), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    scrollTo(currentIndex());
    viewport()->update();
}

void DetailsTable::selectFirstRow()
{
    setCurrentIndex(m_proxy.index(0, 0));
    emit rowChanged(currentIndex());
}

void DetailsTable::copySelection()
{
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const QModelIndex& row : rows)
        lines << row.data(CopyRole).toString();
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void DetailsTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    emit rowChanged(current);
}

void DetailsTable::paintEvent(QPaintEvent* event)
{
    QTreeView::paintEvent(event);
    if (m_proxy.rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(m_theme.tokens().secondary);
    const QString text = m_filter.isEmpty() ? tr("The file has none.") : tr("Nothing matches.");
    painter.drawText(viewport()->rect().adjusted(kSpace4, kSpace4, -kSpace4, -kSpace4),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, text);
}

} // namespace vitrine::ui
