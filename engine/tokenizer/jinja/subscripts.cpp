// SPDX-License-Identifier: GPL-3.0-or-later
// obj.name, obj[key], obj[a:b:c].
#include <algorithm>

#include "engine/tokenizer/jinja/interpreter.h"
#include "engine/tokenizer/jinja/objects.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/jinja/text_tools.h"

namespace vitrine::engine::jinja {

namespace {

/// As Jinja names a type in its messages.
std::string describe(const Value& value)
{
    return value.isNone() ? "None" : std::string(typeName(value)) + " object";
}

Value missingAttribute(const Value& object, const std::string& name)
{
    return Value::undefined("'" + describe(object) + "' has no attribute " + textRepr(name));
}

Value failUndefined(Interpreter& interpreter, const Value& value)
{
    const Undefined* missing = value.as<Undefined>();
    return interpreter.fail(missing->why ? *missing->why : "a value is undefined");
}

bool subscriptable(const Sequence& sequence)
{
    return sequence.kind == SequenceKind::List || sequence.kind == SequenceKind::Tuple;
}

/// From the end when negative; nullopt when outside.
std::optional<std::size_t> place(std::int64_t index, std::size_t size)
{
    const auto count = static_cast<std::int64_t>(size);
    if (index < -count || index >= count)
        return std::nullopt;
    return static_cast<std::size_t>(index < 0 ? index + count : index);
}

std::optional<Value> elementOf(Interpreter& interpreter, const Value& object, std::int64_t index)
{
    if (const Sequence* sequence = object.sequence(); sequence != nullptr && subscriptable(*sequence)) {
        const auto at = place(index, sequence->items.size());
        return at ? std::optional(sequence->items[*at]) : std::nullopt;
    }
    if (const std::string* text = object.text()) {
        if (!interpreter.spend(text->size() / 16))
            return Value();
        const auto offsets = characterOffsets(*text);
        const auto at = place(index, offsets.size() - 1);
        return at ? std::optional(
                        interpreter.text(text->substr(offsets[*at], offsets[*at + 1] - offsets[*at])))
                  : std::nullopt;
    }
    return std::nullopt;
}

struct Range
{
    std::int64_t start, stop, step;
};

/// Python's rules for slices; nullopt when a bound is no number or the step is zero.
std::optional<Range> resolve(const Value& start, const Value& stop, const Value& step, std::int64_t size)
{
    for (const Value* bound : {&start, &stop, &step})
        if (!bound->isNone() && !asInteger(*bound))
            return std::nullopt;
    const std::int64_t by = step.isNone() ? 1 : *asInteger(step);
    if (by == 0)
        return std::nullopt;
    const auto clamp = [&](const Value& bound, std::int64_t otherwise) {
        if (bound.isNone())
            return otherwise;
        std::int64_t at = std::max(*asInteger(bound), -size - 1);
        at = at < 0 ? at + size : at;
        return by > 0 ? std::clamp<std::int64_t>(at, 0, size) : std::clamp<std::int64_t>(at, -1, size - 1);
    };
    // A step beyond the size takes one item either way.
    const std::int64_t bounded = std::clamp(by, -size - 1, size + 1);
    return Range{clamp(start, by > 0 ? 0 : size - 1), clamp(stop, by > 0 ? size : -1), bounded};
}

template<class Visit>
void walk(const Range& range, Visit visit)
{
    for (std::int64_t i = range.start; range.step > 0 ? i < range.stop : i > range.stop; i += range.step)
        visit(static_cast<std::size_t>(i));
}

} // namespace

Value attributeOf(Interpreter& interpreter, const Value& object, const std::string& name)
{
    if (object.isUndefined())
        return failUndefined(interpreter, object);
    if (const Object* held = object.object()) {
        Value found = held->attribute(interpreter, name);
        return found.isUndefined() && !found.as<Undefined>()->why ? missingAttribute(object, name) : found;
    }
    if (Value method = methodOf(interpreter, object, name); !method.isUndefined() || interpreter.failed())
        return method;
    if (const Mapping* mapping = object.mapping())
        if (const Value* found = mapping->find(name))
            return *found;
    return missingAttribute(object, name);
}

Value itemOf(Interpreter& interpreter, const Value& object, const Value& key)
{
    if (object.isUndefined())
        return failUndefined(interpreter, object);
    if (key.isUndefined())
        return Value::undefined(describe(object) + " has no element Undefined");
    if (const Mapping* mapping = object.mapping()) {
        if (!interpreter.spend(key.text() != nullptr ? 1 : mapping->entries.size()))
            return {};
        if (const Value* found = mapping->find(key))
            return *found;
    }
    if (const auto index = asInteger(key))
        if (auto element = elementOf(interpreter, object, *index))
            return *element;
    if (const std::string* name = key.text())
        return attributeOf(interpreter, object, *name);
    return Value::undefined(describe(object) + " has no element " +
                            (interpreter.spend(key.extent().weight) ? toRepr(key) : ""));
}

Value sliceOf(Interpreter& interpreter, const Value& object, const Value& start, const Value& stop,
              const Value& step)
{
    if (object.isUndefined())
        return failUndefined(interpreter, object);
    const Sequence* sequence = object.sequence();
    const std::string* text = object.text();
    if (text == nullptr && (sequence == nullptr || !subscriptable(*sequence)))
        return Value::undefined(describe(object) + " cannot be sliced");
    if (!interpreter.spend(text != nullptr ? text->size() / 16 : sequence->items.size()))
        return {};
    const auto offsets = text != nullptr ? characterOffsets(*text) : std::vector<std::size_t>();
    const std::size_t size = text != nullptr ? offsets.size() - 1 : sequence->items.size();
    const auto range = resolve(start, stop, step, static_cast<std::int64_t>(size));
    if (!range)
        return interpreter.fail("slice indices must be integers or None, the step not zero");
    if (text != nullptr) {
        std::string out;
        walk(*range, [&](std::size_t i) { out.append(*text, offsets[i], offsets[i + 1] - offsets[i]); });
        return interpreter.text(std::move(out));
    }
    std::vector<Value> items;
    walk(*range, [&](std::size_t i) { items.push_back(sequence->items[i]); });
    return interpreter.sequence(std::move(items), sequence->kind);
}

} // namespace vitrine::engine::jinja
