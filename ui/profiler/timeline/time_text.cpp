// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/time_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>

namespace vitrine::ui {
namespace {

QString text(const char* source)
{
    return QCoreApplication::translate("TimeText", source);
}

constexpr double kSecond = 1e9;
constexpr int kMostPlaces = 9; // a nanosecond

} // namespace

QString durationText(double ns)
{
    const QLocale locale;
    const double seconds = ns / kSecond;
    if (seconds >= 119.5) {
        const auto whole = qint64(std::llround(seconds));
        return text(QT_TRANSLATE_NOOP("TimeText", "%1 min %2 s"))
            .arg(locale.toString(whole / 60))
            .arg(whole % 60);
    }
    if (seconds >= 0.9995)
        return text(QT_TRANSLATE_NOOP("TimeText", "%1 s"))
            .arg(locale.toString(seconds, 'f', seconds < 9.995 ? 2 : 1));
    const double ms = ns / 1e6;
    if (ms >= 0.1 || ns <= 0)
        return text(QT_TRANSLATE_NOOP("TimeText", "%1 ms"))
            .arg(locale.toString(ms, 'f', ms < 99.95 && ns > 0 ? 1 : 0));
    return text(QT_TRANSLATE_NOOP("TimeText", "%1 µs"))
        .arg(locale.toString(ns / 1e3, 'f', ns < 9'950 ? 1 : 0));
}

QString placeNumber(qint64 ns, double step)
{
    const double exact = -std::log10(std::max(step, 1.0) / kSecond);
    const int places = std::clamp(int(std::ceil(exact - 1e-9)), 0, kMostPlaces);
    return QLocale().toString(double(ns) / kSecond, 'f', places);
}

QString placeText(qint64 ns, double step)
{
    return text(QT_TRANSLATE_NOOP("TimeText", "%1 s")).arg(placeNumber(ns, step));
}

double markStep(double nsPerPixel, double pixels)
{
    const double least = std::max(nsPerPixel * pixels, 1.0);
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double times : {1.0, 2.0, 5.0}) {
        if (power * times >= least)
            return power * times;
    }
    return power * 10;
}

QString countText(quint64 count)
{
    return QLocale().toString(count);
}

} // namespace vitrine::ui
