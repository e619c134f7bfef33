// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/regex/program.h"

#include <algorithm>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::regex {

namespace {

constexpr std::size_t kMostInstructions = 20000;

std::uint8_t leadOf(char32_t code)
{
    std::string text;
    unicode::append(text, code);
    return static_cast<std::uint8_t>(text[0]);
}

FirstBytes firstsOf(const CharacterSet& set)
{
    FirstBytes bytes;
    const auto fill = [&](unsigned first, unsigned last) {
        for (unsigned byte = first; byte <= last; ++byte)
            bytes.set(byte);
    };
    for (const CharacterRange& range : set.ranges())
        fill(leadOf(range.first), leadOf(range.last));
    if (set.contains(unicode::kReplacement)) // what a broken byte is taken for
        fill(0x80, 0xFF);
    return bytes;
}

bool mayBeEmpty(const Node& node)
{
    switch (node.kind) {
    case NodeKind::Set:
        return false;
    case NodeKind::Sequence:
    case NodeKind::Atomic:
        return std::all_of(node.children.begin(), node.children.end(), mayBeEmpty);
    case NodeKind::Alternation:
        return std::any_of(node.children.begin(), node.children.end(), mayBeEmpty);
    case NodeKind::Repeat:
        return node.least == 0 || mayBeEmpty(node.children[0]);
    default:
        return true;
    }
}

class Compiler
{
public:
    explicit Compiler(SyntaxTree tree) : m_root(std::move(tree.root))
    {
        m_program.sets = std::move(tree.sets);
    }

    Result<Program> run()
    {
        for (const CharacterSet& set : m_program.sets)
            m_setFirsts.push_back(firstsOf(set));
        emit(m_root);
        add(Operation::Match);
        if (m_refused != nullptr)
            return badInput(std::string("the expression ") + m_refused);
        m_program.sets.push_back(wordSet());
        m_program.matchesEmpty = mayBeEmpty(m_root);
        m_program.firsts.push_back(firsts(m_root));
        return std::move(m_program);
    }

private:
    std::size_t add(Operation operation, std::uint32_t set = 0);
    void aim(std::size_t instruction) { m_program.code[instruction].target = next(); }
    std::uint32_t next() const { return static_cast<std::uint32_t>(m_program.code.size()); }

    void emit(const Node& node);
    void emitAlternation(const Node& node);
    void emitRepeat(const Node& node);
    void emitGeneralRepeat(const Node& node);
    void emitPart(Operation operation, const Node& node);
    FirstBytes firsts(const Node& node) const;

    Node m_root;
    Program m_program;
    std::vector<FirstBytes> m_setFirsts;
    const char* m_refused = nullptr;
};

std::size_t Compiler::add(Operation operation, std::uint32_t set)
{
    if (m_program.code.size() >= kMostInstructions) {
        m_refused = "is too large";
        return m_program.code.size() - 1; // whatever it becomes, it is not run
    }
    Instruction instruction;
    instruction.operation = operation;
    instruction.set = set;
    m_program.code.push_back(instruction);
    return m_program.code.size() - 1;
}

/// The bytes that a match of `node`, which is not empty, can begin with.
FirstBytes Compiler::firsts(const Node& node) const
{
    FirstBytes bytes;
    if (mayBeEmpty(node))
        return bytes.set();
    switch (node.kind) {
    case NodeKind::Set:
        return m_setFirsts[node.set];
    case NodeKind::Sequence:
        for (const Node& child : node.children) {
            const bool looks = child.kind == NodeKind::Ahead || child.kind == NodeKind::Behind ||
                               child.kind >= NodeKind::TextStart;
            const bool repeats = child.kind == NodeKind::Repeat && child.least == 0;
            if (repeats)
                bytes |= firsts(child.children[0]); // none, or these
            else if (!looks)
                return bytes | firsts(child);
        }
        return bytes.set();
    case NodeKind::Alternation:
        for (const Node& child : node.children)
            bytes |= firsts(child);
        return bytes;
    default:
        return firsts(node.children[0]);
    }
}

void Compiler::emitAlternation(const Node& node)
{
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const bool last = i + 1 == node.children.size();
        std::size_t branch = 0;
        if (!last) {
            m_program.firsts.push_back(firsts(node.children[i]));
            branch = add(Operation::Branch, static_cast<std::uint32_t>(m_program.firsts.size() - 1));
        }
        emit(node.children[i]);
        if (!last) {
            ends.push_back(add(Operation::Jump));
            aim(branch);
        }
    }
    for (const std::size_t end : ends)
        aim(end);
}

