// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/heading.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/profiler/page/legend_row.h"

namespace vitrine::ui {
namespace {

constexpr int kSlack = 24; // between what is left and what is right of the gap

} // namespace

Heading::Heading(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_lines(new QVBoxLayout(this)), m_row(new QHBoxLayout),
      m_legend(new LegendRow(theme, this))
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(0);
    m_lines->addLayout(m_row, 1);
    connect(m_legend, &LegendRow::itemsChanged, this, &Heading::arrange);
    theme.follow(this, [this] {
        m_legend->setFixedHeight(m_theme.scaled(kLegendLine));
        arrange();
    });
}

void Heading::placeLegendHere()
{
    m_row->addStretch(1);
    m_place = m_row->count();
    m_row->addWidget(m_legend, 100);
}

void Heading::setLegendShown(bool shown)
{
    m_shown = shown;
    m_legend->setVisible(shown);
    arrange();
}

void Heading::setIndent(int indent)
{
    m_indent = indent;
    m_legend->setContentsMargins(m_below ? indent : 0, 0, 0, 0);
}

int Heading::heightWith(int row) const
{
    return row + (m_below ? m_theme.scaled(kLegendLine) : 0);
}

bool Heading::isTooNarrow() const
{
    int wide = kSlack + m_lines->contentsMargins().left() + m_lines->contentsMargins().right() +
               m_row->contentsMargins().left() + m_legend->contentWidth();
    for (int i = 0; i < m_row->count(); ++i) {
        QLayoutItem* item = m_row->itemAt(i);
        if (item->widget() != m_legend && !item->isEmpty())
            wide += item->sizeHint().width() + m_row->spacing();
    }
    return wide > width();
}

void Heading::arrange()
{
    const bool below = m_shown && m_place > 0 && isTooNarrow();
    if (below == m_below)
        return;
    m_below = below;
    m_row->removeWidget(m_legend);
    m_lines->removeWidget(m_legend);
    if (below)
        m_lines->addWidget(m_legend);
    else
        m_row->insertWidget(m_place, m_legend, 100);
    m_legend->setLeftAligned(below);
    setIndent(m_indent);
    updateGeometry();
    emit rearranged();
}

bool Heading::event(QEvent* event)
{
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest)
        arrange();
    return done;
}

void Heading::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace vitrine::ui
