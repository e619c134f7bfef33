// SPDX-License-Identifier: GPL-3.0-or-later
// Recursive descent over the tokens: expressions. The first error sticks; everything after it returns null.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/tokenizer/jinja/ast.h"
#include "engine/tokenizer/jinja/lexer.h"

namespace vitrine::engine::jinja {

/// 0 for no expression.
inline int depthOf(const Expression* expression)
{
    return expression != nullptr ? expression->depth : 0;
}

class ExpressionParser
{
public:
    explicit ExpressionParser(std::vector<Token> tokens) : m_tokens(std::move(tokens)) {}

protected:
    static constexpr int kMaxNesting = 150; // of brackets and blocks
    static constexpr int kMaxDepth = 400;   // of the tree

    const Token& current() const { return m_tokens[m_at]; }
    const Token& ahead() const { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }
    void next() { m_at = std::min(m_at + 1, m_tokens.size() - 1); }
    bool isOperator(std::string_view text) const { return current().is(TokenType::Operator, text); }
    bool isName(std::string_view text) const { return current().is(TokenType::Name, text); }
    bool takeOperator(std::string_view text);
    bool takeName(std::string_view text);
    std::size_t position() const { return m_at; }
    /// Whether a name occurs from `begin` up to the present place.
    bool nameOccurs(std::size_t begin, std::string_view name) const;
    void expectOperator(std::string_view text);
    std::string expectName();
    void fail(std::string message);
    void failUnexpected(std::string_view wanted);
    bool failed() const { return m_error.has_value(); }
    const Error& error() const { return *m_error; }

    /// Counts one level of nesting for as long as it lives.
    class Nesting
    {
    public:
        explicit Nesting(ExpressionParser& parser);
        ~Nesting() { --m_parser.m_nesting; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

    private:
        ExpressionParser& m_parser;
    };

    template<class Node>
    std::unique_ptr<Node> make() const
    {
        auto node = std::make_unique<Node>();
        node->line = current().line;
        return node;
    }

    ExpressionPointer parseExpression(); ///< with inline if
    ExpressionPointer parseOr();
    /// Several separated by commas become a tuple.
    ExpressionPointer parseTuple(bool withConditional = true);
    ExpressionPointer parseFilters(ExpressionPointer input);
    std::unique_ptr<FilterCall> parseFilter();
    ExpressionPointer parseUnary(bool withFilters = true);
    CallArguments parseArguments();

private:
    /// Bounds the depth of the tree.
    ExpressionPointer finish(ExpressionPointer node, std::initializer_list<const Expression*> children);
    ExpressionPointer parseAnd();
    ExpressionPointer parseNot();
    ExpressionPointer parseComparison();
    std::optional<Comparison> takeComparison();
    ExpressionPointer parseSum();
    ExpressionPointer parseConcatenation();
    ExpressionPointer parseProduct();
    ExpressionPointer parsePower();
    ExpressionPointer parsePrimary();
    ExpressionPointer parseNameOrConstant();
    ExpressionPointer parseTextLiteral();
    ExpressionPointer parseNumber();
    ExpressionPointer parseParenthesis();
    ExpressionPointer parseList();
    ExpressionPointer parseDict();
    ExpressionPointer parsePostfix(ExpressionPointer object);
    ExpressionPointer parseDot(ExpressionPointer object);
    ExpressionPointer parseSubscript(ExpressionPointer object);
    ExpressionPointer parseCall(ExpressionPointer function);
    ExpressionPointer parseTest(ExpressionPointer input);
    bool testArgumentFollows() const;
    ExpressionPointer binary(BinaryOperator operation, ExpressionPointer left, ExpressionPointer right);
    ExpressionPointer parseOptional();
    void parseArgument(CallArguments& arguments);

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    int m_nesting = 0;
    std::optional<Error> m_error;
};

} // namespace vitrine::engine::jinja
