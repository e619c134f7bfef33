// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/interpreter.h"

#include <algorithm>
#include <ctime>

#include "engine/tokenizer/jinja/ast.h"
#include "engine/tokenizer/jinja/objects.h"
#include "engine/tokenizer/jinja/text_tools.h"

namespace vitrine::engine::jinja {

Interpreter::Interpreter() : m_root(std::make_shared<Scope>()), m_scope(m_root) {}

Interpreter::~Interpreter()
{
    for (const auto& space : m_namespaces)
        space->values = {};
}

Value Interpreter::fail(std::string message)
{
    if (!m_failed)
        m_error = "line " + std::to_string(m_line) + ": " + std::move(message);
    m_failed = true;
    return {};
}

Value Interpreter::raise(std::string message)
{
    if (!m_failed)
        m_error = std::move(message);
    m_failed = true;
    return {};
}

bool Interpreter::spend(std::uint64_t steps)
{
    m_steps += steps;
    if (m_steps > m_limits.steps)
        fail("the template takes too many steps");
    return !m_failed;
}

bool Interpreter::allow(std::uint64_t bytes)
{
    if (bytes > m_limits.created || m_created + bytes > m_limits.created)
        fail("the template makes too much text");
    return spend(bytes / 64);
}

Value Interpreter::text(std::string text)
{
    if (!allow(text.size() + 32))
        return {};
    m_created += text.size() + 32;
    return Value(std::make_shared<const std::string>(std::move(text)));
}

Value Interpreter::sequence(std::vector<Value> items, SequenceKind kind)
{
    const std::uint64_t bytes = items.size() * sizeof(Value) + 64;
    if (!allow(bytes))
        return {};
    m_created += bytes;
    Sequence made{kind, std::move(items), {}};
    for (const Value& item : made.items)
        made.extent.add(item.extent());
    if (!fits(made.extent))
        return {};
    return Value(std::make_shared<const Sequence>(std::move(made)));
}

Value Interpreter::mapping(Mapping mapping)
{
    const std::uint64_t bytes = mapping.entries.size() * 4 * sizeof(Value) + 64;
    if (!allow(bytes))
        return {};
    m_created += bytes;
    if (!fits(mapping.extent))
        return {};
    return Value(std::make_shared<const Mapping>(std::move(mapping)));
}

bool Interpreter::fits(const Extent& extent)
{
    if (extent.depth > m_limits.valueDepth || extent.weight > m_limits.valueWeight)
        fail("a value is too large or nested too deeply");
    return !m_failed;
}

std::optional<std::vector<Value>> Interpreter::iterate(const Value& value)
{
    std::vector<Value> items;
    if (const Sequence* sequence = value.sequence()) {
        if (allow(sequence->items.size() * sizeof(Value)))
            items = sequence->items;
    } else if (const Mapping* mapping = value.mapping()) {
        if (allow(mapping->entries.size() * sizeof(Value)))
            for (const auto& entry : mapping->entries)
                items.push_back(entry.first);
    } else if (const std::string* text = value.text()) {
        if (allow(text->size() * 80))
            for (const std::string_view character : characters(*text))
                items.push_back(this->text(std::string(character)));
    } else if (!value.isUndefined()) {
        fail("'" + std::string(typeName(value)) + "' object is not iterable");
    }
    if (m_failed || !spend(items.size()))
        return std::nullopt;
    return items;
}

Value Interpreter::evaluate(const Expression& expression)
{
    if (m_failed || !spend(1))
        return {};
    m_line = expression.line;
    if (m_depth >= m_limits.depth)
        return fail("the template is nested too deeply or calls itself too often");
    ++m_depth;
    Value value = expression.evaluate(*this);
    --m_depth;
    return m_failed ? Value() : value;
}

Flow Interpreter::execute(const Block& block)
{
    if (m_depth >= m_limits.depth)
        fail("the template is nested too deeply or calls itself too often");
    ++m_depth;
    Flow flow = Flow::Next;
    for (const auto& statement : block) {
        if (m_failed || !spend(1))
            break;
        m_line = statement->line;
        flow = statement->execute(*this);
        if (flow != Flow::Next)
            break;
    }
    --m_depth;
    return flow;
}

std::string Interpreter::capture(const Block& block)
{
    std::string outer = std::move(m_output);
    m_output.clear();
    execute(block);
    std::string inner = std::move(m_output);
    m_output = std::move(outer);
    return inner;
}

Value Interpreter::lookUp(const std::string& name)
{
    for (const Scope* scope = m_scope.get(); scope != nullptr; scope = scope->parent.get()) {
        const auto found = scope->variables.find(name);
        if (found != scope->variables.end())
            return found->second;
    }
    if (Value found = builtin(name); !found.isUndefined())
        return found;
    return Value::undefined("'" + name + "' is undefined");
}

void Interpreter::write(std::string_view text)
{
    if (m_failed || !spend(text.size() / 64))
        return;
    m_created += text.size();
    if (m_created > m_limits.created || m_output.size() + text.size() > m_limits.output)
        fail("the template writes too much text");
    else
        m_output += text;
}

std::tm Interpreter::now() const
{
    if (m_now)
        return *m_now;
    std::tm local{};
    const std::time_t seconds = std::time(nullptr);
    localtime_r(&seconds, &local);
    return local;
}

} // namespace vitrine::engine::jinja
