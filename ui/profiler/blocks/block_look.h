// SPDX-License-Identifier: GPL-3.0-or-later
// How a block of the KV cache looks in the map: its colour by owner, age, references or kind of pages, and
// the marks on it. Thread: UI.
#pragma once

#include <QRectF>

#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

class QPainter;

namespace vitrine::ui {

enum class BlockColouring { Owner, Age, References, Tier };

/// Of a cell that holds something; free ones are hollow.
QColor blockColour(const Tokens& tokens, const BlockMap& map, const BlockCell& cell, BlockColouring by);
/// With the triangle of shared blocks, the outline of the victim's and the dot of new ones, as far as the
/// cell has room for them.
void paintBlock(QPainter& painter, const Tokens& tokens, const QRectF& rect, const BlockMap& map,
                const BlockCell& cell, BlockColouring by);
/// "In use by 2 requests", "Cached, no reference", "Free".
QString blockStateText(const BlockCell& cell);

} // namespace vitrine::ui
