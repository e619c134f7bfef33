// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/chart_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/profiler/page/heading.h"

namespace vitrine::ui {

ChartCard::ChartCard(QWidget* content, const Theme& theme, QWidget* parent)
    : QFrame(parent), m_title(new QLabel), m_notes(new QHBoxLayout), m_heading(new Heading(theme))
{
    setProperty("role", "card");
    m_title->setFont(theme.font(TextSize::Body, QFont::DemiBold));
    m_notes->setSpacing(kSpace3);
    QHBoxLayout& row = m_heading->row();
    row.setSpacing(kSpace3);
    row.addWidget(m_title);
    row.addLayout(m_notes);
    m_heading->placeLegendHere();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace2);
    column->addWidget(m_heading);
    column->addWidget(content, 1);
}

LegendRow& ChartCard::legend() const
{
    return m_heading->legend();
}

void ChartCard::setTitle(const QString& title, const QString& meaning)
{
    m_title->setText(title);
    m_title->setToolTip(meaning);
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
    m_heading->row().addWidget(control);
}

} // namespace vitrine::ui
