// SPDX-License-Identifier: GPL-3.0-or-later
// Figures that do not dance: every digit takes the width of the widest one. (Qt 6.4 cannot ask a font for
// its tabular figures.) Free functions for whoever paints numbers that change.
#pragma once

#include <QFont>
#include <QString>

class QPainter;

namespace vitrine::ui {

/// Width of `text` in logical pixels.
qreal tabularWidth(const QFont& font, const QString& text);

/// Draws with the painter's pen, baseline at `y`, from `x` to the right; returns where it ended.
qreal drawTabular(QPainter& painter, const QFont& font, qreal x, qreal y, const QString& text);

} // namespace vitrine::ui
