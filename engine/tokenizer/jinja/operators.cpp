// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/operators.h"

#include <algorithm>
#include <cmath>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/interpreter.h"

namespace vitrine::engine::jinja {

namespace {

std::string quotedType(const Value& value)
{
    return "'" + std::string(typeName(value)) + "'";
}

/// The words of an undefined operand, or those given.
Value failOperand(Interpreter& interpreter, const Value& left, const Value& right, std::string otherwise)
{
    for (const Value* value : {&left, &right})
        if (const Undefined* missing = value->as<Undefined>())
            return interpreter.fail(missing->why ? *missing->why : "a value is undefined");
    return interpreter.fail(std::move(otherwise));
}

Value floatResult(Interpreter& interpreter, BinaryOperator operation, double a, double b)
{
    const bool divides = operation == BinaryOperator::Divide || operation == BinaryOperator::FloorDivide ||
                         operation == BinaryOperator::Modulo;
    if (divides && b == 0)
        return interpreter.fail("division by zero");
    switch (operation) {
    case BinaryOperator::Add:
        return Value(a + b);
    case BinaryOperator::Subtract:
        return Value(a - b);
    case BinaryOperator::Multiply:
        return Value(a * b);
    case BinaryOperator::Divide:
        return Value(a / b);
    case BinaryOperator::FloorDivide:
        return Value(std::floor(a / b));
    case BinaryOperator::Modulo: {
        const double rest = std::fmod(a, b);
        return Value(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
    }
    case BinaryOperator::Power:
        return Value(std::pow(a, b));
    }
    return {};
}

bool integerPower(std::int64_t base, std::int64_t exponent, std::int64_t& result)
{
    result = 1;
    while (exponent > 0) {
        if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result))
            return false;
        exponent >>= 1;
        if (exponent > 0 && __builtin_mul_overflow(base, base, &base))
            return false;
    }
    return true;
}

Value integerQuotient(Interpreter& interpreter, bool wantsRest, std::int64_t a, std::int64_t b)
{
    if (b == 0)
        return interpreter.fail("integer division or modulo by zero");
    if (b == -1) // the one quotient that may not fit
        return wantsRest ? Value(std::int64_t{0}) : negated(interpreter, Value(a));
    const std::int64_t rest = a % b;
    const bool adjust = rest != 0 && (rest < 0) != (b < 0);
    return Value(wantsRest ? (adjust ? rest + b : rest) : a / b - (adjust ? 1 : 0));
}

Value integerResult(Interpreter& interpreter, BinaryOperator operation, std::int64_t a, std::int64_t b)
{
    std::int64_t result = 0;
    bool fits = true;
    switch (operation) {
    case BinaryOperator::Add:
        fits = !__builtin_add_overflow(a, b, &result);
        break;
    case BinaryOperator::Subtract:
        fits = !__builtin_sub_overflow(a, b, &result);
        break;
    case BinaryOperator::Multiply:
        fits = !__builtin_mul_overflow(a, b, &result);
        break;
    case BinaryOperator::Power:
        if (b < 0)
            return a == 0 ? interpreter.fail("0.0 cannot be raised to a negative power")
                          : Value(std::pow(static_cast<double>(a), static_cast<double>(b)));
        fits = integerPower(a, b, result);
        break;
    case BinaryOperator::FloorDivide:
    case BinaryOperator::Modulo:
        return integerQuotient(interpreter, operation == BinaryOperator::Modulo, a, b);
    case BinaryOperator::Divide:
        return floatResult(interpreter, operation, static_cast<double>(a), static_cast<double>(b));
    }
    return fits ? Value(result) : interpreter.fail("the number is too large");
}

Value repeated(Interpreter& interpreter, const Value& value, std::int64_t count)
{
    const auto times = static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0));
    if (const std::string* text = value.text()) {
        if (times > interpreter.limits().created / (text->size() + 1) ||
            !interpreter.allow(times * text->size()))
            return interpreter.fail("the template makes too much text");
        std::string out;
        for (std::uint64_t i = 0; i < times; ++i)
            out += *text;
        return interpreter.text(std::move(out));
    }
    const Sequence& sequence = *value.sequence();
    const std::uint64_t bytes = sequence.items.size() * sizeof(Value) + 1;
    if (times > interpreter.limits().created / bytes || !interpreter.allow(times * bytes))
        return interpreter.fail("the template makes too long a list");
    std::vector<Value> items;
    for (std::uint64_t i = 0; i < times; ++i)
        items.insert(items.end(), sequence.items.begin(), sequence.items.end());
    return interpreter.sequence(std::move(items), sequence.kind);
}

bool isList(const Value& value)
{
    const Sequence* sequence = value.sequence();
    return sequence != nullptr &&
           (sequence->kind == SequenceKind::List || sequence->kind == SequenceKind::Tuple);
}

/// "+" of texts and lists, "*" with a number, "%" of a text; undefined when the operands are others.
std::optional<Value> containerResult(Interpreter& interpreter, BinaryOperator operation, const Value& left,
                                     const Value& right)
{
    const bool add = operation == BinaryOperator::Add;
    if (add && left.text() != nullptr && right.text() != nullptr)
        return interpreter.allow(left.text()->size() + right.text()->size())
                   ? interpreter.text(*left.text() + *right.text())
                   : Value();
    if (add && isList(left) && isList(right) && left.sequence()->kind == right.sequence()->kind) {
        std::vector<Value> items = left.sequence()->items;
        items.insert(items.end(), right.sequence()->items.begin(), right.sequence()->items.end());
        return interpreter.sequence(std::move(items), left.sequence()->kind);
    }
    if (operation == BinaryOperator::Multiply) {
        const bool leftHolds = left.text() != nullptr || isList(left);
        const bool rightHolds = right.text() != nullptr || isList(right);
        const auto count = asInteger(leftHolds ? right : left);
        if (leftHolds != rightHolds && count)
            return repeated(interpreter, leftHolds ? left : right, *count);
    }
    if (operation == BinaryOperator::Modulo && left.text() != nullptr)
        return formatted(interpreter, *left.text(), right);
    return std::nullopt;
}

} // namespace

