// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "engine/tokenizer/jinja/operators.h"

namespace vitrine::engine::jinja {

namespace {

/// Lists and tuples differ from each other; all else that can be walked counts as itself.
bool equalSequences(const Sequence& a, const Sequence& b)
{
    return a.kind == b.kind && a.kind != SequenceKind::Generator && a.items.size() == b.items.size() &&
           std::equal(a.items.begin(), a.items.end(), b.items.begin(), equal);
}

bool equalMappings(const Mapping& a, const Mapping& b)
{
    return a.entries.size() == b.entries.size() &&
           std::all_of(a.entries.begin(), a.entries.end(), [&](auto& entry) {
               const Value* other = b.find(entry.first);
               return other != nullptr && equal(entry.second, *other);
           });
}

} // namespace

bool equal(const Value& a, const Value& b)
{
    if (a.text() != nullptr && b.text() != nullptr)
        return *a.text() == *b.text();
    if (const auto x = asInteger(a), y = asInteger(b); x && y)
        return *x == *y;
    if (const auto x = asNumber(a), y = asNumber(b); x && y)
        return *x == *y;
    if (a.sequence() != nullptr && b.sequence() != nullptr)
        return a.sequence() == b.sequence() || equalSequences(*a.sequence(), *b.sequence());
    if (a.mapping() != nullptr && b.mapping() != nullptr)
        return a.mapping() == b.mapping() || equalMappings(*a.mapping(), *b.mapping());
    if (a.object() != nullptr || b.object() != nullptr)
        return a.object() == b.object();
    return (a.isNone() && b.isNone()) || (a.isUndefined() && b.isUndefined());
}

} // namespace vitrine::engine::jinja
