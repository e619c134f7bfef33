// SPDX-License-Identifier: GPL-3.0-or-later
// Filters that go item by item: map, select, reject and their like, groupby.
#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/jinja/tests.h"

namespace vitrine::engine::jinja {

namespace {

/// Without the first `count` positional ones.
Arguments rest(const Arguments& arguments, std::size_t count)
{
    Arguments out;
    for (std::size_t i = count; i < arguments.positional.size(); ++i)
        out.positional.push_back(arguments.positional[i]);
    out.named = arguments.named;
    return out;
}

/// Nothing of whatever is false, even when it is no list.
std::optional<std::vector<Value>> itemsOf(Interpreter& interpreter, const Value& input)
{
    return truthy(input) ? interpreter.iterate(input) : std::vector<Value>();
}

Value mapItem(Interpreter& interpreter, const Value& item, const Arguments& arguments)
{
    if (const Value* path = arguments.find(arguments.positional.size(), "attribute")) {
        const Value found = attributePath(interpreter, item, path);
        const Value* otherwise = arguments.find(arguments.positional.size(), "default");
        return found.isUndefined() && otherwise != nullptr ? *otherwise : found;
    }
    if (arguments.positional.empty())
        return interpreter.fail("map requires a filter argument");
    return applyFilter(interpreter, print(interpreter, arguments.positional[0]), item, rest(arguments, 1));
}

Value map(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const auto items = itemsOf(interpreter, input);
    std::vector<Value> out;
    for (std::size_t i = 0; items && i < items->size() && !interpreter.failed(); ++i)
        out.push_back(mapItem(interpreter, (*items)[i], arguments));
    return interpreter.sequence(std::move(out), SequenceKind::Generator);
}

/// The items whose truth, or whose test's, is `wanted`. With `byAttribute` the first argument names it.
template<bool wanted, bool byAttribute>
Value select(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const std::size_t before = byAttribute ? 1 : 0;
    if (arguments.positional.size() < before)
        return interpreter.fail("Missing parameter for attribute name");
    const Value* path = byAttribute ? &arguments.positional[0] : nullptr;
    const bool hasTest = arguments.positional.size() > before;
    const std::string test = hasTest ? print(interpreter, arguments.positional[before]) : std::string();
    const Arguments passed = rest(arguments, before + 1);
    const auto items = itemsOf(interpreter, input);
    std::vector<Value> kept;
    for (std::size_t i = 0; items && i < items->size() && !interpreter.failed(); ++i) {
        const Value value = attributePath(interpreter, (*items)[i], path);
        const bool holds = hasTest ? applyTest(interpreter, test, value, passed) : truthy(value);
        if (holds == wanted)
            kept.push_back((*items)[i]);
    }
    return interpreter.sequence(std::move(kept), SequenceKind::Generator);
}

Value groupBy(Interpreter& interpreter, const Value& input, const Arguments& arguments)
{
    const Value* path = arguments.find(0, "attribute");
    if (path == nullptr)
        return interpreter.fail("the filter \"groupby\" needs an attribute");
    Arguments sorting;
    sorting.named.emplace_back("attribute", *path);
    const Value sorted = applyFilter(interpreter, "sort", input, sorting);
    std::vector<Value> groups, members;
    Value key;
    const auto close = [&] {
        if (!members.empty())
            groups.push_back(
                interpreter.sequence({key, interpreter.sequence(std::move(members))}, SequenceKind::Tuple));
        members = {};
    };
    const auto items = interpreter.iterate(sorted);
    for (std::size_t i = 0; items && i < items->size() && !interpreter.failed(); ++i) {
        const Value next = attributePath(interpreter, (*items)[i], path);
        if (!members.empty() && !equal(next, key))
            close();
        key = next;
        members.push_back((*items)[i]);
    }
    close();
    return interpreter.sequence(std::move(groups));
}

constexpr NamedFilter kFilters[] = {
    {"map", map},
    {"select", select<true, false>},
    {"reject", select<false, false>},
    {"selectattr", select<true, true>},
    {"rejectattr", select<false, true>},
    {"groupby", groupBy},
};

} // namespace

Filter findSelectionFilter(std::string_view name)
{
    for (const NamedFilter& entry : kFilters)
        if (entry.name == name)
            return entry.filter;
    return nullptr;
}

} // namespace vitrine::engine::jinja
