// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/chart_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/profiler/page/legend_row.h"

namespace vitrine::ui {

ChartCard::ChartCard(QWidget* content, const Theme& theme, QWidget* parent)
    : QFrame(parent), m_title(new QLabel), m_notes(new QHBoxLayout), m_row(new QHBoxLayout),
      m_legend(new LegendRow(theme))
{
    setProperty("role", "card");
    m_title->setFont(theme.font(TextSize::Body, QFont::DemiBold));
    m_notes->setSpacing(kSpace3);
    m_row->setSpacing(kSpace3);
    m_row->addWidget(m_title);
    m_row->addLayout(m_notes);
    m_row->addStretch(1);
    m_row->addWidget(m_legend, 100);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace2);
    column->addLayout(m_row);
    column->addWidget(content, 1);
}

void ChartCard::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

QString ChartCard::title() const
{
    return m_title->text();
}

void ChartCard::addNote(QWidget* note)
{
    m_notes->addWidget(note);
}

void ChartCard::addControl(QWidget* control)
{
    m_row->addWidget(control);
}

} // namespace vitrine::ui
