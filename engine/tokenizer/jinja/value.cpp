// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/value.h"

#include "engine/tokenizer/jinja/operators.h"

namespace vitrine::engine::jinja {

Extent Value::extent() const
{
    if (const Sequence* held = sequence())
        return held->extent;
    if (const Mapping* held = mapping())
        return held->extent;
    if (const Object* held = object())
        return held->extent();
    const std::string* held = text();
    return {0, held != nullptr ? 1 + held->size() / 64 : 1};
}

const Value* Mapping::find(const Value& key) const
{
    if (const std::string* text = key.text())
        return find(*text);
    for (const auto& [held, value] : entries)
        if (held.text() == nullptr && equal(held, key))
            return &value;
    return nullptr;
}

const Value* Mapping::find(std::string_view key) const
{
    const auto found = m_byText.find(key);
    return found == m_byText.end() ? nullptr : &entries[found->second].second;
}

void Mapping::set(Value key, Value value)
{
    extent.add(key.extent());
    extent.add(value.extent());
    if (const Value* there = find(key)) {
        for (auto& entry : entries)
            if (&entry.second == there)
                entry.second = std::move(value);
        return;
    }
    if (const std::string* text = key.text())
        m_byText.emplace(*text, entries.size());
    entries.emplace_back(std::move(key), std::move(value));
}

const Value* Arguments::find(std::size_t place, std::string_view name) const
{
    if (place < positional.size())
        return &positional[place];
    for (const auto& [held, value] : named)
        if (held == name)
            return &value;
    return nullptr;
}

std::string Object::print() const
{
    return "<" + std::string(typeName()) + " object>";
}

namespace {

struct Truth
{
    bool operator()(const Undefined&) const { return false; }
    bool operator()(None) const { return false; }
    bool operator()(bool value) const { return value; }
    bool operator()(std::int64_t value) const { return value != 0; }
    bool operator()(double value) const { return value != 0; }
    bool operator()(const Text& text) const { return !text->empty(); }
    bool operator()(const std::shared_ptr<const Sequence>& sequence) const
    {
        return !sequence->items.empty() || sequence->kind == SequenceKind::Generator;
    }
    bool operator()(const std::shared_ptr<const Mapping>& mapping) const { return !mapping->entries.empty(); }
    bool operator()(const std::shared_ptr<Object>&) const { return true; }
};

std::string_view sequenceName(SequenceKind kind)
{
    switch (kind) {
    case SequenceKind::List:
        return "list";
    case SequenceKind::Tuple:
        return "tuple";
    case SequenceKind::Generator:
        return "generator";
    case SequenceKind::Keys:
        return "dict_keys";
    case SequenceKind::Values:
        return "dict_values";
    case SequenceKind::Items:
        return "dict_items";
    }
    return "list";
}

} // namespace

bool truthy(const Value& value)
{
    return std::visit(Truth{}, value.state());
}

std::string_view typeName(const Value& value)
{
    static constexpr std::string_view kNames[] = {"Undefined", "NoneType", "bool", "int", "float", "str"};
    if (const Sequence* sequence = value.sequence())
        return sequenceName(sequence->kind);
    if (value.mapping() != nullptr)
        return "dict";
    if (const Object* object = value.object())
        return object->typeName();
    return kNames[value.state().index()];
}

} // namespace vitrine::engine::jinja
