// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/expression_parser.h"

#include <algorithm>

namespace vitrine::engine::jinja {

ExpressionParser::Nesting::Nesting(ExpressionParser& parser) : m_parser(parser)
{
    if (++m_parser.m_nesting > kMaxNesting)
        m_parser.fail("the template is nested too deeply");
}

void ExpressionParser::fail(std::string message)
{
    if (!m_error)
        m_error = badInput("line " + std::to_string(current().line) + ": " + std::move(message));
}

void ExpressionParser::failUnexpected(std::string_view wanted)
{
    const Token& token = current();
    std::string found = "\"" + token.text + "\"";
    if (token.type == TokenType::End)
        found = "the end of the template";
    else if (token.type == TokenType::BlockEnd || token.type == TokenType::VariableEnd)
        found = "the end of the tag";
    else if (token.type == TokenType::Data)
        found = "text";
    fail(std::string(wanted) + " is expected, not " + found);
}

bool ExpressionParser::takeOperator(std::string_view text)
{
    const bool taken = !failed() && isOperator(text);
    if (taken)
        next();
    return taken;
}

bool ExpressionParser::takeName(std::string_view text)
{
    const bool taken = !failed() && isName(text);
    if (taken)
        next();
    return taken;
}

bool ExpressionParser::nameOccurs(std::size_t begin, std::string_view name) const
{
    const auto at = [&](std::size_t i) { return m_tokens.begin() + static_cast<std::ptrdiff_t>(i); };
    return std::any_of(at(begin), at(m_at),
                       [&](const Token& token) { return token.is(TokenType::Name, name); });
}

void ExpressionParser::expectOperator(std::string_view text)
{
    if (!takeOperator(text))
        failUnexpected("\"" + std::string(text) + "\"");
}

std::string ExpressionParser::expectName()
{
    if (current().type != TokenType::Name) {
        failUnexpected("a name");
        return {};
    }
    std::string name = current().text;
    next();
    return name;
}

ExpressionPointer ExpressionParser::finish(ExpressionPointer node,
                                           std::initializer_list<const Expression*> children)
{
    for (const Expression* child : children)
        node->depth = std::max(node->depth, 1 + depthOf(child));
    if (node->depth > kMaxDepth)
        fail("the expression is nested too deeply");
    return node;
}

ExpressionPointer ExpressionParser::parseExpression()
{
    const Nesting nesting(*this);
    if (failed())
        return nullptr;
    ExpressionPointer expression = parseOr();
    while (!failed() && isName("if")) {
        auto node = make<Conditional>();
        next();
        node->then = std::move(expression);
        node->condition = parseOr();
        if (takeName("else"))
            node->otherwise = parseExpression();
        const Expression *a = node->then.get(), *b = node->condition.get(), *c = node->otherwise.get();
        expression = finish(std::move(node), {a, b, c});
    }
    return expression;
}

ExpressionPointer ExpressionParser::parseOr()
{
    ExpressionPointer left = parseAnd();
    while (!failed() && isName("or")) {
        auto node = make<Logic>();
        next();
        node->isAnd = false;
        node->left = std::move(left);
        node->right = parseAnd();
        const Expression *a = node->left.get(), *b = node->right.get();
        left = finish(std::move(node), {a, b});
    }
    return left;
}

ExpressionPointer ExpressionParser::parseAnd()
{
    ExpressionPointer left = parseNot();
    while (!failed() && isName("and")) {
        auto node = make<Logic>();
        next();
        node->left = std::move(left);
        node->right = parseNot();
        const Expression *a = node->left.get(), *b = node->right.get();
        left = finish(std::move(node), {a, b});
    }
    return left;
}

ExpressionPointer ExpressionParser::parseNot()
{
    if (failed() || !isName("not"))
        return parseComparison();
    const Nesting nesting(*this);
    auto node = make<Not>();
    next();
    node->operand = parseNot();
    const Expression* a = node->operand.get();
    return finish(std::move(node), {a});
}

std::optional<Comparison> ExpressionParser::takeComparison()
{
    static constexpr std::pair<std::string_view, Comparison> kSigns[] = {
        {"==", Comparison::Equal},     {"!=", Comparison::NotEqual}, {"<", Comparison::Less},
        {"<=", Comparison::LessEqual}, {">", Comparison::Greater},   {">=", Comparison::GreaterEqual},
    };
    for (const auto& [sign, comparison] : kSigns)
        if (takeOperator(sign))
            return comparison;
    if (takeName("in"))
        return Comparison::In;
    if (isName("not") && ahead().is(TokenType::Name, "in")) {
        next();
        next();
        return Comparison::NotIn;
    }
    return std::nullopt;
}

ExpressionPointer ExpressionParser::parseComparison()
{
    auto node = make<ComparisonChain>();
    ExpressionPointer first = parseSum();
    while (!failed()) {
        const auto comparison = takeComparison();
        if (!comparison)
            break;
        node->rest.emplace_back(*comparison, parseSum());
        node->depth = std::max(node->depth, 1 + depthOf(node->rest.back().second.get()));
    }
    if (node->rest.empty())
        return first;
    node->first = std::move(first);
    const Expression* a = node->first.get();
    return finish(std::move(node), {a});
}

ExpressionPointer ExpressionParser::binary(BinaryOperator operation, ExpressionPointer left,
                                           ExpressionPointer right)
{
    auto node = make<Binary>();
    if (left)
        node->line = left->line;
    node->operation = operation;
    node->left = std::move(left);
    node->right = std::move(right);
    const Expression *a = node->left.get(), *b = node->right.get();
    return finish(std::move(node), {a, b});
}

ExpressionPointer ExpressionParser::parseSum()
{
    ExpressionPointer left = parseConcatenation();
    while (!failed()) {
        if (takeOperator("+"))
            left = binary(BinaryOperator::Add, std::move(left), parseConcatenation());
        else if (takeOperator("-"))
            left = binary(BinaryOperator::Subtract, std::move(left), parseConcatenation());
        else
            break;
    }
    return left;
}

ExpressionPointer ExpressionParser::parseConcatenation()
{
    ExpressionPointer first = parseProduct();
    if (failed() || !isOperator("~"))
        return first;
    auto node = make<Concatenation>();
    node->parts.push_back(std::move(first));
    while (takeOperator("~"))
        node->parts.push_back(parseProduct());
    for (const auto& part : node->parts)
        node->depth = std::max(node->depth, 1 + depthOf(part.get()));
    return finish(std::move(node), {});
}

ExpressionPointer ExpressionParser::parseProduct()
{
    static constexpr std::pair<std::string_view, BinaryOperator> kSigns[] = {
        {"*", BinaryOperator::Multiply},
        {"/", BinaryOperator::Divide},
        {"//", BinaryOperator::FloorDivide},
        {"%", BinaryOperator::Modulo},
    };
    ExpressionPointer left = parsePower();
    for (bool again = true; again && !failed();) {
        again = false;
        for (const auto& [sign, operation] : kSigns) {
            if (takeOperator(sign)) {
                left = binary(operation, std::move(left), parsePower());
                again = true;
                break;
            }
        }
    }
    return left;
}

ExpressionPointer ExpressionParser::parsePower()
{
    ExpressionPointer left = parseUnary();
    while (takeOperator("**"))
        left = binary(BinaryOperator::Power, std::move(left), parseUnary());
    return left;
}

ExpressionPointer ExpressionParser::parseUnary(bool withFilters)
{
    if (failed())
        return nullptr;
    ExpressionPointer expression;
    if (isOperator("-") || isOperator("+")) {
        const Nesting nesting(*this);
        auto node = make<Negation>();
        node->minus = isOperator("-");
        next();
        node->operand = parseUnary(false);
        const Expression* a = node->operand.get();
        expression = finish(std::move(node), {a});
    } else {
        expression = parsePostfix(parsePrimary());
    }
    return withFilters ? parseFilters(std::move(expression)) : std::move(expression);
}

ExpressionPointer ExpressionParser::parseFilters(ExpressionPointer input)
{
    while (!failed()) {
        if (takeOperator("|")) {
            auto node = parseFilter();
            const Expression* a = input.get();
            const int below = node ? node->arguments.depth() : 0;
            if (node) {
                node->depth = 1 + below;
                node->input = std::move(input);
                input = finish(std::move(node), {a});
            }
        } else if (takeName("is")) {
            input = parseTest(std::move(input));
        } else if (isOperator("(")) {
            input = parseCall(std::move(input));
        } else {
            break;
        }
    }
    return input;
}

std::unique_ptr<FilterCall> ExpressionParser::parseFilter()
{
    auto node = make<FilterCall>();
    node->name = expectName();
    while (takeOperator("."))
        node->name += "." + expectName();
    if (!failed() && isOperator("("))
        node->arguments = parseArguments();
    return node;
}

bool ExpressionParser::testArgumentFollows() const
{
    const Token& token = current();
    switch (token.type) {
    case TokenType::Name:
        return token.text != "else" && token.text != "or" && token.text != "and" && token.text != "is" &&
               token.text != "if" && token.text != "not" && token.text != "in";
    case TokenType::Quoted:
    case TokenType::Integer:
    case TokenType::Float:
        return true;
    default:
        return isOperator("[") || isOperator("{");
    }
}

ExpressionPointer ExpressionParser::parseTest(ExpressionPointer input)
{
    auto node = make<TestCall>();
    node->negated = takeName("not");
    node->name = expectName();
    while (takeOperator("."))
        node->name += "." + expectName();
    if (failed())
        return nullptr;
    if (isOperator("("))
        node->arguments = parseArguments();
    else if (testArgumentFollows())
        node->arguments.positional.push_back(parsePostfix(parsePrimary()));
    node->input = std::move(input);
    node->depth = 1 + node->arguments.depth();
    const Expression* a = node->input.get();
    return finish(std::move(node), {a});
}

} // namespace vitrine::engine::jinja
