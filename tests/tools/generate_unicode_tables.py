#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes engine/tokenizer/unicode_tables_generated.h: character classes and case mappings.

Usage: generate_unicode_tables.py > engine/tokenizer/unicode_tables_generated.h
Uses the package `unicodedata2` (pinned by whoever runs it) where installed, else Python's own table.
"""
try:
    import unicodedata2 as unicodedata
except ImportError:
    import unicodedata

LAST = 0x110000
# White_Space of the Unicode Character Database; stable since version 6.3.
SPACES = {0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0x20, *range(9, 14), *range(0x2000, 0x200B)}
CLASSES = {"Lu": "Upper", "Lt": "Title", "Ll": "Lower", "Lm": "Modifier", "Lo": "Letter",
           "Mn": "Mark", "Mc": "Mark", "Me": "Mark", "Nd": "Digit", "Nl": "Number", "No": "Number",
           "Pc": "Punctuation", "Pd": "Punctuation", "Ps": "Punctuation", "Pe": "Punctuation",
           "Pi": "Punctuation", "Pf": "Punctuation", "Po": "Punctuation",
           "Sm": "Symbol", "Sc": "Symbol", "Sk": "Symbol", "So": "Symbol", "Cc": "Control"}


def character_class(code):
    return "Space" if code in SPACES else CLASSES.get(unicodedata.category(chr(code)), "Other")


def class_ranges():
    previous = None
    for code in range(LAST):
        current = character_class(code)
        if current != previous:
            yield f"{{0x{code:X}, CharClass::{current}}}"
            previous = current


def case_ranges(mapping):
    """Runs (first, last, stride, delta) of characters that map to one other character each."""
    pairs = [(c, ord(mapping(chr(c))) - c) for c in range(LAST)
             if not 0xD800 <= c < 0xE000 and len(mapping(chr(c))) == 1 and mapping(chr(c)) != chr(c)]
    runs = []
    for code, delta in pairs:
        if runs and runs[-1][3] == delta:
            first, last, stride, _ = runs[-1]
            step = code - last
            if step <= 2 and (first == last or stride == step):
                runs[-1] = (first, code, step, delta)
                continue
        runs.append((code, code, 1, delta))
    return [f"{{0x{a:X}, 0x{b:X}, {s}, {d}}}" for a, b, s, d in runs]


def long_mappings(mapping):
    """Characters that map to several."""
    for code in range(LAST):
        if 0xD800 <= code < 0xE000:
            continue
        text = mapping(chr(code))
        if len(text) > 1:
            escaped = "".join(f"\\x{byte:02x}" for byte in text.encode())
            yield f'{{0x{code:X}, "{escaped}"}}'


def table(kind, name, items):
    items = list(items)
    lines, line = [], "   "
    for item in items:
        if len(line) + len(item) + 2 > 110:
            lines.append(line)
            line = "   "
        line += " " + item + ","
    lines.append(line)
    return f"inline constexpr {kind} {name}[{len(items)}] = {{\n" + "\n".join(lines) + "\n};\n"


print(f"""// SPDX-License-Identifier: GPL-3.0-or-later
// Unicode {unicodedata.unidata_version}: written by tests/tools/generate_unicode_tables.py; do not edit.
// Data: https://www.unicode.org/ucd/
#pragma once

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::unicode {{
// clang-format off

// Each entry holds from `first` up to the next entry.""")
print(table("ClassRange", "kClassRanges", class_ranges()))
print(table("CaseRange", "kUpperRanges", case_ranges(str.upper)))
print(table("CaseRange", "kLowerRanges", case_ranges(str.lower)))
print("// Characters whose mapping is several characters, as UTF-8.")
print(table("LongCase", "kLongUpper", long_mappings(str.upper)))
print(table("LongCase", "kLongTitle", long_mappings(str.title)))
print("""// clang-format on
} // namespace vitrine::engine::unicode""")
