// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fact_grid.h"

#include <QGridLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/chat/elided_label.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

constexpr int kColumns = 4;
constexpr int kFewColumns = 2;
constexpr int kStretch = 8, kLastStretch = 9; // the last column has the longest texts
constexpr int kColumnsFrom = 560;             // of width; fewer below

} // namespace

FactGrid::FactGrid(int facts, const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    setProperty("role", "card");
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    m_grid->setHorizontalSpacing(kSpace5);
    m_grid->setVerticalSpacing(kSpace3);
    for (int i = 0; i < facts; ++i) {
        Cell cell{new QWidget, new ElidedLabel, new ElidedLabel};
        cell.name->setProperty("role", "small");
        cell.value->setFont(theme.font(TextSize::Body, QFont::Medium));
        auto* column = new QVBoxLayout(cell.box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(2);
        column->addWidget(cell.name);
        column->addWidget(cell.value);
        m_cells.push_back(cell);
    }
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    arrange(kColumns);
}

void FactGrid::arrange(int columns)
{
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (std::size_t i = 0; i < m_cells.size(); ++i)
        m_grid->addWidget(m_cells[i].box, int(i) / columns, int(i) % columns);
    for (int i = 0; i < kColumns; ++i)
        m_grid->setColumnStretch(i, i >= columns ? 0 : i == kColumns - 1 ? kLastStretch : kStretch);
}

void FactGrid::setNames(const QStringList& names)
{
    for (std::size_t i = 0; i < m_cells.size(); ++i)
        m_cells[i].name->setFullText(names.value(qsizetype(i)));
}

void FactGrid::setValues(const QStringList& values)
{
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        const QString value = values.value(qsizetype(i));
        m_cells[i].value->setFullText(value.isEmpty() ? QStringLiteral("–") : value);
        m_cells[i].value->setAccessibleName(
            QStringLiteral("%1: %2").arg(m_cells[i].name->fullText(), m_cells[i].value->fullText()));
    }
}

QStringList FactGrid::values() const
{
    QStringList values;
    for (const Cell& cell : m_cells)
        values << cell.value->fullText();
    return values;
}

void FactGrid::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    arrange(width() < m_theme.scaled(kColumnsFrom) ? kFewColumns : kColumns);
}

/// Rules between the columns.
void FactGrid::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    QPainter painter(this);
    for (int i = 1; i < m_columns; ++i)
        painter.fillRect(m_cells[std::size_t(i)].box->x() - kSpace3, kSpace1, 1, height() - 2 * kSpace1,
                         m_theme.tokens().border);
}

} // namespace vitrine::ui
