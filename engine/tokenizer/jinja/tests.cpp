// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/tests.h"

#include <algorithm>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

using Test = bool (*)(Interpreter&, const Value&, const Arguments&);

bool isTrue(const Value& value)
{
    const bool* flag = value.as<bool>();
    return flag != nullptr && *flag;
}
bool isFalse(const Value& value)
{
    const bool* flag = value.as<bool>();
    return flag != nullptr && !*flag;
}
bool isContainer(const Value& value)
{
    return value.text() != nullptr || value.mapping() != nullptr || value.sequence() != nullptr ||
           value.isUndefined();
}

bool remainderIs(Interpreter& interpreter, const Value& value, std::int64_t divisor, std::int64_t rest)
{
    const Value result = binary(interpreter, BinaryOperator::Modulo, value, Value(divisor));
    return !interpreter.failed() && equal(result, Value(rest));
}

template<Comparison comparison>
bool comparesWith(Interpreter& interpreter, const Value& value, const Arguments& arguments)
{
    const Value* other = arguments.find(0, "other");
    if (other == nullptr) {
        interpreter.fail("the test needs a value to compare with");
        return false;
    }
    return compare(interpreter, comparison, value, *other);
}

bool divisible(Interpreter& interpreter, const Value& value, const Arguments& arguments)
{
    return remainderIs(interpreter, value, integerArgument(interpreter, arguments, 0, "num", 0), 0);
}

template<std::string (*change)(std::string_view), std::string (*opposite)(std::string_view)>
bool hasCase(Interpreter& interpreter, const Value& value, const Arguments&)
{
    const std::string text = print(interpreter, value);
    return change(text) == text && opposite(text) != text;
}

bool sameAs(Interpreter& interpreter, const Value& value, const Arguments& arguments)
{
    const Value* other = arguments.find(0, "other");
    if (other == nullptr) {
        interpreter.fail("the test needs a value to compare with");
        return false;
    }
    const bool sameType = value.state().index() == other->state().index();
    return sameType && interpreter.spend(std::min(value.extent().weight, other->extent().weight)) &&
           equal(value, *other);
}

struct NamedTest
{
    std::string_view name;
    Test test;
};
constexpr NamedTest kTests[] = {
    {"defined", [](auto&, const Value& v, auto&) { return !v.isUndefined(); }},
    {"undefined", [](auto&, const Value& v, auto&) { return v.isUndefined(); }},
    {"none", [](auto&, const Value& v, auto&) { return v.isNone(); }},
    {"string", [](auto&, const Value& v, auto&) { return v.text() != nullptr; }},
    {"mapping", [](auto&, const Value& v, auto&) { return v.mapping() != nullptr; }},
    {"sequence",
     [](auto&, const Value& v, auto&) {
         return isContainer(v) && (v.sequence() == nullptr || v.sequence()->kind <= SequenceKind::Tuple);
     }},
    {"iterable", [](auto&, const Value& v, auto&) { return isContainer(v); }},
    {"number", [](auto&, const Value& v, auto&) { return v.isNumber(); }},
    {"integer", [](auto&, const Value& v, auto&) { return v.integer() != nullptr; }},
    {"float", [](auto&, const Value& v, auto&) { return v.as<double>() != nullptr; }},
    {"boolean", [](auto&, const Value& v, auto&) { return v.as<bool>() != nullptr; }},
    {"true", [](auto&, const Value& v, auto&) { return isTrue(v); }},
    {"false", [](auto&, const Value& v, auto&) { return isFalse(v); }},
    {"callable", [](auto&, const Value& v,
                    auto&) { return v.isUndefined() || (v.object() != nullptr && v.object()->callable()); }},
    {"odd", [](auto& i, const Value& v, auto&) { return remainderIs(i, v, 2, 1); }},
    {"even", [](auto& i, const Value& v, auto&) { return remainderIs(i, v, 2, 0); }},
    {"divisibleby", divisible},
    {"lower", hasCase<unicode::lower, unicode::upper>},
    {"upper", hasCase<unicode::upper, unicode::lower>},
    {"sameas", sameAs},
    {"escaped", [](auto&, const Value&, auto&) { return false; }},
    {"in",
     [](auto& i, const Value& v, const Arguments& a) {
         const Value* holder = a.find(0, "seq");
         return holder != nullptr && contains(i, *holder, v);
     }},
    {"eq", comparesWith<Comparison::Equal>},
    {"equalto", comparesWith<Comparison::Equal>},
    {"==", comparesWith<Comparison::Equal>},
    {"ne", comparesWith<Comparison::NotEqual>},
    {"!=", comparesWith<Comparison::NotEqual>},
    {"lt", comparesWith<Comparison::Less>},
    {"lessthan", comparesWith<Comparison::Less>},
    {"<", comparesWith<Comparison::Less>},
    {"le", comparesWith<Comparison::LessEqual>},
    {"<=", comparesWith<Comparison::LessEqual>},
    {"gt", comparesWith<Comparison::Greater>},
    {"greaterthan", comparesWith<Comparison::Greater>},
    {">", comparesWith<Comparison::Greater>},
    {"ge", comparesWith<Comparison::GreaterEqual>},
    {">=", comparesWith<Comparison::GreaterEqual>},
};

} // namespace

bool applyTest(Interpreter& interpreter, const std::string& name, const Value& value,
               const Arguments& arguments)
{
    if (name == "filter" || name == "test") {
        interpreter.fail("the test \"" + name + "\" is not available");
        return false;
    }
    for (const NamedTest& entry : kTests)
        if (entry.name == name)
            return entry.test(interpreter, value, arguments);
    interpreter.fail("No test named '" + name + "'.");
    return false;
}

} // namespace vitrine::engine::jinja
