// SPDX-License-Identifier: GPL-3.0-or-later
// Filters on lists and dicts as wholes.
#include <algorithm>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/jinja/text_tools.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

/// Texts in lower case unless case counts: how Jinja compares in sort, unique, min and max.
Value folded(Interpreter& interpreter, const Value& value, bool caseSensitive)
{
    return value.text() != nullptr && !caseSensitive ? interpreter.text(unicode::lower(*value.text()))
                                                     : value;
}

Value first(Interpreter& interpreter, const Value& input, const Arguments&)
{
    if (const Sequence* sequence = input.sequence(); sequence != nullptr && !sequence->items.empty())
        return sequence->items.front();
    const auto items = interpreter.iterate(input);
    if (!items)
        return {};
    return items->empty() ? Value::undefined("No first item, sequence was empty.") : items->front();
}

Value last(Interpreter& interpreter, const Value& input, const Arguments&)
{
    if (const Sequence* sequence = input.sequence(); sequence != nullptr && !sequence->items.empty())
        return sequence->items.back();
    const auto items = interpreter.iterate(input);
    if (!items)
        return {};
    return items->empty() ? Value::undefined("No last item, sequence was empty.") : items->back();
}

Value join(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::string separator = textArgument(interpreter, arguments, 0, "d", "");
    const Value* path = arguments.find(1, "attribute");
    const auto items = interpreter.iterate(input);
    if (!items)
        return {};
    std::string out;
    for (std::size_t i = 0; i < items->size(); ++i) {
        const std::string part = print(interpreter, attributePath(interpreter, (*items)[i], path));
        if (interpreter.failed() || !interpreter.spend(part.size() / 64) ||
            out.size() + separator.size() + part.size() > interpreter.limits().created)
            return interpreter.fail("the template makes too much text");
        out.append(i == 0 ? "" : separator).append(part);
    }
    return interpreter.text(std::move(out));
}

Value list(Interpreter& interpreter, const Value& input, const Arguments&)
{
    auto items = interpreter.iterate(input);
    return items ? interpreter.sequence(std::move(*items)) : Value();
}

Value reverse(Interpreter& interpreter, const Value& input, const Arguments&)
{
    if (const std::string* text = input.text()) {
        std::string out;
        if (interpreter.spend(text->size() / 16))
            for (const std::string_view character : characters(*text))
                out.append(character.rbegin(), character.rend());
        std::reverse(out.begin(), out.end());
        return interpreter.text(std::move(out));
    }
    auto items = interpreter.iterate(input);
    if (!items)
        return {};
    std::reverse(items->begin(), items->end());
    return interpreter.sequence(std::move(*items), SequenceKind::Generator);
}

struct Keyed
{
    std::vector<Value> keys;
    Value value;
};

/// By all the keys in turn; the first failure ends every comparison quickly.
bool before(Interpreter& interpreter, const Keyed& a, const Keyed& b)
{
    for (std::size_t i = 0; i < a.keys.size() && !interpreter.failed(); ++i)
        if (!equal(a.keys[i], b.keys[i]))
            return ordered(interpreter, a.keys[i], b.keys[i]) < 0;
    return false;
}

std::vector<Keyed> withKeys(Interpreter& interpreter, std::vector<Value> items, const Value* path,
                            bool caseSensitive)
{
    std::vector<std::string> paths;
    if (path != nullptr && path->text() != nullptr)
        for (const std::string_view part : split(*path->text(), ",", -1, false))
            paths.emplace_back(part);
    std::vector<Keyed> keyed;
    for (Value& item : items) {
        Keyed entry{{}, std::move(item)};
        if (paths.empty())
            entry.keys.push_back(
                folded(interpreter, attributePath(interpreter, entry.value, path), caseSensitive));
        for (const std::string& part : paths) {
            const Value key = Value::literal(part);
            entry.keys.push_back(
                folded(interpreter, attributePath(interpreter, entry.value, &key), caseSensitive));
        }
        keyed.push_back(std::move(entry));
        if (interpreter.failed())
            return {};
    }
    return keyed;
}

/// A merge sort: bears a comparison that is no order, which a failed one is not.
void sortKeyed(Interpreter& interpreter, std::vector<Keyed>& keyed, bool descending)
{
    if (descending)
        std::reverse(keyed.begin(), keyed.end()); // equal ones keep their order
    std::vector<Keyed> merged(keyed.size());
    for (std::size_t width = 1; width < keyed.size() && interpreter.spend(keyed.size()); width *= 2) {
        for (std::size_t begin = 0; begin < keyed.size(); begin += 2 * width) {
            const auto at = [&](std::size_t i) {
                return keyed.begin() + static_cast<std::ptrdiff_t>(std::min(i, keyed.size()));
            };
            std::merge(at(begin), at(begin + width), at(begin + width), at(begin + 2 * width),
                       merged.begin() + static_cast<std::ptrdiff_t>(begin),
                       [&](const Keyed& a, const Keyed& b) { return before(interpreter, a, b); });
        }
        keyed = merged;
    }
    if (descending)
        std::reverse(keyed.begin(), keyed.end());
}

std::vector<Value> sorted(Interpreter& interpreter, std::vector<Value> items, const Value* path,
                          bool caseSensitive, bool descending)
{
    std::vector<Keyed> keyed = withKeys(interpreter, std::move(items), path, caseSensitive);
    sortKeyed(interpreter, keyed, descending);
    std::vector<Value> out;
    for (Keyed& entry : keyed)
        out.push_back(std::move(entry.value));
    return out;
}

