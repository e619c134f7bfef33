// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/parser.h"

#include <algorithm>

#include "engine/tokenizer/jinja/expression_parser.h"

namespace vitrine::engine::jinja {

namespace {

using Names = std::initializer_list<std::string_view>;

class Parser : public ExpressionParser
{
public:
    using ExpressionParser::ExpressionParser;

    Result<Block> run()
    {
        Block block = parseBlock({});
        if (failed())
            return error();
        return block;
    }

private:
    using StatementPointer = std::unique_ptr<Statement>;

    Block parseBlock(Names ends);
    Block parseBody(Names ends);
    void endTag();
    StatementPointer parseStatement();
    StatementPointer parseOutput();
    StatementPointer parseIf();
    StatementPointer parseFor();
    StatementPointer parseSet();
    StatementPointer parseMacro();
    void parseMacroBody(MacroDefinition& macro, Names end);
    StatementPointer parseCallBlock();
    StatementPointer parseFilterBlock();
    StatementPointer parseWith();
    StatementPointer parseGroup();
    StatementPointer parseLoopControl();
    std::vector<std::unique_ptr<FilterCall>> parseFilterChain();
    void parseParameters(MacroDefinition& macro);
    Target parseTarget(bool attributes);
    Target parseTargetList();

    int m_loops = 0; // around the present place, within the macro
};

/// Statements up to a tag that begins with one of `ends`, which stays; up to the end when there is none.
Block Parser::parseBlock(Names ends)
{
    Block block;
    const Nesting nesting(*this);
    while (!failed() && current().type != TokenType::End) {
        if (current().type == TokenType::Data) {
            auto data = make<Data>();
            data->text = current().text;
            next();
            block.push_back(std::move(data));
        } else if (current().type == TokenType::VariableBegin) {
            block.push_back(parseOutput());
        } else {
            next();
            if (current().type == TokenType::Name &&
                std::find(ends.begin(), ends.end(), current().text) != ends.end())
                return block;
            block.push_back(parseStatement());
        }
    }
    if (ends.size() != 0)
        failUnexpected("{% " + std::string(*(ends.end() - 1)) + " %}");
    return block;
}

void Parser::endTag()
{
    if (current().type != TokenType::BlockEnd)
        return failUnexpected("\"%}\"");
    next();
}

/// The rest of a tag, its block, and the closing tag, which is the only one of `ends`.
Block Parser::parseBody(Names ends)
{
    endTag();
    Block body = parseBlock(ends);
    next();
    endTag();
    return body;
}

Parser::StatementPointer Parser::parseOutput()
{
    auto output = make<Output>();
    next();
    output->expression = parseTuple();
    if (current().type != TokenType::VariableEnd)
        failUnexpected("\"}}\"");
    next();
    return output;
}

Parser::StatementPointer Parser::parseStatement()
{
    static constexpr std::pair<std::string_view, StatementPointer (Parser::*)()> kTags[] = {
        {"if", &Parser::parseIf},
        {"for", &Parser::parseFor},
        {"set", &Parser::parseSet},
        {"macro", &Parser::parseMacro},
        {"call", &Parser::parseCallBlock},
        {"filter", &Parser::parseFilterBlock},
        {"with", &Parser::parseWith},
        {"generation", &Parser::parseGroup},
        {"break", &Parser::parseLoopControl},
        {"continue", &Parser::parseLoopControl},
    };
    if (current().type != TokenType::Name) {
        failUnexpected("the name of a tag");
        return nullptr;
    }
    for (const auto& [name, parse] : kTags)
        if (isName(name))
            return (this->*parse)();
    fail("the tag \"" + current().text + "\" is not known here");
    return nullptr;
}

Parser::StatementPointer Parser::parseIf()
{
    auto node = make<If>();
    bool last = false;
    do {
        next();
        ExpressionPointer condition;
        if (!last)
            condition = parseTuple(false);
        endTag();
        Block block = last ? parseBlock({"endif"}) : parseBlock({"elif", "else", "endif"});
        if (last)
            node->otherwise = std::move(block);
        else
            node->branches.emplace_back(std::move(condition), std::move(block));
        last = isName("else");
    } while (!failed() && !isName("endif"));
    next();
    endTag();
    return node;
}

Parser::StatementPointer Parser::parseFor()
{
    auto node = make<For>();
    next();
    node->target = parseTargetList();
    if (!takeName("in"))
        failUnexpected("\"in\"");
    node->items = parseTuple(false);
    if (takeName("if"))
        node->condition = parseExpression();
    if (isName("recursive"))
        fail("recursive loops are not available");
    endTag();
    ++m_loops;
    node->body = parseBlock({"else", "endfor"});
    --m_loops;
    if (takeName("else")) {
        endTag();
        node->otherwise = parseBlock({"endfor"});
    }
    next();
    endTag();
    return node;
}

Parser::StatementPointer Parser::parseLoopControl()
{
    auto node = make<LoopControl>();
    node->flow = isName("break") ? Flow::Break : Flow::Continue;
    if (m_loops == 0)
        fail("\"" + current().text + "\" stands outside a loop");
    next();
    endTag();
    return node;
}

Target Parser::parseTarget(bool attributes)
{
    const Nesting nesting(*this);
    Target target;
    if (takeOperator("(")) {
        target = parseTargetList();
        expectOperator(")");
        return target;
    }
    static constexpr std::string_view kReserved[] = {"true", "false", "none", "True", "False", "None"};
    if (std::find(std::begin(kReserved), std::end(kReserved), current().text) != std::end(kReserved))
        fail("nothing can be assigned to \"" + current().text + "\"");
    target.name = expectName();
    if (attributes && takeOperator("."))
        target.attribute = expectName();
    return target;
}

Target Parser::parseTargetList()
{
    Target all;
    bool several = false;
    while (!failed()) {
        all.several.push_back(parseTarget(true));
        if (!takeOperator(","))
            break;
        several = true;
        if (current().type != TokenType::Name && !isOperator("("))
            break;
        if (isName("in"))
            break;
    }
    if (several || all.several.empty())
        return all;
    Target only = std::move(all.several[0]);
    return only;
}

Parser::StatementPointer Parser::parseSet()
{
    auto node = make<Set>();
    next();
    node->target = parseTargetList();
    if (takeOperator("=")) {
        node->value = parseTuple();
        endTag();
        return node;
    }
    while (takeOperator("|"))
        node->filters.push_back(parseFilter());
    node->body = parseBody({"endset"});
    return node;
}

void Parser::parseParameters(MacroDefinition& macro)
{
    expectOperator("(");
    while (!failed() && !isOperator(")")) {
        MacroDefinition::Parameter parameter;
        parameter.name = expectName();
        if (takeOperator("="))
            parameter.fallback = parseExpression();
        else if (!macro.parameters.empty() && macro.parameters.back().fallback)
            fail("a parameter without a default follows one with a default");
        macro.parameters.push_back(std::move(parameter));
        if (!takeOperator(","))
            break;
    }
    expectOperator(")");
}

void Parser::parseMacroBody(MacroDefinition& macro, Names end)
{
    const int loops = std::exchange(m_loops, 0);
    const std::size_t begin = position();
    macro.body = parseBody(end);
    macro.takesMorePlaces = nameOccurs(begin, "varargs");
    macro.takesMoreNames = nameOccurs(begin, "kwargs");
    m_loops = loops;
}

Parser::StatementPointer Parser::parseMacro()
{
    auto node = make<MacroDefinition>();
    next();
    node->name = expectName();
    parseParameters(*node);
    parseMacroBody(*node, {"endmacro"});
    return node;
}

Parser::StatementPointer Parser::parseCallBlock()
{
    auto node = make<CallBlock>();
    node->caller = make<MacroDefinition>();
    node->caller->name = "caller";
    next();
    if (isOperator("("))
        parseParameters(*node->caller);
    ExpressionPointer call = parseUnary();
    if (auto* called = dynamic_cast<Call*>(call.get())) {
        (void)call.release();
        node->call.reset(called);
    } else {
        fail("a call of a macro is expected");
    }
    parseMacroBody(*node->caller, {"endcall"});
    return node;
}

std::vector<std::unique_ptr<FilterCall>> Parser::parseFilterChain()
{
    std::vector<std::unique_ptr<FilterCall>> filters;
    do
        filters.push_back(parseFilter());
    while (takeOperator("|"));
    return filters;
}

Parser::StatementPointer Parser::parseFilterBlock()
{
    auto node = make<FilterBlock>();
    next();
    node->filters = parseFilterChain();
    node->body = parseBody({"endfilter"});
    return node;
}

Parser::StatementPointer Parser::parseWith()
{
    auto node = make<With>();
    next();
    while (!failed() && current().type != TokenType::BlockEnd) {
        Target target = parseTarget(false);
        expectOperator("=");
        node->variables.emplace_back(std::move(target), parseExpression());
        if (!takeOperator(","))
            break;
    }
    node->body = parseBody({"endwith"});
    return node;
}

Parser::StatementPointer Parser::parseGroup()
{
    auto node = make<Group>();
    next();
    node->body = parseBody({"endgeneration"});
    return node;
}

} // namespace

Result<Block> parse(std::string_view source)
{
    auto tokens = tokenize(source);
    if (!tokens)
        return tokens.error();
    return Parser(std::move(*tokens)).run();
}

} // namespace vitrine::engine::jinja
