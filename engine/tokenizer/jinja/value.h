// SPDX-License-Identifier: GPL-3.0-or-later
// The values of a template: Python's, as Jinja shows them. Cheap to copy: text and containers are shared and
// never change. Only objects (namespaces, loops) have state; they belong to one rendering.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace vitrine::engine::jinja {

class Interpreter;
class Object;
class Value;
struct Sequence;
struct Mapping;

/// A missing variable or attribute: empty where printed, an error where used. Carries the error's words.
struct Undefined
{
    std::shared_ptr<const std::string> why;
};
struct None
{};

/// What walking all of a value costs. Containers share their parts, so a few lines of a template could
/// otherwise describe one that takes forever to print.
struct Extent
{
    int depth = 1;            ///< levels of containers
    std::uint64_t weight = 1; ///< values, and the bytes of texts / 64
    void add(const Extent& part)
    {
        depth = depth > part.depth ? depth : part.depth + 1;
        weight += part.weight;
    }
};

using Text = std::shared_ptr<const std::string>;

class Value
{
public:
    using State =
        std::variant<Undefined, None, bool, std::int64_t, double, Text, std::shared_ptr<const Sequence>,
                     std::shared_ptr<const Mapping>, std::shared_ptr<Object>>;

    Value() = default;
    Value(None) : m_state(None{}) {}
    explicit Value(Undefined undefined) : m_state(std::move(undefined)) {}
    explicit Value(bool value) : m_state(value) {}
    explicit Value(std::int64_t value) : m_state(value) {}
    explicit Value(double value) : m_state(value) {}
    explicit Value(Text text) : m_state(std::move(text)) {}
    explicit Value(std::shared_ptr<const Sequence> sequence) : m_state(std::move(sequence)) {}
    explicit Value(std::shared_ptr<const Mapping> mapping) : m_state(std::move(mapping)) {}
    explicit Value(std::shared_ptr<Object> object) : m_state(std::move(object)) {}
    /// Short texts of our own; what a template builds goes through Interpreter::text, which counts it.
    static Value literal(std::string_view text) { return Value(std::make_shared<const std::string>(text)); }
    static Value undefined(std::string why)
    {
        return Value(Undefined{std::make_shared<const std::string>(std::move(why))});
    }

    const State& state() const { return m_state; }
    template<class T>
    const T* as() const
    {
        return std::get_if<T>(&m_state);
    }
    bool isUndefined() const { return as<Undefined>() != nullptr; }
    bool isNone() const { return as<None>() != nullptr; }
    const std::string* text() const
    {
        const Text* held = as<Text>();
        return held != nullptr ? held->get() : nullptr;
    }
    const Sequence* sequence() const
    {
        const auto* held = as<std::shared_ptr<const Sequence>>();
        return held != nullptr ? held->get() : nullptr;
    }
    const Mapping* mapping() const
    {
        const auto* held = as<std::shared_ptr<const Mapping>>();
        return held != nullptr ? held->get() : nullptr;
    }
    Object* object() const
    {
        const auto* held = as<std::shared_ptr<Object>>();
        return held != nullptr ? held->get() : nullptr;
    }
    /// Integers and booleans, which are integers in Python.
    const std::int64_t* integer() const { return as<std::int64_t>(); }
    bool isNumber() const { return as<bool>() || as<std::int64_t>() || as<double>(); }

    Extent extent() const;

private:
    State m_state;
};

enum class SequenceKind : std::uint8_t { List, Tuple, Generator, Keys, Values, Items };

struct Sequence
{
    SequenceKind kind = SequenceKind::List;
    std::vector<Value> items;
    Extent extent;
};

/// A dict: keeps the order of insertion.
struct Mapping
{
    std::vector<std::pair<Value, Value>> entries;
    Extent extent;

    const Value* find(const Value& key) const;
    const Value* find(std::string_view key) const;
    /// Replaces the value of an equal key: O(n) then.
    void set(Value key, Value value);

private:
    std::unordered_map<std::string_view, std::size_t> m_byText; // views into the keys
};

/// Arguments of a call, filter or test.
struct Arguments
{
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> named;

    /// By place or by name; nullptr when not given.
    const Value* find(std::size_t place, std::string_view name) const;
};

/// Everything that is not data: functions, macros, namespaces, loops.
class Object
{
public:
    virtual ~Object() = default;
    virtual std::string_view typeName() const = 0;
    virtual std::string print() const;
    /// Undefined without words when there is no such attribute.
    virtual Value attribute(Interpreter&, std::string_view) const { return {}; }
    virtual Value call(Interpreter& interpreter, const Arguments& arguments);
    virtual bool callable() const { return false; }
    /// Of the values it holds, so that these cannot nest without bound.
    virtual Extent extent() const { return {0, 1}; }
};

bool truthy(const Value& value);
/// Python's name of the type: "str", "int", "dict" …
std::string_view typeName(const Value& value);
/// As Python's str() and repr().
std::string toText(const Value& value);
std::string toRepr(const Value& value);
std::string floatRepr(double value);
std::string textRepr(std::string_view text);

} // namespace vitrine::engine::jinja
