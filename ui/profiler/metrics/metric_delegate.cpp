// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/metrics/metric_delegate.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QPainterPath>

#include "ui/profiler/metrics/metric_model.h"

namespace vitrine::ui {
namespace {

constexpr double kBarGap = 1, kMostBar = 10;
constexpr int kLineTop = 6;

double highest(const QList<double>& values)
{
    double high = 0;
    for (const double value : values)
        if (std::isfinite(value))
            high = std::max(high, value);
    return high > 0 ? high : 1;
}

} // namespace

QSize MetricDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {80, m_theme.scaled(kRow)};
}

void MetricDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    const Tokens& t = m_theme.tokens();
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, t.select);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, t.hover);
    const QRect inner = option.rect.adjusted(kSpace2, 0, -kSpace2, 0);
    if (index.column() == MetricModel::Name) {
        paintName(*painter, inner, index);
    } else if (index.column() == MetricModel::Course) {
        const auto points = index.data(MetricModel::PointsRole).value<QList<double>>();
        const QRectF plot = QRectF(inner).adjusted(0, kLineTop, 0, -kLineTop);
        if (index.data(MetricModel::BarsRole).toBool())
            paintBars(*painter, plot, points);
        else
            paintLine(*painter, plot, points);
    } else {
        const bool now = index.column() == MetricModel::Value;
        painter->setFont(now ? m_theme.font(TextSize::Body, QFont::DemiBold) : m_theme.font(TextSize::Small));
        painter->setPen(now ? t.text : t.secondary);
        painter->drawText(inner, Qt::AlignRight | Qt::AlignVCenter, index.data().toString());
    }
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), t.border);
    painter->restore();
}

void MetricDelegate::paintName(QPainter& painter, const QRect& rect, const QModelIndex& index) const
{
    const Tokens& t = m_theme.tokens();
    const QFont name = m_theme.fixedFont(TextSize::Small), meaning = m_theme.font(TextSize::Small);
    const int line = m_theme.scaled(18), top = rect.top() + (rect.height() - 2 * line) / 2;
    painter.setFont(name);
    painter.setPen(t.text);
    painter.drawText(QRect(rect.left(), top, rect.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(name).elidedText(index.data().toString(), Qt::ElideMiddle, rect.width()));
    painter.setFont(meaning);
    painter.setPen(t.secondary);
    painter.drawText(QRect(rect.left(), top + line, rect.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(meaning).elidedText(index.data(MetricModel::MeaningRole).toString(),
                                                      Qt::ElideRight, rect.width()));
}

void MetricDelegate::paintLine(QPainter& painter, const QRectF& rect, const QList<double>& points) const
{
    if (points.size() < 2)
        return;
    const Tokens& t = m_theme.tokens();
    const double most = highest(points), step = rect.width() / double(points.size() - 1);
    QPolygonF line;
    for (qsizetype i = 0; i < points.size(); ++i) {
        const double share = std::isfinite(points[i]) ? std::clamp(points[i] / most, 0.0, 1.0) : 0;
        line << QPointF(rect.left() + double(i) * step, rect.bottom() - share * rect.height());
    }
    QPolygonF area = line;
    area << rect.bottomRight() << rect.bottomLeft();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = t.accent;
    ground.setAlphaF(0.14F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawPolygon(area);
    painter.setPen(QPen(t.accent, 1));
    painter.drawPolyline(line);
}

void MetricDelegate::paintBars(QPainter& painter, const QRectF& rect, const QList<double>& counts) const
{
    const Tokens& t = m_theme.tokens();
    painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), t.borderStrong);
    if (counts.isEmpty())
        return;
    const double most = highest(counts);
    const double wide = std::min(rect.width() / double(counts.size()), kMostBar + kBarGap);
    for (qsizetype i = 0; i < counts.size(); ++i) {
        const double tall = counts[i] > 0 ? std::max(1.0, counts[i] / most * rect.height()) : 0;
        painter.fillRect(
            QRectF(rect.left() + double(i) * wide, rect.bottom() - tall, std::max(wide - kBarGap, 1.0), tall),
            t.accentMuted);
    }
}

} // namespace vitrine::ui
