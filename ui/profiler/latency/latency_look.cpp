// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/latency_look.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>

#include "ui/profiler/timeline/phase_look.h"

namespace vitrine::ui {
namespace {

QString text(const char* source)
{
    return QCoreApplication::translate("LatencyLook", source);
}

void paintFramed(QPainter& painter, const QRectF& bar, const QColor& fill, const QColor& line)
{
    painter.fillRect(bar, bar.width() < 3 ? line : fill);
    if (bar.width() < 3)
        return;
    painter.setPen(QPen(line, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5));
}

void paintHatched(QPainter& painter, const QRectF& bar, const QColor& line)
{
    paintHatch(painter, bar, line);
    paintFramed(painter, bar, Qt::transparent, line);
}

} // namespace

qint64 partOf(const engine::LatencyBreakdown& parts, WaitPart part)
{
    switch (part) {
    case WaitPart::Queued:
        return parts.queuedNs + parts.preemptedNs;
    case WaitPart::Prefill:
        return parts.prefillNs;
    case WaitPart::Interference:
        return parts.interferenceNs;
    case WaitPart::Host:
        return parts.decodeNs + parts.samplingNs + parts.overheadNs;
    case WaitPart::Saved:
        return parts.cacheSavedNs;
    }
    return 0;
}

QString partName(WaitPart part)
{
    switch (part) {
    case WaitPart::Queued:
        return text(QT_TRANSLATE_NOOP("LatencyLook", "Queued"));
    case WaitPart::Prefill:
        return text(QT_TRANSLATE_NOOP("LatencyLook", "Prefill"));
    case WaitPart::Interference:
        return text(QT_TRANSLATE_NOOP("LatencyLook", "Interference"));
    case WaitPart::Host:
        return text(QT_TRANSLATE_NOOP("LatencyLook", "Sampling and host"));
    case WaitPart::Saved:
        return text(QT_TRANSLATE_NOOP("LatencyLook", "Saved by cache"));
    }
    return {};
}

QString partMeaning(WaitPart part)
{
    switch (part) {
    case WaitPart::Queued:
        return text(QT_TRANSLATE_NOOP("LatencyLook",
                                      "Waited to be admitted, or to go on after its blocks went to others."));
    case WaitPart::Prefill:
        return text(QT_TRANSLATE_NOOP("LatencyLook", "Reading its own prompt."));
    case WaitPart::Interference:
        return text(QT_TRANSLATE_NOOP("LatencyLook", "What the tokens of others added to its steps."));
    case WaitPart::Host:
        return text(
            QT_TRANSLATE_NOOP("LatencyLook", "Choosing the token, and the engine's own work between steps."));
    case WaitPart::Saved:
        return text(QT_TRANSLATE_NOOP(
            "LatencyLook",
            "What reading the part of the prompt that the prefix cache had would have taken."));
    }
    return {};
}

void paintPart(QPainter& painter, const Theme& theme, const QRectF& bar, WaitPart part)
{
    const Tokens& t = theme.tokens();
    switch (part) {
    case WaitPart::Queued:
        paintHatched(painter, bar, t.queued);
        break;
    case WaitPart::Prefill:
        painter.fillRect(bar, t.prefill);
        break;
    case WaitPart::Interference:
        paintFramed(painter, bar, t.interference, t.interferenceLine);
        break;
    case WaitPart::Host:
        painter.fillRect(bar, t.sampling);
        break;
    case WaitPart::Saved:
        paintHatched(painter, bar, t.cached);
        break;
    }
}

QString markText(double ns, double step, bool unit)
{
    const bool seconds = step >= 1e9, micro = step < 1e4;
    const double scale = seconds ? 1e9 : micro ? 1e3 : 1e6;
    const int places = std::clamp(int(std::ceil(-std::log10(std::max(step, 1.0) / scale) - 1e-9)), 0, 3);
    const QString number = QLocale().toString(ns / scale, 'f', places);
    if (!unit)
        return number;
    return (seconds ? text(QT_TRANSLATE_NOOP("LatencyLook", "%1 s"))
            : micro ? text(QT_TRANSLATE_NOOP("LatencyLook", "%1 µs"))
                    : text(QT_TRANSLATE_NOOP("LatencyLook", "%1 ms")))
        .arg(number);
}

} // namespace vitrine::ui