Value sort(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    auto items = interpreter.iterate(input);
    if (!items)
        return {};
    return interpreter.sequence(sorted(interpreter, std::move(*items), arguments.find(2, "attribute"),
                                       flagArgument(arguments, 1, "case_sensitive", false),
                                       flagArgument(arguments, 0, "reverse", false)));
}

Value unique(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const bool caseSensitive = flagArgument(arguments, 0, "case_sensitive", false);
    const Value* path = arguments.find(1, "attribute");
    const auto items = interpreter.iterate(input);
    std::vector<Value> kept;
    Mapping seen;
    for (std::size_t i = 0; items && i < items->size(); ++i) {
        const Value key = folded(interpreter, attributePath(interpreter, (*items)[i], path), caseSensitive);
        if (interpreter.failed() || !interpreter.spend(key.text() != nullptr ? 1 : seen.entries.size()))
            return {};
        if (seen.find(key) != nullptr)
            continue;
        seen.set(key, Value(None{}));
        kept.push_back((*items)[i]);
    }
    return interpreter.sequence(std::move(kept), SequenceKind::Generator);
}

template<bool wantsLargest>
Value extreme(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    auto items = interpreter.iterate(input);
    if (!items)
        return {};
    if (items->empty())
        return Value::undefined("No aggregated item, sequence was empty.");
    auto keyed = withKeys(interpreter, std::move(*items), arguments.find(1, "attribute"),
                          flagArgument(arguments, 0, "case_sensitive", false));
    if (keyed.empty())
        return {};
    std::size_t best = 0;
    for (std::size_t i = 1; i < keyed.size() && !interpreter.failed(); ++i)
        if (wantsLargest ? before(interpreter, keyed[best], keyed[i])
                         : before(interpreter, keyed[i], keyed[best]))
            best = i;
    return keyed[best].value;
}

Value sum(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const Value* path = arguments.find(0, "attribute");
    const Value* start = arguments.find(1, "start");
    Value total = start != nullptr ? *start : Value(std::int64_t{0});
    const auto items = interpreter.iterate(input);
    for (std::size_t i = 0; items && i < items->size() && !interpreter.failed(); ++i)
        total =
            binary(interpreter, BinaryOperator::Add, total, attributePath(interpreter, (*items)[i], path));
    return total;
}

std::vector<Value> pairsOf(Interpreter& interpreter, const Mapping& mapping)
{
    std::vector<Value> pairs;
    for (const auto& [key, value] : mapping.entries)
        pairs.push_back(interpreter.sequence({key, value}, SequenceKind::Tuple));
    return pairs;
}

Value items(Interpreter& interpreter, const Value& input, const Arguments&)
{
    if (input.isUndefined())
        return interpreter.sequence({}, SequenceKind::Generator);
    if (input.mapping() == nullptr)
        return interpreter.fail("Can only get item pairs from a mapping.");
    return interpreter.sequence(pairsOf(interpreter, *input.mapping()), SequenceKind::Generator);
}

Value dictSort(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    if (input.mapping() == nullptr)
        return interpreter.fail("the filter \"dictsort\" needs a dict");
    const Value place(std::int64_t{textArgument(interpreter, arguments, 1, "by", "key") == "value" ? 1 : 0});
    return interpreter.sequence(sorted(interpreter, pairsOf(interpreter, *input.mapping()), &place,
                                       flagArgument(arguments, 0, "case_sensitive", false),
                                       flagArgument(arguments, 2, "reverse", false)));
}

Value batch(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::int64_t size = integerArgument(interpreter, arguments, 0, "linecount", 0);
    const Value* fill = arguments.find(1, "fill_with");
    const auto all = interpreter.iterate(input);
    if (!all)
        return {};
    if (size < 1 || (fill != nullptr && !interpreter.allow(static_cast<std::uint64_t>(size) * sizeof(Value))))
        return interpreter.fail("the filter \"batch\" needs a size of at least 1");
    std::vector<Value> rows;
    for (std::size_t begin = 0; begin < all->size(); begin += static_cast<std::size_t>(size)) {
        const std::size_t end = std::min(all->size(), begin + static_cast<std::size_t>(size));
        std::vector<Value> row(all->begin() + static_cast<std::ptrdiff_t>(begin),
                               all->begin() + static_cast<std::ptrdiff_t>(end));
        if (fill != nullptr && !fill->isNone())
            row.resize(static_cast<std::size_t>(size), *fill);
        rows.push_back(interpreter.sequence(std::move(row)));
    }
    return interpreter.sequence(std::move(rows), SequenceKind::Generator);
}

constexpr NamedFilter kFilters[] = {
    {"first", first},        {"last", last}, {"join", join},     {"list", list},
    {"reverse", reverse},    {"sort", sort}, {"unique", unique}, {"max", extreme<true>},
    {"min", extreme<false>}, {"sum", sum},   {"items", items},   {"dictsort", dictSort},
    {"batch", batch},
};

} // namespace

Filter findListFilter(std::string_view name)
{
    for (const NamedFilter& entry : kFilters)
        if (entry.name == name)
            return entry.filter;
    return nullptr;
}

} // namespace vitrine::engine::jinja
