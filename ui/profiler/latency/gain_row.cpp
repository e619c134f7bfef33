// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/gain_row.h"

#include <cmath>

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/profiler/latency/advice_text.h"

namespace vitrine::ui {
namespace {

constexpr int kValue = 22, kCaption = 18;
constexpr double kNothing = 0.005; // of the value: no change that anybody would notice

} // namespace

GainFigure gainFigure(engine::GainMetric metric, double before, double after)
{
    GainFigure figure;
    figure.value = AdviceText::change(metric, before, after);
    figure.caption = AdviceText::metric(metric);
    figure.tip =
        GainRow::tr("%1: %2 → %3")
            .arg(figure.caption, AdviceText::amount(metric, before), AdviceText::amount(metric, after));
    const double by = after - before;
    if (std::abs(by) > kNothing * std::abs(before))
        figure.tone = (by < 0) == AdviceText::isBetterWhenLess(metric) ? 1 : -1;
    return figure;
}

GainRow::GainRow(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    theme.follow(this, [this] {
        updateGeometry();
        update();
    });
}

void GainRow::setFigures(const QList<GainFigure>& figures)
{
    m_figures = figures.first(std::min(figures.size(), kMost));
    QStringList said;
    for (const GainFigure& figure : std::as_const(m_figures))
        said << figure.tip;
    setAccessibleName(said.join(QStringLiteral("; ")));
    setVisible(!m_figures.isEmpty());
    update();
}

QSize GainRow::sizeHint() const
{
    return {240, m_theme.scaled(kValue + kCaption)};
}

void GainRow::paintEvent(QPaintEvent*)
{
    const Tokens& t = m_theme.tokens();
    QPainter painter(this);
    const double wide = double(width()) / double(kMost);
    for (qsizetype i = 0; i < m_figures.size(); ++i) {
        const GainFigure& figure = m_figures[i];
        painter.setFont(m_theme.font(TextSize::Reading, QFont::DemiBold));
        painter.setPen(figure.tone > 0 ? t.ok : figure.tone < 0 ? t.warning : t.text);
        painter.drawText(QRectF(double(i) * wide, 0, wide - kSpace1, m_theme.scaled(kValue)),
                         Qt::AlignLeft | Qt::AlignVCenter, figure.value);
        painter.setFont(m_theme.font(TextSize::Small));
        painter.setPen(t.secondary);
        const QString caption =
            painter.fontMetrics().elidedText(figure.caption, Qt::ElideRight, int(wide) - kSpace2);
        painter.drawText(
            QRectF(double(i) * wide, m_theme.scaled(kValue), wide - kSpace1, m_theme.scaled(kCaption)),
            Qt::AlignLeft | Qt::AlignVCenter, caption);
    }
}

bool GainRow::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto index = qsizetype(help->pos().x() * kMost / std::max(1, width()));
    if (index >= 0 && index < m_figures.size())
        QToolTip::showText(help->globalPos(), m_figures[index].tip, this);
    return true;
}

} // namespace vitrine::ui
