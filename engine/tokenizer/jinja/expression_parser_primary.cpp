// SPDX-License-Identifier: GPL-3.0-or-later
// The innermost level of the expression grammar: names, literals and displays.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/tokenizer/jinja/expression_parser.h"

namespace vitrine::engine::jinja {

ExpressionPointer ExpressionParser::parsePrimary()
{
    if (failed())
        return nullptr;
    switch (current().type) {
    case TokenType::Name:
        return parseNameOrConstant();
    case TokenType::Quoted:
        return parseTextLiteral();
    case TokenType::Integer:
    case TokenType::Float:
        return parseNumber();
    default:
        break;
    }
    if (isOperator("("))
        return parseParenthesis();
    if (isOperator("["))
        return parseList();
    if (isOperator("{"))
        return parseDict();
    failUnexpected("a value");
    return nullptr;
}

ExpressionPointer ExpressionParser::parseNameOrConstant()
{
    static constexpr std::string_view kTrue[] = {"true", "True"}, kFalse[] = {"false", "False"},
                                      kNone[] = {"none", "None"};
    const std::string& name = current().text;
    const auto among = [&](const auto& names) { return name == names[0] || name == names[1]; };
    const bool yes = among(kTrue), no = among(kFalse), none = among(kNone);
    if (yes || no || none) {
        auto node = make<Literal>();
        node->value = none ? Value(None{}) : Value(yes);
        next();
        return node;
    }
    auto node = make<Variable>();
    node->name = expectName();
    return node;
}

ExpressionPointer ExpressionParser::parseTextLiteral()
{
    auto node = make<Literal>();
    std::string text;
    for (; current().type == TokenType::Quoted; next())
        text += current().text;
    node->value = Value::literal(text);
    return node;
}

ExpressionPointer ExpressionParser::parseNumber()
{
    auto node = make<Literal>();
    const std::string& text = current().text;
    const char* end = text.data() + text.size();
    std::int64_t integer = 0;
    double number = 0;
    if (current().type == TokenType::Integer && std::from_chars(text.data(), end, integer).ec == std::errc())
        node->value = Value(integer);
    else if (current().type == TokenType::Float) // beyond the range: infinity, as in Python
        node->value = Value(std::from_chars(text.data(), end, number).ec == std::errc() ? number : HUGE_VAL);
    else
        fail("the number " + text.substr(0, 40) + " is too large");
    next();
    return node;
}

ExpressionPointer ExpressionParser::parseParenthesis()
{
    next();
    if (isOperator(")")) {
        auto empty = make<ListDisplay>();
        empty->kind = SequenceKind::Tuple;
        next();
        return empty;
    }
    ExpressionPointer inside = parseTuple();
    expectOperator(")");
    return inside;
}

ExpressionPointer ExpressionParser::parseTuple(bool withConditional)
{
    auto node = make<ListDisplay>();
    node->kind = SequenceKind::Tuple;
    bool several = false;
    while (!failed()) {
        node->items.push_back(withConditional ? parseExpression() : parseOr());
        if (!takeOperator(","))
            break;
        several = true;
        const TokenType type = current().type;
        if (isOperator(")") || type == TokenType::BlockEnd || type == TokenType::VariableEnd || isName("in"))
            break;
    }
    if (!several && !node->items.empty())
        return std::move(node->items[0]);
    for (const auto& item : node->items)
        node->depth = std::max(node->depth, 1 + depthOf(item.get()));
    return finish(std::move(node), {});
}

ExpressionPointer ExpressionParser::parseList()
{
    auto node = make<ListDisplay>();
    next();
    while (!failed() && !isOperator("]")) {
        node->items.push_back(parseExpression());
        node->depth = std::max(node->depth, 1 + depthOf(node->items.back().get()));
        if (!takeOperator(","))
            break;
    }
    expectOperator("]");
    return finish(std::move(node), {});
}

ExpressionPointer ExpressionParser::parseDict()
{
    auto node = make<DictDisplay>();
    next();
    while (!failed() && !isOperator("}")) {
        ExpressionPointer key = parseExpression();
        expectOperator(":");
        ExpressionPointer value = parseExpression();
        node->depth = std::max({node->depth, 1 + depthOf(key.get()), 1 + depthOf(value.get())});
        node->entries.emplace_back(std::move(key), std::move(value));
        if (!takeOperator(","))
            break;
    }
    expectOperator("}");
    return finish(std::move(node), {});
}

} // namespace vitrine::engine::jinja
