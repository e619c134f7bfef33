// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/token_figures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <QCoreApplication>
#include <QLocale>

namespace vitrine::ui {

namespace {

constexpr double kMostBits = 32;
constexpr float kSteps[] = {0.9F, 0.6F, 0.3F, 0.15F};

} // namespace

TokenFigures figuresOf(const QList<TokenDetail>& tokens)
{
    TokenFigures figures;
    figures.tokens = tokens.size();
    if (tokens.isEmpty())
        return figures;
    double bits = 0;
    for (const TokenDetail& token : tokens) {
        figures.mean += double(token.probability);
        bits += surpriseBits(token.probability);
    }
    figures.mean /= double(tokens.size());
    figures.perplexity = std::exp2(bits / double(tokens.size()));
    return figures;
}

double surpriseBits(float probability)
{
    if (!(probability > 0))
        return kMostBits;
    return std::clamp(-std::log2(double(probability)), 0.0, kMostBits);
}

int tintStep(float probability)
{
    return int(std::ranges::count_if(kSteps, [probability](float step) { return !(probability >= step); }));
}

QColor tintOf(const Tokens& colours, int step)
{
    const QColor tints[kTintSteps] = {QColor(Qt::transparent), colours.probability1, colours.probability2,
                                      colours.probability3, colours.probability4};
    return tints[std::clamp(step, 0, kTintSteps - 1)];
}

std::vector<int> leastCertain(const QList<TokenDetail>& tokens, std::size_t most)
{
    std::vector<int> order(std::size_t(tokens.size()));
    std::iota(order.begin(), order.end(), 0);
    const auto end = order.begin() + std::ptrdiff_t(std::min(most, order.size()));
    std::partial_sort(order.begin(), end, order.end(), [&tokens](int a, int b) {
        return std::pair(tokens[a].probability, a) < std::pair(tokens[b].probability, b);
    });
    order.erase(end, order.end());
    return order;
}

QString percentText(double share, int decimals)
{
    return QCoreApplication::translate("TokenFigures", "%1 %")
        .arg(QLocale().toString(share * 100, 'f', decimals));
}

QString visibleText(const QString& text)
{
    QString shown = text;
    shown.replace(QLatin1Char(' '), QChar(0x2423));
    shown.replace(QLatin1Char('\n'), QChar(0x21B5));
    shown.replace(QLatin1Char('\t'), QChar(0x21E5));
    return shown;
}

} // namespace vitrine::ui
