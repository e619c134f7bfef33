// SPDX-License-Identifier: GPL-3.0-or-later
// A legend's item that is one colour. Thread: UI; the theme outlives it.
#pragma once

#include <QPainter>

#include "ui/profiler/page/legend_row.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

/// `line`: a line instead of a square.
inline LegendItem legendSwatch(const Theme& theme, const QString& text, QColor Tokens::*colour,
                               bool line = false)
{
    return {text, [&theme, colour, line](QPainter& painter, const QRectF& rect) {
                const QColor& ink = theme.tokens().*colour;
                painter.fillRect(line ? QRectF(rect.left(), rect.center().y(), rect.width(), 1) : rect, ink);
            }};
}

} // namespace vitrine::ui
