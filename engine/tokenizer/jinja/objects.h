// SPDX-License-Identifier: GPL-3.0-or-later
// Objects of a template: namespaces, macros, loops, functions, methods.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/tokenizer/jinja/ast.h"
#include "engine/tokenizer/jinja/value.h"

namespace vitrine::engine::jinja {

/// namespace(a=1): attributes that `set ns.a = …` changes, also from within a loop.
class Namespace final : public Object
{
public:
    std::string_view typeName() const override { return "Namespace"; }
    std::string print() const override { return "<Namespace>"; }
    Value attribute(Interpreter&, std::string_view name) const override
    {
        const Value* found = values.find(name);
        return found != nullptr ? *found : Value();
    }
    Mapping values;
};

/// A macro knows the scope it was defined in while that lives, the outermost one afterwards.
class Macro final : public Object
{
public:
    Macro(const MacroDefinition& definition, const std::shared_ptr<Scope>& scope)
        : m_definition(definition), m_scope(scope)
    {}
    std::string_view typeName() const override { return "Macro"; }
    std::string print() const override { return "<Macro '" + m_definition.name + "'>"; }
    Value attribute(Interpreter& interpreter, std::string_view name) const override;
    Value call(Interpreter& interpreter, const Arguments& arguments) override;
    bool callable() const override { return true; }

private:
    bool bind(Interpreter& interpreter, const Arguments& arguments) const;
    bool bindRest(Interpreter& interpreter, const Arguments& arguments) const;

    const MacroDefinition& m_definition;
    std::weak_ptr<Scope> m_scope;
};

/// The variable `loop`.
class Loop final : public Object
{
public:
    explicit Loop(std::vector<Value> items) : m_items(std::move(items))
    {
        for (const Value& item : m_items)
            m_extent.add(item.extent());
    }
    std::string_view typeName() const override { return "LoopContext"; }
    Value attribute(Interpreter& interpreter, std::string_view name) const override;
    Extent extent() const override { return m_extent; }
    void moveTo(std::size_t index) { m_index = index; }

private:
    std::vector<Value> m_items; // copies: a loop object may outlive its loop
    std::size_t m_index = 0;
    Extent m_extent;
    /// What `changed` was called with, printed: values might hold this loop. Shared with that function.
    std::shared_ptr<std::optional<std::string>> m_last = std::make_shared<std::optional<std::string>>();
};

/// A function or a method with its receiver.
class Function final : public Object
{
public:
    using Body = std::function<Value(Interpreter&, const Arguments&)>;
    Function(std::string name, Body body, Extent extent)
        : m_name(std::move(name)), m_body(std::move(body)), m_extent(extent)
    {}
    std::string_view typeName() const override { return "function"; }
    std::string print() const override { return "<function " + m_name + ">"; }
    Value call(Interpreter& interpreter, const Arguments& arguments) override
    {
        return m_body(interpreter, arguments);
    }
    bool callable() const override { return true; }

    Extent extent() const override { return m_extent; }

private:
    std::string m_name;
    Body m_body;
    Extent m_extent;
};

/// `extent`: of the values that the body holds.
inline Value makeFunction(std::string name, Function::Body body, Extent extent = {0, 1})
{
    return Value(std::static_pointer_cast<Object>(
        std::make_shared<Function>(std::move(name), std::move(body), extent)));
}

/// range, dict, namespace, raise_exception, strftime_now, cycler, joiner; undefined for other names.
Value builtin(std::string_view name);

/// A method of a text, list or dict bound to it; undefined when there is none.
Value methodOf(Interpreter& interpreter, const Value& object, const std::string& name);

} // namespace vitrine::engine::jinja
