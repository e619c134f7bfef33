// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/figure_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace vitrine::ui {

FigureStrip::FigureStrip(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_row(new QHBoxLayout(this))
{
    setProperty("role", "card");
    m_row->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    m_row->setSpacing(kSpace5);
}

/// The labels stay while their number does: what is pointed at does not go away under the pointer.
void FigureStrip::setFigures(const QList<Figure>& figures)
{
    m_figures = figures;
    while (m_row->count() > figures.size()) {
        QLayoutItem* item = m_row->takeAt(m_row->count() - 1);
        delete item->widget();
        delete item;
    }
    while (m_row->count() < figures.size()) {
        auto* box = new QWidget;
        auto* column = new QVBoxLayout(box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        auto* value = new QLabel;
        value->setFont(m_theme.font(TextSize::Reading, QFont::DemiBold));
        auto* caption = new QLabel;
        caption->setProperty("role", "small");
        caption->setWordWrap(true);
        caption->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        column->addWidget(value);
        column->addWidget(caption, 1);
        m_row->addWidget(box, 1);
    }
    QStringList spoken;
    for (int i = 0; i < figures.size(); ++i) {
        const Figure& figure = figures[i];
        QWidget* box = m_row->itemAt(i)->widget();
        const QString value =
            figure.unit.isEmpty() ? figure.value : figure.value + QLatin1Char(' ') + figure.unit;
        static_cast<QLabel*>(box->layout()->itemAt(0)->widget())->setText(value);
        static_cast<QLabel*>(box->layout()->itemAt(1)->widget())->setText(figure.caption);
        box->setToolTip(figure.explanation);
        spoken << figure.caption + QLatin1String(": ") + value;
    }
    setAccessibleName(spoken.join(QStringLiteral(", ")));
}

} // namespace vitrine::ui
