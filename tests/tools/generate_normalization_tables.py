#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes engine/tokenizer/normalization_tables_generated.h: decompositions, compositions, combining classes.

Usage: generate_normalization_tables.py > engine/tokenizer/normalization_tables_generated.h
Uses the package `unicodedata2` (pinned by whoever runs it) where installed, else Python's own table.
"""
try:
    import unicodedata2 as unicodedata
except ImportError:
    import unicodedata

CODES = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # by arithmetic, not by table


def escaped(text):
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def normal(form, code):
    return unicodedata.normalize(form, chr(code))


def decompositions(form, other=None):
    for code in CODES:
        text = normal(form, code)
        if code not in HANGUL and text != chr(code) and (other is None or text != normal(other, code)):
            yield f'{{0x{code:X}, "{escaped(text)}"}}'


def pairs():
    for code in CODES:
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and parts[0][0] != "<" and normal("NFC", code) == chr(code):
            yield int(parts[0], 16), int(parts[1], 16), code


def ranges(value):
    """Runs (first, last, value) of characters of one value other than 0."""
    run = None
    for code in range(0x110001):
        current = value(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else 0
        if run and (current != run[1] or current == 0):
            yield f"{{0x{run[0]:X}, 0x{code - 1:X}, {run[1]}}}"
            run = None
        if current and not run:
            run = (code, current)


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


PAIRS = sorted(pairs())
SECONDS = {second for _, second, _ in PAIRS} | set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))


def moves(form):
    """1 where a character may change, or change with what stands before it."""
    return lambda c: int(unicodedata.combining(chr(c)) != 0 or c in SECONDS or normal(form, c) != chr(c))


print(f"""// SPDX-License-Identifier: GPL-3.0-or-later
// Unicode {unicodedata.unidata_version}: written by tests/tools/generate_normalization_tables.py; do not edit.
// Data: https://www.unicode.org/ucd/
#pragma once

#include "engine/tokenizer/unicode_normalization.h"

namespace vitrine::engine::unicode {{
// clang-format off

// Whole decompositions as UTF-8, without Hangul; the second table has those that differ from the first.""")
print(table("LongCase", "kCanonical", decompositions("NFD")))
print(table("LongCase", "kCompatible", decompositions("NFKD", "NFD")))
print("// Two characters and the one they become.")
print(table("Composition", "kCompositions", (f"{{0x{a:X}, 0x{b:X}, 0x{c:X}}}" for a, b, c in PAIRS)))
print("// Canonical combining classes other than 0.")
print(table("ValueRange", "kCombining", ranges(lambda c: unicodedata.combining(chr(c)))))
print("// Characters that NFC, or NFKC, may change alone or with what stands before them.")
print(table("ValueRange", "kMovesComposed", ranges(moves("NFC"))))
print(table("ValueRange", "kMovesCompatible", ranges(moves("NFKC"))))
print("""// clang-format on
} // namespace vitrine::engine::unicode""")
