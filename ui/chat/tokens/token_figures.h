// SPDX-License-Identifier: GPL-3.0-or-later
// What the probabilities of a reply's tokens say, in figures and words. Values; any thread. Probabilities are
// shares (0 to 1), surprise is in bits.
#pragma once

#include <vector>

#include "ui/bridge/token_detail.h"
#include "ui/theme/tokens.h"

namespace vitrine::ui {

struct TokenFigures
{
    qsizetype tokens = 0;
    double mean = 0;       ///< probability
    double perplexity = 0; ///< 1: never in doubt
};

TokenFigures figuresOf(const QList<TokenDetail>& tokens);
/// At most 32: a token that came although it was held for impossible.
double surpriseBits(float probability);
/// 0 (hardly a doubt) to 4.
inline constexpr int kTintSteps = 5;
int tintStep(float probability);
/// Transparent at step 0.
QColor tintOf(const Tokens& colours, int step);
/// Indices, the least probable first.
std::vector<int> leastCertain(const QList<TokenDetail>& tokens, std::size_t most);

/// "41.2 %"
QString percentText(double share, int decimals = 1);
/// Spaces and line ends made visible.
QString visibleText(const QString& text);

} // namespace vitrine::ui
