// SPDX-License-Identifier: GPL-3.0-or-later
// A sentence that a client may say in another language: a template with %1, %2 … and the figures for them.
// Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::engine {

enum class FigureUnit : std::uint8_t { Text, Count, Share, Nanoseconds, Bytes, Factor };

struct Figure
{
    FigureUnit unit = FigureUnit::Text;
    double value = 0.0; ///< of all but Text; a Share is 0 … 1
    std::string text;   ///< in English, with its unit
};

Figure textFigure(std::string text);
Figure countFigure(double count);
Figure shareFigure(double share); ///< "12 %"
Figure timeFigure(double ns);     ///< "3.1 ms"
Figure bytesFigure(double bytes);
Figure factorFigure(double factor); ///< "1.8 times"

struct Sentence
{
    std::string text; ///< in English, the key of a translation
    std::vector<Figure> figures;

    std::string english() const;
    bool empty() const { return text.empty(); }
};

} // namespace vitrine::engine
