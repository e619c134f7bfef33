// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/report_words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "engine/base/text.h"

namespace vitrine::engine {

std::string decimals(double value, int digits)
{
    if (!std::isfinite(value))
        return "–";
    std::array<char, 400> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

std::string countText(std::uint64_t count)
{
    std::string text = std::to_string(count);
    for (std::size_t i = text.size(); i > 3; i -= 3)
        text.insert(i - 3, ",");
    return text;
}

std::string durationText(double seconds)
{
    const double ms = seconds * 1e3;
    if (ms < 1.0)
        return seconds <= 0.0 ? "0 ms" : decimals(ms, 2) + " ms";
    if (ms < 10.0)
        return decimals(ms, 1) + " ms";
    if (ms < 999.5)
        return decimals(ms, 0) + " ms";
    if (seconds < 99.5)
        return decimals(seconds, seconds < 9.995 ? 2 : 1) + " s";
    if (!(seconds < 1e15))
        return "–";
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return countText(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::function<std::string(double)> axisTimeWords(double longest)
{
    const double unit = longest >= 1.0 ? 1.0 : longest >= 1e-3 ? 1e-3 : 1e-6;
    const char* name = longest >= 1.0 ? " s" : longest >= 1e-3 ? " ms" : " µs";
    return [unit, name](double seconds) {
        constexpr int kMost = 3; // places
        const double value = seconds / unit;
        int places = 0;
        for (double step = 1.0; places < kMost && std::abs(std::round(value * step) / step - value) > 1e-6;
             step *= 10.0)
            ++places;
        return decimals(value, places) + name;
    };
}

std::string percentText(double share)
{
    const double percent = share * 100.0;
    return decimals(percent, percent != 0.0 && std::abs(percent) < 9.95 ? 1 : 0) + " %";
}

std::string rateText(double perSecond)
{
    return decimals(perSecond, std::abs(perSecond) < 99.95 ? 1 : 0);
}

std::string signedText(double value, std::string_view text)
{
    return (value < 0.0 ? "−" : value > 0.0 ? "+" : "±") + std::string(text);
}

std::string dateText(std::int64_t unixNs)
{
    using namespace std::chrono;
    constexpr std::int64_t kNsASecond = 1'000'000'000;
    const sys_seconds moment{seconds(unixNs / kNsASecond)}; // in nanoseconds a day's start may not be sayable
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const auto minute = floor<minutes>(moment - day).count();
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d UTC", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(minute / 60), static_cast<int>(minute % 60));
    return text.data();
}

std::string shortened(std::string_view text, std::size_t width)
{
    std::size_t wide = 0, at = 0, fits = 0;
    while (at < text.size()) {
        const std::size_t length = std::max<std::size_t>(utf8CharacterLength(text.substr(at)), 1);
        wide += length >= 3 ? 2 : 1;
        if (wide > width)
            return std::string(text.substr(0, fits)) + "…";
        at += length;
        if (wide + 1 <= width)
            fits = at;
    }
    return std::string(text);
}

} // namespace vitrine::engine
