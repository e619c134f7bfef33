// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/phase_look.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>

namespace vitrine::ui {
namespace {

constexpr int kTile = 6;
constexpr double kLeastAlpha = 0.35;

QString text(const char* source)
{
    return QCoreApplication::translate("PhaseLook", source);
}

QPixmap hatchTile(const QColor& line, qreal ratio)
{
    const QString key = QStringLiteral("hatch-%1-%2").arg(line.rgba()).arg(ratio);
    QPixmap tile;
    if (QPixmapCache::find(key, &tile))
        return tile;
    tile = QPixmap(QSize(kTile, kTile) * ratio);
    tile.setDevicePixelRatio(ratio);
    tile.fill(Qt::transparent);
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(line, 1.5));
    for (const int shift : {-kTile, 0, kTile})
        painter.drawLine(QPointF(shift - 1, kTile + 1), QPointF(shift + kTile + 1, -1));
    painter.end();
    QPixmapCache::insert(key, tile);
    return tile;
}

QColor paled(QColor colour, float coverage)
{
    const double share = std::clamp(double(coverage), 0.0, 1.0);
    colour.setAlphaF(float(kLeastAlpha + (1 - kLeastAlpha) * (std::isfinite(share) ? share : 1)));
    return colour;
}

void paintHollow(QPainter& painter, const QRectF& bar, const QColor& line, float coverage)
{
    const QColor colour = paled(line, coverage);
    if (bar.width() < 4) {
        painter.fillRect(bar, colour);
        return;
    }
    paintHatch(painter, bar, colour);
    painter.setPen(QPen(colour, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5));
}

} // namespace

void paintHatch(QPainter& painter, const QRectF& rect, const QColor& line)
{
    const qreal ratio = painter.device()->devicePixelRatioF();
    const QPointF offset(std::fmod(std::max(rect.left(), 0.0), kTile),
                         std::fmod(std::max(rect.top(), 0.0), kTile));
    painter.drawTiledPixmap(rect, hatchTile(line, ratio), offset);
}

void paintPhase(QPainter& painter, const Theme& theme, const QRectF& bar, engine::LifePhase phase,
                float coverage)
{
    const Tokens& tokens = theme.tokens();
    switch (phase) {
    case engine::LifePhase::Queued:
        paintHollow(painter, bar, tokens.queued, coverage);
        break;
    case engine::LifePhase::Preempted:
        paintHollow(painter, bar, tokens.preempted, coverage);
        break;
    case engine::LifePhase::Prefill:
        painter.fillRect(bar, paled(tokens.prefill, coverage));
        break;
    case engine::LifePhase::Decode:
        painter.fillRect(bar, paled(tokens.decode, coverage));
        break;
    case engine::LifePhase::Recompute:
        painter.fillRect(bar, paled(tokens.prefill, coverage));
        paintHatch(painter, bar, tokens.preempted);
        break;
    }
}

QString phaseName(engine::LifePhase phase)
{
    switch (phase) {
    case engine::LifePhase::Queued:
        return text(QT_TRANSLATE_NOOP("PhaseLook", "Queued"));
    case engine::LifePhase::Prefill:
        return text(QT_TRANSLATE_NOOP("PhaseLook", "Prefill"));
    case engine::LifePhase::Decode:
        return text(QT_TRANSLATE_NOOP("PhaseLook", "Decode"));
    case engine::LifePhase::Preempted:
        return text(QT_TRANSLATE_NOOP("PhaseLook", "Preempted"));
    case engine::LifePhase::Recompute:
        return text(QT_TRANSLATE_NOOP("PhaseLook", "Recompute"));
    }
    return {};
}

QString phaseMeaning(engine::LifePhase phase)
{
    switch (phase) {
    case engine::LifePhase::Queued:
        return text(
            QT_TRANSLATE_NOOP("PhaseLook", "Waits to be admitted: no memory or no room in the batch yet."));
    case engine::LifePhase::Prefill:
        return text(QT_TRANSLATE_NOOP("PhaseLook", "The prompt is read, a chunk a step."));
    case engine::LifePhase::Decode:
        return text(QT_TRANSLATE_NOOP("PhaseLook", "The reply is written, a token a step."));
    case engine::LifePhase::Preempted:
        return text(QT_TRANSLATE_NOOP(
            "PhaseLook", "Its KV blocks were given to another request; it waits to be admitted again."));
    case engine::LifePhase::Recompute:
        return text(QT_TRANSLATE_NOOP("PhaseLook", "Computes again what was lost when it was preempted."));
    }
    return {};
}

} // namespace vitrine::ui
