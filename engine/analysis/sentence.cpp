// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/sentence.h"

#include <cmath>
#include <cstdio>
#include <utility>

namespace vitrine::engine {
namespace {

std::string written(const char* format, double value)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

double sound(double value)
{
    return std::isfinite(value) ? value : 0.0;
}

/// Three digits or so, whatever the size.
std::string shortly(double value)
{
    const double size = std::abs(value);
    return written(size >= 100.0 ? "%.0f" : size >= 10.0 ? "%.1f" : "%.2f", value);
}

std::string scaled(double value, double step, const std::vector<const char*>& units)
{
    std::size_t unit = 0;
    for (; unit + 1 < units.size() && std::abs(value) >= step; ++unit)
        value /= step;
    return shortly(value) + " " + units[unit];
}

} // namespace

Figure textFigure(std::string text)
{
    return {FigureUnit::Text, 0.0, std::move(text)};
}

Figure countFigure(double count)
{
    const double value = sound(count);
    return {FigureUnit::Count, value, value == std::floor(value) ? written("%.0f", value) : shortly(value)};
}

Figure shareFigure(double share)
{
    const double value = sound(share);
    return {FigureUnit::Share, value, written(value < 0.1 ? "%.1f %%" : "%.0f %%", value * 100.0)};
}

Figure timeFigure(double ns)
{
    return {FigureUnit::Nanoseconds, sound(ns), scaled(sound(ns) * 1e-3, 1000.0, {"µs", "ms", "s"})};
}

Figure bytesFigure(double bytes)
{
    return {FigureUnit::Bytes, sound(bytes), scaled(sound(bytes), 1024.0, {"B", "KiB", "MiB", "GiB", "TiB"})};
}

Figure factorFigure(double factor)
{
    return {FigureUnit::Factor, sound(factor), shortly(sound(factor)) + " times"};
}

std::string Sentence::english() const
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool place = text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9';
        const std::size_t index = place ? static_cast<std::size_t>(text[i + 1] - '1') : figures.size();
        if (index >= figures.size()) {
            result += text[i];
            continue;
        }
        result += figures[index].text;
        ++i;
    }
    return result;
}

} // namespace vitrine::engine
