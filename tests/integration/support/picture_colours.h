// SPDX-License-Identifier: GPL-3.0-or-later
// Which colours a picture of the window has, and which of them the theme does not explain.
#pragma once

#include <QHash>
#include <QImage>

#include "ui/theme/tokens.h"

namespace vitrine::ui {

/// Share of the picture's pixels in each colour that covers at least a five-hundredth of it.
inline QHash<QRgb, double> commonColours(const QImage& image)
{
    QHash<QRgb, int> counts;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            ++counts[image.pixel(x, y)];
    QHash<QRgb, double> shares;
    const double pixels = double(image.width()) * image.height();
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        if (it.value() > pixels / 500)
            shares.insert(it.key(), it.value() / pixels);
    return shares;
}

/// A common colour that no token explains: a leftover of the default style. Blends (chart fills, faded
/// icons) lie between two tokens and are let through when they have a hue of their own.
inline QStringList strangers(const QImage& image, const Tokens& tokens)
{
    QStringList found;
    const auto common = commonColours(image);
    for (auto it = common.cbegin(); it != common.cend(); ++it) {
        const QColor colour(it.key());
        bool known = colour.hsvSaturation() > 60;
        for (const TokenName& token : tokenNames()) {
            const QColor& own = tokens.*token.colour;
            known =
                known || (qAbs(own.red() - colour.red()) <= 2 && qAbs(own.green() - colour.green()) <= 2 &&
                          qAbs(own.blue() - colour.blue()) <= 2);
        }
        if (!known)
            found << QStringLiteral("%1 (%2 %)").arg(colour.name()).arg(100 * it.value(), 0, 'f', 1);
    }
    return found;
}

} // namespace vitrine::ui