void Compiler::emitPart(Operation operation, const Node& node)
{
    const std::size_t begin = add(operation);
    m_program.code[begin].negated = node.negated;
    for (const Node& child : node.children)
        emit(child);
    add(Operation::Match);
    aim(begin);
}

void Compiler::emitRepeat(const Node& node)
{
    const Node& child = node.children[0];
    if (child.kind == NodeKind::Set && node.greed != Greed::Lazy) {
        const std::size_t at = add(Operation::RepeatSet, child.set);
        Instruction& repeat = m_program.code[at];
        repeat.least = node.least;
        repeat.most = node.most;
        repeat.possessive = node.greed == Greed::Possessive;
        return;
    }
    if (node.most == Node::kEndless && mayBeEmpty(child)) {
        m_refused = "repeats without end what may be empty";
        return;
    }
    if (node.greed != Greed::Possessive)
        return emitGeneralRepeat(node);
    const std::size_t begin = add(Operation::Atomic);
    emitGeneralRepeat(node);
    add(Operation::Match);
    aim(begin);
}

void Compiler::emitGeneralRepeat(const Node& node)
{
    const Node& child = node.children[0];
    const Operation choice = node.greed == Greed::Lazy ? Operation::PreferFar : Operation::Prefer;
    for (std::uint32_t i = 0; i < node.least && m_refused == nullptr; ++i)
        emit(child);
    if (node.most == Node::kEndless) {
        const std::size_t begin = add(choice);
        emit(child);
        m_program.code[add(Operation::Jump)].target = static_cast<std::uint32_t>(begin);
        aim(begin);
        return;
    }
    std::vector<std::size_t> exits;
    for (std::uint32_t i = node.least; i < node.most && m_refused == nullptr; ++i) {
        exits.push_back(add(choice));
        emit(child);
    }
    for (const std::size_t exit : exits)
        aim(exit);
}

void Compiler::emit(const Node& node)
{
    if (m_refused != nullptr)
        return;
    switch (node.kind) {
    case NodeKind::Sequence:
        for (const Node& child : node.children)
            emit(child);
        return;
    case NodeKind::Alternation:
        return emitAlternation(node);
    case NodeKind::Set:
        add(Operation::Set, node.set);
        return;
    case NodeKind::Repeat:
        return emitRepeat(node);
    case NodeKind::Atomic:
        return emitPart(Operation::Atomic, node);
    case NodeKind::Ahead:
        return emitPart(Operation::Ahead, node);
    case NodeKind::Behind:
        m_program.code[add(Operation::Behind, node.children[0].set)].negated = node.negated;
        return;
    case NodeKind::TextStart:
        add(Operation::TextStart);
        return;
    case NodeKind::TextEnd:
        add(Operation::TextEnd);
        return;
    case NodeKind::LineStart:
        add(Operation::LineStart);
        return;
    case NodeKind::LineEnd:
        add(Operation::LineEnd);
        return;
    case NodeKind::WordEdge:
        m_program.code[add(Operation::WordEdge)].negated = node.negated;
        return;
    }
}

} // namespace

Result<Program> compile(SyntaxTree tree)
{
    return Compiler(std::move(tree)).run();
}

} // namespace vitrine::engine::regex
