// SPDX-License-Identifier: GPL-3.0-or-later
// How the whole window writes an amount of bytes: binary units, as memory is counted in, and the same for
// files, so that a file and what it takes in memory can be compared. Three figures at most, none behind the
// point that says nothing. Qt Core only, so that readers of files can include it. Thread: any.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include <QLocale>
#include <QString>

namespace vitrine::ui {

/// "512 B", "8 KiB", "22.5 MiB", "144 MiB", "4.68 GiB".
inline QString sizeText(quint64 bytes)
{
    static constexpr std::array kUnits{" B", " KiB", " MiB", " GiB", " TiB"};
    double value = double(bytes);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit)
        value /= 1024;
    const int places = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    const double step = std::pow(10.0, places);
    const bool whole = std::round(value * step) == std::round(value) * step;
    return QLocale().toString(value, 'f', whole ? 0 : places) + QLatin1String(kUnits[unit]);
}

} // namespace vitrine::ui
