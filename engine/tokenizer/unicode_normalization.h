// SPDX-License-Identifier: GPL-3.0-or-later
// Unicode normalisation: https://www.unicode.org/reports/tr15/
// Pure functions; any thread. Broken UTF-8 stays as it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::unicode {

enum class NormalForm : std::uint8_t { C, D, KC, KD };

struct Composition
{
    char32_t first, second, composed;
};
struct ValueRange
{
    char32_t first, last;
    std::uint8_t value;
};

std::string normalized(std::string_view text, NormalForm form);

} // namespace vitrine::engine::unicode
