// SPDX-License-Identifier: GPL-3.0-or-later
// What a template means: expressions that evaluate themselves, statements that execute themselves.
// Built by the parser, immutable afterwards. The parser bounds the depth of the tree.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/tokenizer/jinja/interpreter.h"
#include "engine/tokenizer/jinja/operators.h"
#include "engine/tokenizer/jinja/value.h"

namespace vitrine::engine::jinja {

struct Expression
{
    int line = 1;
    int depth = 1; ///< levels of the tree below and including this node
    virtual ~Expression() = default;
    virtual Value evaluate(Interpreter& interpreter) const = 0;
};
using ExpressionPointer = std::unique_ptr<Expression>;

struct Statement
{
    int line = 1;
    virtual ~Statement() = default;
    virtual Flow execute(Interpreter& interpreter) const = 0;
};

struct Literal : Expression
{
    Value value;
    Value evaluate(Interpreter&) const override { return value; }
};
struct Variable : Expression
{
    std::string name;
    Value evaluate(Interpreter& interpreter) const override { return interpreter.lookUp(name); }
};
struct ListDisplay : Expression
{
    SequenceKind kind = SequenceKind::List;
    std::vector<ExpressionPointer> items;
    Value evaluate(Interpreter& interpreter) const override;
};
struct DictDisplay : Expression
{
    std::vector<std::pair<ExpressionPointer, ExpressionPointer>> entries;
    Value evaluate(Interpreter& interpreter) const override;
};
struct Binary : Expression
{
    BinaryOperator operation = BinaryOperator::Add;
    ExpressionPointer left, right;
    Value evaluate(Interpreter& interpreter) const override;
};
struct Negation : Expression
{
    bool minus = true; ///< else unary plus
    ExpressionPointer operand;
    Value evaluate(Interpreter& interpreter) const override;
};
struct Not : Expression
{
    ExpressionPointer operand;
    Value evaluate(Interpreter& interpreter) const override;
};
/// `and`, `or`: the value that decided.
struct Logic : Expression
{
    bool isAnd = true;
    ExpressionPointer left, right;
    Value evaluate(Interpreter& interpreter) const override;
};
/// a < b == c …: every neighbouring pair holds.
struct ComparisonChain : Expression
{
    ExpressionPointer first;
    std::vector<std::pair<Comparison, ExpressionPointer>> rest;
    Value evaluate(Interpreter& interpreter) const override;
};
/// a ~ b ~ c
struct Concatenation : Expression
{
    std::vector<ExpressionPointer> parts;
    Value evaluate(Interpreter& interpreter) const override;
};
struct Conditional : Expression
{
    ExpressionPointer condition, then, otherwise; ///< `otherwise` may be missing
    Value evaluate(Interpreter& interpreter) const override;
};
struct Attribute : Expression
{
    ExpressionPointer object;
    std::string name;
    Value evaluate(Interpreter& interpreter) const override;
};
struct Item : Expression
{
    ExpressionPointer object, key;
    Value evaluate(Interpreter& interpreter) const override;
};
struct Slice : Expression
{
    ExpressionPointer object, start, stop, step; ///< the last three may be missing
    Value evaluate(Interpreter& interpreter) const override;
};

struct CallArguments
{
    std::vector<ExpressionPointer> positional;
    std::vector<std::pair<std::string, ExpressionPointer>> named;
    ExpressionPointer sequence, mapping; ///< *sequence, **mapping
    int depth() const;
    Arguments evaluate(Interpreter& interpreter) const;
};
struct Call : Expression
{
    ExpressionPointer function;
    CallArguments arguments;
    Value evaluate(Interpreter& interpreter) const override;
};
struct FilterCall : Expression
{
    ExpressionPointer input; ///< missing where a block is filtered
    std::string name;
    CallArguments arguments;
    Value evaluate(Interpreter& interpreter) const override;
    Value apply(Interpreter& interpreter, const Value& value) const;
};
struct TestCall : Expression
{
    ExpressionPointer input;
    std::string name;
    bool negated = false;
    CallArguments arguments;
    Value evaluate(Interpreter& interpreter) const override;
};

/// Where `for` and `set` put values: a name, an attribute of a namespace, or several of these.
struct Target
{
    std::string name;
    std::string attribute;       ///< of the namespace `name`; empty for a plain name
    std::vector<Target> several; ///< not empty: unpack into these
    void assign(Interpreter& interpreter, const Value& value) const;
};

struct Data : Statement
{
    std::string text;
    Flow execute(Interpreter& interpreter) const override;
};
struct Output : Statement
{
    ExpressionPointer expression;
    Flow execute(Interpreter& interpreter) const override;
};
struct If : Statement
{
    std::vector<std::pair<ExpressionPointer, Block>> branches;
    Block otherwise;
    Flow execute(Interpreter& interpreter) const override;
};
struct For : Statement
{
    Target target;
    ExpressionPointer items, condition; ///< `condition` may be missing
    Block body, otherwise;
    Flow execute(Interpreter& interpreter) const override;

private:
    std::optional<std::vector<Value>> chosen(Interpreter& interpreter) const;
};
struct LoopControl : Statement
{
    Flow flow = Flow::Next;
    Flow execute(Interpreter&) const override { return flow; }
};
struct Set : Statement
{
    Target target;
    ExpressionPointer value; ///< missing where the block below is the value
    Block body;
    std::vector<std::unique_ptr<FilterCall>> filters; ///< of the block
    Flow execute(Interpreter& interpreter) const override;
};
struct MacroDefinition : Statement
{
    struct Parameter
    {
        std::string name;
        ExpressionPointer fallback; ///< may be missing
    };
    std::string name;
    std::vector<Parameter> parameters;
    bool takesMorePlaces = false; ///< the body reads `varargs`
    bool takesMoreNames = false;  ///< the body reads `kwargs`
    Block body;
    Flow execute(Interpreter& interpreter) const override;
};
/// {% call(args) macro(…) %}body{% endcall %}
struct CallBlock : Statement
{
    std::unique_ptr<MacroDefinition> caller;
    std::unique_ptr<Call> call;
    Flow execute(Interpreter& interpreter) const override;
};
struct FilterBlock : Statement
{
    std::vector<std::unique_ptr<FilterCall>> filters;
    Block body;
    Flow execute(Interpreter& interpreter) const override;
};
struct With : Statement
{
    std::vector<std::pair<Target, ExpressionPointer>> variables;
    Block body;
    Flow execute(Interpreter& interpreter) const override;
};
/// {% generation %}: only marks its content.
struct Group : Statement
{
    Block body;
    Flow execute(Interpreter& interpreter) const override { return interpreter.execute(body); }
};

} // namespace vitrine::engine::jinja
