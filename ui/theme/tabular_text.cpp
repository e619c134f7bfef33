// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tabular_text.h"

#include <algorithm>

#include <QFontMetricsF>
#include <QPainter>

namespace vitrine::ui {
namespace {

qreal digitWidth(const QFontMetricsF& metrics)
{
    qreal width = 0;
    for (char digit = '0'; digit <= '9'; ++digit)
        width = std::max(width, metrics.horizontalAdvance(QLatin1Char(digit)));
    return width;
}

/// Calls `run(part, isDigit)` for every digit and every stretch between digits.
template<class Run>
void forEachRun(const QString& text, Run run)
{
    qsizetype from = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] < QLatin1Char('0') || text[i] > QLatin1Char('9'))
            continue;
        if (i > from)
            run(text.mid(from, i - from), false);
        run(text.mid(i, 1), true);
        from = i + 1;
    }
    if (from < text.size())
        run(text.mid(from), false);
}

} // namespace

qreal tabularWidth(const QFont& font, const QString& text)
{
    const QFontMetricsF metrics(font);
    const qreal digit = digitWidth(metrics);
    qreal width = 0;
    forEachRun(text, [&](const QString& part, bool isDigit) {
        width += isDigit ? digit : metrics.horizontalAdvance(part);
    });
    return width;
}

qreal drawTabular(QPainter& painter, const QFont& font, qreal x, qreal y, const QString& text)
{
    const QFontMetricsF metrics(font);
    const qreal digit = digitWidth(metrics);
    painter.setFont(font);
    forEachRun(text, [&](const QString& part, bool isDigit) {
        const qreal advance = metrics.horizontalAdvance(part);
        const qreal cell = isDigit ? digit : advance;
        painter.drawText(QPointF(x + (cell - advance) / 2, y), part);
        x += cell;
    });
    return x;
}

} // namespace vitrine::ui
