// SPDX-License-Identifier: GPL-3.0-or-later
// Figures as a person reads them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace vitrine::engine {

std::string decimals(double value, int digits); ///< "3.14"
std::string countText(std::uint64_t count);     ///< "1,024"
/// Of an axis that ends there: every tick in the same unit, with no more places than it needs.
std::function<std::string(double)> axisTimeWords(double longest);
std::string durationText(double seconds);                    ///< "58 ms", "1.25 s", "12 min 5 s"
std::string percentText(double share);                       ///< "74 %", "0.4 %"
std::string rateText(double perSecond);                      ///< "171", "4.2"
std::string signedText(double value, std::string_view text); ///< "+3 %", "−27 %": the sign before the text
std::string dateText(std::int64_t unixNs);                   ///< "2026-11-28 16:30 UTC"
/// At most about `width` letters wide, a Chinese character counting two; else it ends in "…".
std::string shortened(std::string_view text, std::size_t width);

} // namespace vitrine::engine
