// SPDX-License-Identifier: GPL-3.0-or-later
// How expressions evaluate.
#include "engine/tokenizer/jinja/ast.h"
#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/tests.h"

namespace vitrine::engine::jinja {

namespace {

std::vector<Value> evaluateAll(Interpreter& interpreter, const std::vector<ExpressionPointer>& expressions)
{
    std::vector<Value> values;
    values.reserve(expressions.size());
    for (const auto& expression : expressions)
        values.push_back(interpreter.evaluate(*expression));
    return values;
}

/// Nothing is none.
Value optional(Interpreter& interpreter, const ExpressionPointer& expression)
{
    return expression ? interpreter.evaluate(*expression) : Value(None{});
}

} // namespace

Value ListDisplay::evaluate(Interpreter& interpreter) const
{
    return interpreter.sequence(evaluateAll(interpreter, items), kind);
}

Value DictDisplay::evaluate(Interpreter& interpreter) const
{
    Mapping mapping;
    for (const auto& [keyExpression, valueExpression] : entries) {
        Value key = interpreter.evaluate(*keyExpression);
        Value value = interpreter.evaluate(*valueExpression);
        const bool list = key.sequence() != nullptr && key.sequence()->kind != SequenceKind::Tuple;
        if (list || key.mapping() != nullptr)
            return interpreter.fail("unhashable type: '" + std::string(typeName(key)) + "'");
        if (interpreter.failed() || !interpreter.spend(key.text() == nullptr ? mapping.entries.size() : 1))
            return {};
        mapping.set(std::move(key), std::move(value));
    }
    return interpreter.mapping(std::move(mapping));
}

Value Binary::evaluate(Interpreter& interpreter) const
{
    const Value a = interpreter.evaluate(*left);
    const Value b = interpreter.evaluate(*right);
    return interpreter.failed() ? Value() : binary(interpreter, operation, a, b);
}

Value Negation::evaluate(Interpreter& interpreter) const
{
    const Value value = interpreter.evaluate(*operand);
    if (interpreter.failed())
        return {};
    if (minus)
        return negated(interpreter, value);
    if (const auto integer = asInteger(value))
        return Value(*integer);
    return value.isNumber()
               ? value
               : interpreter.fail("bad operand type for unary +: '" + std::string(typeName(value)) + "'");
}

Value Not::evaluate(Interpreter& interpreter) const
{
    return Value(!truthy(interpreter.evaluate(*operand)));
}

Value Logic::evaluate(Interpreter& interpreter) const
{
    Value first = interpreter.evaluate(*left);
    return truthy(first) == isAnd ? interpreter.evaluate(*right) : first;
}

Value ComparisonChain::evaluate(Interpreter& interpreter) const
{
    Value previous = interpreter.evaluate(*first);
    for (const auto& [comparison, expression] : rest) {
        Value next = interpreter.evaluate(*expression);
        if (interpreter.failed())
            return {};
        if (!compare(interpreter, comparison, previous, next))
            return Value(false);
        previous = std::move(next);
    }
    return Value(true);
}

Value Concatenation::evaluate(Interpreter& interpreter) const
{
    std::string text;
    for (const auto& part : parts) {
        const Value value = interpreter.evaluate(*part);
        if (interpreter.failed())
            return {};
        if (const std::string* held = value.text();
            held != nullptr && !interpreter.allow(text.size() + held->size()))
            return {};
        text += print(interpreter, value);
    }
    return interpreter.text(std::move(text));
}

Value Conditional::evaluate(Interpreter& interpreter) const
{
    if (truthy(interpreter.evaluate(*condition)))
        return interpreter.evaluate(*then);
    if (otherwise)
        return interpreter.evaluate(*otherwise);
    return Value::undefined("the inline if-expression on line " + std::to_string(line) +
                            " evaluated to false and no else section was defined.");
}

Value Attribute::evaluate(Interpreter& interpreter) const
{
    const Value held = interpreter.evaluate(*object);
    return interpreter.failed() ? Value() : attributeOf(interpreter, held, name);
}

Value Item::evaluate(Interpreter& interpreter) const
{
    const Value held = interpreter.evaluate(*object);
    const Value place = interpreter.evaluate(*key);
    return interpreter.failed() ? Value() : itemOf(interpreter, held, place);
}

Value Slice::evaluate(Interpreter& interpreter) const
{
    const Value held = interpreter.evaluate(*object);
    const Value from = optional(interpreter, start), to = optional(interpreter, stop),
                by = optional(interpreter, step);
    return interpreter.failed() ? Value() : sliceOf(interpreter, held, from, to, by);
}

Arguments CallArguments::evaluate(Interpreter& interpreter) const
{
    Arguments arguments;
    arguments.positional = evaluateAll(interpreter, positional);
    for (const auto& [name, expression] : named)
        arguments.named.emplace_back(name, interpreter.evaluate(*expression));
    if (sequence) {
        if (auto more = interpreter.iterate(interpreter.evaluate(*sequence)))
            arguments.positional.insert(arguments.positional.end(), more->begin(), more->end());
    }
    if (mapping) {
        const Value more = interpreter.evaluate(*mapping);
        if (more.mapping() == nullptr)
            interpreter.fail("argument after ** must be a mapping");
        else
            for (const auto& [key, value] : more.mapping()->entries)
                arguments.named.emplace_back(toText(key), value);
    }
    return arguments;
}

Value Call::evaluate(Interpreter& interpreter) const
{
    const Value called = interpreter.evaluate(*function);
    const Arguments values = arguments.evaluate(interpreter);
    if (interpreter.failed())
        return {};
    if (Object* object = called.object(); object != nullptr && object->callable()) {
        // The callee may be the last to hold what it runs on.
        const Value keepAlive = called;
        return object->call(interpreter, values);
    }
    if (const Undefined* missing = called.as<Undefined>())
        return interpreter.fail(missing->why ? *missing->why : "an undefined value is not callable");
    return interpreter.fail("'" + std::string(typeName(called)) + "' object is not callable");
}

Value FilterCall::evaluate(Interpreter& interpreter) const
{
    const Value value = interpreter.evaluate(*input);
    return interpreter.failed() ? Value() : apply(interpreter, value);
}

Value FilterCall::apply(Interpreter& interpreter, const Value& value) const
{
    const Arguments values = arguments.evaluate(interpreter);
    return interpreter.failed() ? Value() : applyFilter(interpreter, name, value, values);
}

Value TestCall::evaluate(Interpreter& interpreter) const
{
    const Value value = interpreter.evaluate(*input);
    const Arguments values = arguments.evaluate(interpreter);
    if (interpreter.failed())
        return {};
    return Value(applyTest(interpreter, name, value, values) != negated);
}

} // namespace vitrine::engine::jinja
