// SPDX-License-Identifier: GPL-3.0-or-later
// How what a request goes through looks, in bars and in legends. Thread: UI.
#pragma once

#include <QRectF>
#include <QString>

#include "engine/trace/request_life.h"
#include "ui/theme/theme.h"

class QPainter;

namespace vitrine::ui {

/// A bar, its edges on whole pixels. `coverage` (0 … 1) pales one that stands for several with gaps between.
void paintPhase(QPainter& painter, const Theme& theme, const QRectF& bar, engine::LifePhase phase,
                float coverage = 1.0F);
QString phaseName(engine::LifePhase phase);
/// What the word means, in a sentence.
QString phaseMeaning(engine::LifePhase phase);

/// Lines at 45°, the same ones wherever it is painted.
void paintHatch(QPainter& painter, const QRectF& rect, const QColor& line);

} // namespace vitrine::ui
