// SPDX-License-Identifier: GPL-3.0-or-later
// Methods of dicts and lists. Those that would change them are refused, as Jinja's sandbox does.
#include <algorithm>

#include "engine/tokenizer/jinja/methods.h"
#include "engine/tokenizer/jinja/operators.h"

namespace vitrine::engine::jinja {

namespace {

Value get(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    if (arguments.positional.empty())
        return interpreter.fail("get expected at least 1 argument, got 0");
    const Mapping& mapping = *self.mapping();
    const Value& key = arguments.positional[0];
    if (!interpreter.spend(key.text() != nullptr ? 1 : mapping.entries.size()))
        return {};
    if (const Value* found = mapping.find(key))
        return *found;
    return arguments.positional.size() > 1 ? arguments.positional[1] : Value(None{});
}

Value keys(Interpreter& interpreter, const Value& self, const Arguments&)
{
    auto names = interpreter.iterate(self);
    return names ? interpreter.sequence(std::move(*names), SequenceKind::Keys) : Value();
}

Value values(Interpreter& interpreter, const Value& self, const Arguments&)
{
    std::vector<Value> all;
    for (const auto& entry : self.mapping()->entries)
        all.push_back(entry.second);
    return interpreter.sequence(std::move(all), SequenceKind::Values);
}

Value items(Interpreter& interpreter, const Value& self, const Arguments&)
{
    std::vector<Value> pairs;
    for (const auto& [key, value] : self.mapping()->entries)
        pairs.push_back(interpreter.sequence({key, value}, SequenceKind::Tuple));
    return interpreter.sequence(std::move(pairs), SequenceKind::Items);
}

Value copy(Interpreter&, const Value& self, const Arguments&)
{
    return self; // values never change
}

Value index(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    const auto& all = self.sequence()->items;
    for (std::size_t i = 0; !arguments.positional.empty() && i < all.size(); ++i)
        if (interpreter.spend(all[i].extent().weight) && equal(all[i], arguments.positional[0]))
            return Value(static_cast<std::int64_t>(i));
    return interpreter.fail("the value is not in the list");
}

Value count(Interpreter& interpreter, const Value& self, const Arguments& arguments)
{
    std::int64_t found = 0;
    for (const Value& item : self.sequence()->items)
        found += !arguments.positional.empty() && interpreter.spend(item.extent().weight) &&
                 equal(item, arguments.positional[0]);
    return Value(found);
}

Value refuseDict(Interpreter& interpreter, const Value&, const Arguments&)
{
    return interpreter.fail("a template cannot change a dict");
}

Value refuseList(Interpreter& interpreter, const Value&, const Arguments&)
{
    return interpreter.fail("a template cannot change a list");
}

constexpr NamedMethod kDictMethods[] = {
    {"get", get},          {"keys", keys},
    {"values", values},    {"items", items},
    {"copy", copy},        {"update", refuseDict},
    {"pop", refuseDict},   {"popitem", refuseDict},
    {"clear", refuseDict}, {"setdefault", refuseDict},
};
constexpr NamedMethod kListMethods[] = {
    {"index", index},       {"count", count},       {"copy", copy},          {"append", refuseList},
    {"extend", refuseList}, {"insert", refuseList}, {"pop", refuseList},     {"remove", refuseList},
    {"clear", refuseList},  {"sort", refuseList},   {"reverse", refuseList},
};

template<std::size_t N>
Method among(const NamedMethod (&methods)[N], std::string_view name)
{
    for (const NamedMethod& entry : methods)
        if (entry.name == name)
            return entry.method;
    return nullptr;
}

} // namespace

Value methodOf(Interpreter&, const Value& object, const std::string& name)
{
    Method method = nullptr;
    if (object.text() != nullptr)
        method = findTextMethod(name);
    else if (object.mapping() != nullptr)
        method = among(kDictMethods, name);
    else if (object.sequence() != nullptr && object.sequence()->kind <= SequenceKind::Tuple)
        method = among(kListMethods, name);
    if (method == nullptr)
        return {};
    Extent extent;
    extent.add(object.extent());
    return makeFunction(
        name,
        [method, object](Interpreter& interpreter, const Arguments& arguments) {
            return method(interpreter, object, arguments);
        },
        extent);
}

} // namespace vitrine::engine::jinja
