// SPDX-License-Identifier: GPL-3.0-or-later
// The places of a reply's tokens in a block that is laid out: a rectangle a token and line, relative to the
// block. A space in front of a word stays outside. Thread: UI.
#pragma once

#include <vector>

#include <QRectF>

#include "ui/chat/tokens/token_track.h"

class QPainter;

namespace vitrine::ui {

struct Block;
struct Tokens;
class BlockLayout;

struct TokenMark
{
    QRectF rect;
    int token = 0;
    int step = 0;
};

/// `source`: the message's text. In the order of the tokens.
std::vector<TokenMark> placeTokens(const Block& block, const BlockLayout& layout, QStringView source,
                                   const TokenTrack& track);

/// Which tokens stand out.
struct TokenLook
{
    const std::vector<TokenMark>* marks = nullptr; ///< none: no tints
    int current = -1;                              ///< outlined with the accent
    int hovered = -1;
};

/// Between `top` and `bottom`.
void paintTokens(QPainter& painter, const TokenLook& look, const Tokens& colours, qreal top, qreal bottom);

} // namespace vitrine::ui
