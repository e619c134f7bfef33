// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/token_estimate.h"

#include <cmath>

namespace vitrine::ui {

namespace {

constexpr double kOfAscii = 0.28; // tokens a character: English text and code
constexpr double kOfOthers = 0.9; // Chinese and the like

} // namespace

quint32 estimateTokens(QStringView text)
{
    qsizetype ascii = 0;
    for (const QChar character : text)
        ascii += character.unicode() < 0x80 ? 1 : 0;
    return quint32(std::ceil(kOfAscii * double(ascii) + kOfOthers * double(text.size() - ascii)));
}

quint32 rounded(quint32 estimate)
{
    quint32 unit = 1;
    while (estimate / unit >= 100)
        unit *= 10;
    return quint32((quint64(estimate) + unit / 2) / unit * unit);
}

} // namespace vitrine::ui
