// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/figure_strip.h"

#include <algorithm>

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace vitrine::ui {
namespace {

constexpr int kLeast = 104; // width of one
constexpr int kValueHeight = 24;

} // namespace

FigureStrip::FigureStrip(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_grid(new QGridLayout(this))
{
    setProperty("role", "card");
    m_grid->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    m_grid->setHorizontalSpacing(kSpace5);
    m_grid->setVerticalSpacing(kSpace3);
    connect(&theme, &Theme::changed, this, &FigureStrip::arrange);
}

void FigureStrip::addBox()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* value = new QLabel;
    value->setFont(m_theme.font(TextSize::Reading, QFont::DemiBold));
    // Whatever script the unit is written in, all stand on one line.
    m_theme.follow(value, [this, value] { value->setFixedHeight(m_theme.scaled(kValueHeight)); });
    auto* caption = new QLabel;
    caption->setProperty("role", "small");
    caption->setWordWrap(true);
    caption->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    column->addWidget(value);
    column->addWidget(caption, 1);
    m_boxes.push_back(box);
}

void FigureStrip::arrange()
{
    const int count = int(m_boxes.size());
    const int room = std::max(1, (width() - 2 * kSpace4 + kSpace5) / (m_theme.scaled(kLeast) + kSpace5));
    const int rows = (count + room - 1) / room;
    const int perRow = rows > 0 ? (count + rows - 1) / rows : 0; // about as many in each
    if (perRow == m_perRow && m_grid->count() == count)
        return;
    for (int i = 0; i < m_perRow; ++i)
        m_grid->setColumnStretch(i, 0);
    m_perRow = perRow;
    for (QWidget* box : m_boxes)
        m_grid->removeWidget(box);
    for (int i = 0; i < count; ++i) {
        m_grid->addWidget(m_boxes[std::size_t(i)], i / perRow, i % perRow);
        m_grid->setColumnStretch(i % perRow, 1);
    }
}

/// Narrower than a row of all: they go below each other then.
QSize FigureStrip::minimumSizeHint() const
{
    return {m_theme.scaled(kLeast) * 2, m_grid->totalMinimumSize().height()};
}

void FigureStrip::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    arrange();
}

/// The labels stay while their number does: what is pointed at does not go away under the pointer.
void FigureStrip::setFigures(const QList<Figure>& figures)
{
    m_figures = figures;
    while (m_boxes.size() > std::size_t(figures.size())) {
        delete m_boxes.back();
        m_boxes.pop_back();
    }
    while (m_boxes.size() < std::size_t(figures.size()))
        addBox();
    arrange();
    QStringList spoken;
    for (int i = 0; i < figures.size(); ++i) {
        const Figure& figure = figures[i];
        QWidget* box = m_boxes[std::size_t(i)];
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
