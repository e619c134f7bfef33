// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/analysis_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/chat/elided_label.h"
#include "ui/profiler/page/heading.h"

namespace vitrine::ui {

AnalysisCard::AnalysisCard(QWidget* content, const Theme& theme, QWidget* parent)
    : QFrame(parent), m_title(new QLabel), m_note(new ElidedLabel), m_heading(new Heading(theme))
{
    setProperty("role", "card");
    m_title->setFont(theme.font(TextSize::Body, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    m_note->setProperty("role", "small");
    m_note->setTextFormat(Qt::PlainText);
    QHBoxLayout& row = m_heading->row();
    row.setSpacing(kSpace3);
    row.addWidget(m_title);
    row.addWidget(m_note);
    m_note->hide();
    m_heading->placeLegendHere();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace2);
    column->addWidget(m_heading);
    column->addWidget(content, 1);
}

LegendRow& AnalysisCard::legend() const
{
    return m_heading->legend();
}

void AnalysisCard::setTitle(const QString& title, const QString& explanation)
{
    m_title->setText(title);
    m_title->setToolTip(explanation);
    setAccessibleName(title);
}

void AnalysisCard::setNote(const QString& note)
{
    m_note->setFullText(note);
    m_note->setVisible(!note.isEmpty()); // else its gap would be the legend's loss
    setAccessibleDescription(note);
}

QString AnalysisCard::title() const
{
    return m_title->text();
}

QString AnalysisCard::note() const
{
    return m_note->fullText();
}

} // namespace vitrine::ui