std::optional<std::int64_t> asInteger(const Value& value)
{
    if (const bool* flag = value.as<bool>())
        return *flag ? 1 : 0;
    if (const std::int64_t* number = value.integer())
        return *number;
    return std::nullopt;
}

std::optional<double> asNumber(const Value& value)
{
    if (const double* number = value.as<double>())
        return *number;
    if (const auto integer = asInteger(value))
        return static_cast<double>(*integer);
    return std::nullopt;
}

Value binary(Interpreter& interpreter, BinaryOperator operation, const Value& left, const Value& right)
{
    static constexpr std::string_view kSigns[] = {"+", "-", "*", "/", "//", "%", "** or pow()"};
    const auto a = asInteger(left), b = asInteger(right);
    if (a && b)
        return integerResult(interpreter, operation, *a, *b);
    const auto x = asNumber(left), y = asNumber(right);
    if (x && y)
        return floatResult(interpreter, operation, *x, *y);
    if (auto result = containerResult(interpreter, operation, left, right))
        return *result;
    if (operation == BinaryOperator::Add && left.text() != nullptr)
        return failOperand(interpreter, left, right,
                           "can only concatenate str (not \"" + std::string(typeName(right)) + "\") to str");
    return failOperand(interpreter, left, right,
                       "unsupported operand type(s) for " + std::string(kSigns[static_cast<int>(operation)]) +
                           ": " + quotedType(left) + " and " + quotedType(right));
}

Value negated(Interpreter& interpreter, const Value& value)
{
    if (const auto integer = asInteger(value)) {
        std::int64_t result = 0;
        return __builtin_sub_overflow(std::int64_t{0}, *integer, &result)
                   ? interpreter.fail("the number is too large")
                   : Value(result);
    }
    if (const double* number = value.as<double>())
        return Value(-*number);
    return failOperand(interpreter, value, value, "bad operand type for unary -: " + quotedType(value));
}

bool compare(Interpreter& interpreter, Comparison comparison, const Value& left, const Value& right)
{
    switch (comparison) {
    case Comparison::Equal:
    case Comparison::NotEqual:
        return interpreter.spend(std::min(left.extent().weight, right.extent().weight)) &&
               equal(left, right) == (comparison == Comparison::Equal);
    case Comparison::In:
        return contains(interpreter, right, left);
    case Comparison::NotIn:
        return !contains(interpreter, right, left);
    case Comparison::Less:
        return ordered(interpreter, left, right, "<") < 0;
    case Comparison::LessEqual:
        return ordered(interpreter, left, right, "<=") <= 0;
    case Comparison::Greater:
        return ordered(interpreter, left, right, ">") > 0;
    case Comparison::GreaterEqual:
        return ordered(interpreter, left, right, ">=") >= 0;
    }
    return false;
}

int ordered(Interpreter& interpreter, const Value& left, const Value& right, std::string_view sign)
{
    if (!interpreter.spend(1))
        return 0;
    const auto a = asInteger(left), b = asInteger(right);
    if (a && b)
        return *a < *b ? -1 : *a > *b ? 1 : 0;
    const auto x = asNumber(left), y = asNumber(right);
    if (x && y)
        return *x < *y ? -1 : *x > *y ? 1 : 0;
    if (left.text() != nullptr && right.text() != nullptr) {
        interpreter.spend(std::min(left.text()->size(), right.text()->size()) / 64);
        const int order = left.text()->compare(*right.text());
        return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    if (isList(left) && isList(right) && left.sequence()->kind == right.sequence()->kind) {
        const auto &first = left.sequence()->items, &second = right.sequence()->items;
        for (std::size_t i = 0; i < first.size() && i < second.size() && !interpreter.failed(); ++i)
            if (!equal(first[i], second[i]))
                return ordered(interpreter, first[i], second[i], sign);
        return first.size() < second.size() ? -1 : first.size() > second.size() ? 1 : 0;
    }
    failOperand(interpreter, left, right,
                "'" + std::string(sign) + "' not supported between instances of " + quotedType(left) +
                    " and " + quotedType(right));
    return 0;
}

bool contains(Interpreter& interpreter, const Value& container, const Value& item)
{
    if (const std::string* text = container.text()) {
        if (item.text() == nullptr) {
            failOperand(interpreter, item, item,
                        "'in <string>' requires string as left operand, not " + std::string(typeName(item)));
            return false;
        }
        return interpreter.spend(text->size() / 16) && text->find(*item.text()) != std::string::npos;
    }
    if (const Mapping* mapping = container.mapping())
        return interpreter.spend(item.text() != nullptr ? 1 : mapping->entries.size()) &&
               mapping->find(item) != nullptr;
    if (container.isUndefined())
        return false;
    if (const Sequence* sequence = container.sequence()) {
        return std::any_of(sequence->items.begin(), sequence->items.end(), [&](const Value& held) {
            return interpreter.spend(std::min(held.extent().weight, item.extent().weight)) &&
                   equal(held, item);
        });
    }
    interpreter.fail("argument of type " + quotedType(container) + " is not iterable");
    return false;
}

} // namespace vitrine::engine::jinja
