#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Writes engine/tokenizer/regex/property_tables_generated.h: the sets that \p{…} names.

Usage: generate_property_tables.py > engine/tokenizer/regex/property_tables_generated.h
Uses the packages `unicodedata2` and `fonttools` (scripts), both pinned by whoever runs it to one Unicode version.
"""
import unicodedata2 as unicodedata
from fontTools.unicodedata import script

CATEGORIES = ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf",
              "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co"]
SCRIPTS = {"Han": "Hani", "Hiragana": "Hira", "Katakana": "Kana", "Hangul": "Hang", "Latin": "Latn",
           "Greek": "Grek", "Cyrillic": "Cyrl", "Arabic": "Arab", "Hebrew": "Hebr", "Thai": "Thai",
           "Devanagari": "Deva"}


def runs(holds):
    first = None
    for code in range(0x110001):
        inside = code < 0x110000 and holds(code)
        if inside and first is None:
            first = code
        elif not inside and first is not None:
            yield first, code - 1
            first = None


print(f"""// SPDX-License-Identifier: GPL-3.0-or-later
// Unicode {unicodedata.unidata_version}: written by tests/tools/generate_property_tables.py; do not edit.
// Data: https://www.unicode.org/ucd/
#pragma once

#include <string_view>

#include "engine/tokenizer/regex/character_set.h"

namespace vitrine::engine::regex {{
// clang-format off

struct PropertyRange
{{
    std::string_view property;
    CharacterRange range;
}};

inline constexpr PropertyRange kPropertyRanges[] = {{""")
line = "   "
categories = [unicodedata.category(chr(c)) for c in range(0x110000)]
scripts = [script(chr(c)) for c in range(0x110000)]
for name, values, wanted in [(n, categories, n) for n in CATEGORIES] + [(n, scripts, s) for n, s in SCRIPTS.items()]:
    for first, last in runs(lambda c: values[c] == wanted):
        item = f' {{"{name}", {{0x{first:X}, 0x{last:X}}}}},'
        if len(line) + len(item) > 110:
            print(line)
            line = "   "
        line += item
print(line)
print("""};

// clang-format on
} // namespace vitrine::engine::regex""")
