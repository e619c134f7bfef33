// SPDX-License-Identifier: GPL-3.0-or-later
// One rendering: variables, output, the first error, and the limits that end a hostile template.
// Lives on one thread's stack. After a failure every operation returns at once and the output is thrown away.
#pragma once

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/tokenizer/jinja/value.h"

namespace vitrine::engine::jinja {

class Namespace;
struct Expression;
struct Statement;
using Block = std::vector<std::unique_ptr<Statement>>;

struct Limits
{
    std::uint64_t steps = 20'000'000;      ///< nodes evaluated, items walked, bytes / 64 handled
    std::uint64_t created = 256ULL << 20;  ///< bytes of all texts and lists made
    std::size_t output = 64U << 20;        ///< bytes
    int depth = 600;                       ///< nested evaluations
    int valueDepth = 100;                  ///< nested containers
    std::uint64_t valueWeight = 2'000'000; ///< of one value, see Extent
    std::int64_t range = 100'000;          ///< as Jinja's sandbox
};

struct Scope
{
    std::shared_ptr<Scope> parent;
    std::unordered_map<std::string_view, Value> variables;
};

/// What a statement asks of the loop around it.
enum class Flow : std::uint8_t { Next, Break, Continue };

class Interpreter
{
public:
    Interpreter();
    ~Interpreter();
    Interpreter(const Interpreter&) = delete;
    Interpreter& operator=(const Interpreter&) = delete;

    // Running
    Value evaluate(const Expression& expression);
    Flow execute(const Block& block);
    /// The block's output as text, in a scope of its own when `scope` is given.
    std::string capture(const Block& block);

    // Failure
    Value fail(std::string message);
    /// raise_exception: the message stands alone, without a line.
    Value raise(std::string message);
    bool failed() const { return m_failed; }
    const std::string& error() const { return m_error; }
    /// Counts work; false when there has been too much, which is a failure.
    bool spend(std::uint64_t steps);

    // Values, counted against the limits
    Value text(std::string text);
    Value sequence(std::vector<Value> items, SequenceKind kind = SequenceKind::List);
    Value mapping(Mapping mapping);
    /// Whether `bytes` more may be created; asks before something large is built.
    bool allow(std::uint64_t bytes);
    /// Every item of a sequence, keys of a mapping, characters of a text; nullopt (and failure) for others.
    std::optional<std::vector<Value>> iterate(const Value& value);

    /// Keeps a namespace, to be emptied at the end: it may hold itself.
    void adopt(std::shared_ptr<Namespace> space) { m_namespaces.push_back(std::move(space)); }

    // Variables and output
    Value lookUp(const std::string& name);
    void assign(std::string_view name, Value value) { m_scope->variables[name] = std::move(value); }
    const std::shared_ptr<Scope>& scope() const { return m_scope; }
    const std::shared_ptr<Scope>& root() const { return m_root; }
    void write(std::string_view text);
    std::string takeOutput() { return std::move(m_output); }

    // Clock

    void setNow(std::tm now) { m_now = now; }
    std::tm now() const;
    const Limits& limits() const { return m_limits; }

private:
    friend class ScopeGuard;
    bool fits(const Extent& extent);

    Limits m_limits;
    std::shared_ptr<Scope> m_root, m_scope;
    std::vector<std::shared_ptr<Namespace>> m_namespaces;
    std::optional<std::tm> m_now;
    std::string m_output;
    std::string m_error;
    std::uint64_t m_steps = 0, m_created = 0;
    int m_depth = 0;
    int m_line = 1;
    bool m_failed = false;
};

/// Opens a scope below `parent` (else below the present one) for as long as it lives.
class ScopeGuard
{
public:
    explicit ScopeGuard(Interpreter& interpreter, std::shared_ptr<Scope> parent = nullptr)
        : m_interpreter(interpreter), m_previous(interpreter.m_scope)
    {
        auto scope = std::make_shared<Scope>();
        scope->parent = parent ? std::move(parent) : m_previous;
        interpreter.m_scope = std::move(scope);
    }
    ~ScopeGuard() { m_interpreter.m_scope = std::move(m_previous); }
    ScopeGuard(const ScopeGuard&) = delete;
    ScopeGuard& operator=(const ScopeGuard&) = delete;

private:
    Interpreter& m_interpreter;
    std::shared_ptr<Scope> m_previous;
};

} // namespace vitrine::engine::jinja
