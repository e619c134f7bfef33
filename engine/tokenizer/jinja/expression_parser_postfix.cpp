// SPDX-License-Identifier: GPL-3.0-or-later
// What follows a value: attributes, keys, slices, calls.
#include <algorithm>

#include "engine/tokenizer/jinja/expression_parser.h"

namespace vitrine::engine::jinja {

void ExpressionParser::parseArgument(CallArguments& arguments)
{
    if (takeOperator("**")) {
        arguments.mapping = parseExpression();
    } else if (takeOperator("*")) {
        arguments.sequence = parseExpression();
    } else if (current().type == TokenType::Name && ahead().is(TokenType::Operator, "=")) {
        std::string name = expectName();
        next();
        arguments.named.emplace_back(std::move(name), parseExpression());
    } else if (!arguments.named.empty() || arguments.mapping) {
        fail("an argument without a name follows one with a name");
    } else {
        arguments.positional.push_back(parseExpression());
    }
}

CallArguments ExpressionParser::parseArguments()
{
    CallArguments arguments;
    expectOperator("(");
    while (!failed() && !isOperator(")")) {
        parseArgument(arguments);
        if (!takeOperator(","))
            break;
    }
    expectOperator(")");
    return arguments;
}

ExpressionPointer ExpressionParser::parseCall(ExpressionPointer function)
{
    auto node = make<Call>();
    node->arguments = parseArguments();
    node->function = std::move(function);
    node->depth = 1 + node->arguments.depth();
    const Expression* a = node->function.get();
    return finish(std::move(node), {a});
}

ExpressionPointer ExpressionParser::parsePostfix(ExpressionPointer object)
{
    while (!failed()) {
        if (takeOperator("."))
            object = parseDot(std::move(object));
        else if (takeOperator("["))
            object = parseSubscript(std::move(object));
        else if (isOperator("("))
            object = parseCall(std::move(object));
        else
            break;
    }
    return object;
}

ExpressionPointer ExpressionParser::parseDot(ExpressionPointer object)
{
    const Expression* below = object.get();
    if (current().type == TokenType::Integer) {
        auto node = make<Item>();
        node->object = std::move(object);
        node->key = parseNumber();
        return finish(std::move(node), {below});
    }
    auto node = make<Attribute>();
    node->name = expectName();
    node->object = std::move(object);
    return finish(std::move(node), {below});
}

ExpressionPointer ExpressionParser::parseOptional()
{
    if (isOperator(":") || isOperator("]") || isOperator(","))
        return nullptr;
    return parseExpression();
}

ExpressionPointer ExpressionParser::parseSubscript(ExpressionPointer object)
{
    const Expression* below = object.get();
    ExpressionPointer first = parseOptional();
    if (!isOperator(":")) {
        auto node = make<Item>();
        if (!first)
            failUnexpected("a key");
        expectOperator("]");
        node->object = std::move(object);
        node->key = std::move(first);
        const Expression* key = node->key.get();
        return finish(std::move(node), {below, key});
    }
    auto node = make<Slice>();
    node->object = std::move(object);
    node->start = std::move(first);
    next();
    node->stop = parseOptional();
    if (takeOperator(":"))
        node->step = parseOptional();
    expectOperator("]");
    const Expression *a = node->start.get(), *b = node->stop.get(), *c = node->step.get();
    return finish(std::move(node), {below, a, b, c});
}

int CallArguments::depth() const
{
    int deepest = std::max(depthOf(sequence.get()), depthOf(mapping.get()));
    for (const auto& argument : positional)
        deepest = std::max(deepest, depthOf(argument.get()));
    for (const auto& [name, argument] : named)
        deepest = std::max(deepest, depthOf(argument.get()));
    return deepest;
}

} // namespace vitrine::engine::jinja
