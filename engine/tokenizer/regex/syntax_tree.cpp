// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/regex/syntax_tree.h"

#include <string>

#include "engine/tokenizer/regex/set_parser.h"

namespace vitrine::engine::regex {

namespace {

constexpr std::size_t kLongestPattern = 16384;
constexpr int kDeepestGroup = 64;
constexpr std::uint32_t kMostTimes = 1000;

/// Restores what a group's options change, where the group ends.
struct Options
{
    bool foldsCase = false;
};

class Parser
{
public:
    explicit Parser(std::string_view pattern) : m_reader{pattern} {}

    Result<SyntaxTree> run()
    {
        auto root = alternation(0);
        if (!root)
            return root.error();
        if (!m_reader.atEnd())
            return m_reader.wrong("a parenthesis closes nothing");
        m_tree.root = std::move(*root);
        return std::move(m_tree);
    }

private:
    Result<Node> alternation(int depth);
    Result<Node> sequence(int depth);
    Result<Node> repeated(int depth);
    Result<Node> repeat(Node child);
    Result<bool> readCounts(Node& repeat);
    Result<std::uint32_t> number();
    Result<Node> atom(int depth);
    Result<Node> group(int depth);
    Result<Node> closed(Node node, int depth);
    Result<Node> optionGroup(int depth);
    Result<Node> escape();

    Node setNode(CharacterSet set);
    Node characterNode(char32_t code);
    static Node simple(NodeKind kind, bool negated = false)
    {
        Node node;
        node.kind = kind;
        node.negated = negated;
        return node;
    }

    PatternReader m_reader;
    Options m_options;
    SyntaxTree m_tree;
};

Node Parser::setNode(CharacterSet set)
{
    if (m_options.foldsCase)
        set.foldCase();
    set.freeze();
    Node node = simple(NodeKind::Set);
    node.set = static_cast<std::uint32_t>(m_tree.sets.size());
    m_tree.sets.push_back(std::move(set));
    return node;
}

Node Parser::characterNode(char32_t code)
{
    CharacterSet set;
    set.add(code, code);
    return setNode(std::move(set));
}

Result<Node> Parser::alternation(int depth)
{
    if (depth > kDeepestGroup)
        return m_reader.wrong("groups lie too deep in each other");
    const Options before = m_options; // (?i) holds up to the end of the group
    Node node = simple(NodeKind::Alternation);
    do {
        auto branch = sequence(depth);
        if (!branch)
            return branch.error();
        node.children.push_back(std::move(*branch));
    } while (m_reader.take("|"));
    m_options = before;
    if (node.children.size() > 1)
        return node;
    return Result<Node>(std::move(node.children[0]));
}

Result<Node> Parser::sequence(int depth)
{
    Node node = simple(NodeKind::Sequence);
    while (!m_reader.atEnd() && m_reader.peek() != '|' && m_reader.peek() != ')') {
        auto next = repeated(depth);
        if (!next)
            return next.error();
        node.children.push_back(std::move(*next));
    }
    return node;
}

Result<Node> Parser::repeated(int depth)
{
    auto child = atom(depth);
    if (!child)
        return child.error();
    const std::string_view signs = "*+?{";
    if (m_reader.atEnd() || signs.find(m_reader.peek()) == std::string_view::npos)
        return child;
    auto node = repeat(std::move(*child));
    if (node && !m_reader.atEnd() && std::string_view("*+?").find(m_reader.peek()) != std::string_view::npos)
        return m_reader.wrong("a repeat is repeated");
    return node;
}

Result<Node> Parser::repeat(Node child)
{
    Node node = simple(NodeKind::Repeat);
    bool counted = false;
    if (m_reader.take("*")) {
        node.most = Node::kEndless;
    } else if (m_reader.take("+")) {
        node.least = 1;
        node.most = Node::kEndless;
    } else if (m_reader.take("?")) {
        node.most = 1;
    } else {
        auto read = readCounts(node);
        if (!read)
            return read.error();
        counted = true;
    }
    if (m_reader.take("?"))
        node.greed = Greed::Lazy;
    else if (!counted && m_reader.take("+"))
        node.greed = Greed::Possessive;
    node.children.push_back(std::move(child));
    return node;
}

/// {n}, {n,}, {,m} and {n,m}
Result<bool> Parser::readCounts(Node& repeat)
{
    m_reader.take("{");
    const bool noLeast = m_reader.peek() == ',';
    const auto least = noLeast ? Result<std::uint32_t>(0U) : number();
    if (!least)
        return least.error();
    repeat.least = repeat.most = *least;
    if (m_reader.take(",")) {
        repeat.most = Node::kEndless;
        if (m_reader.peek() != '}') {
            const auto most = number();
            if (!most)
                return most.error();
            repeat.most = *most;
        }
    }
    if (!m_reader.take("}") || repeat.most < repeat.least)
        return m_reader.wrong("is not a number of times such as {1,3}");
    return true;
}

Result<std::uint32_t> Parser::number()
{
    std::uint32_t value = 0;
    const std::size_t begin = m_reader.at;
    for (; m_reader.peek() >= '0' && m_reader.peek() <= '9' && value <= kMostTimes; ++m_reader.at)
        value = value * 10 + static_cast<std::uint32_t>(m_reader.peek() - '0');
    if (m_reader.at == begin || value > kMostTimes)
        return m_reader.wrong("needs a number of times, " + std::to_string(kMostTimes) + " at most");
    return value;
}

Result<Node> Parser::atom(int depth)
{
    switch (m_reader.peek()) {
    case '(':
        ++m_reader.at;
        return group(depth);
    case '\\':
        ++m_reader.at;
        return escape();
    case '^':
        ++m_reader.at;
        return simple(NodeKind::LineStart);
    case '$':
        ++m_reader.at;
        return simple(NodeKind::LineEnd);
    case '[': {
        ++m_reader.at;
        auto set = readSet(m_reader, 0);
        return set ? Result<Node>(setNode(std::move(*set))) : Result<Node>(set.error());
    }
    case '.': {
        ++m_reader.at;
        CharacterSet set;
        set.add('\n', '\n');
        set.invert();
        return setNode(std::move(set));
    }
    case '*':
    case '+':
    case '?':
        return m_reader.wrong("there is nothing to repeat");
    default:
        break;
    }
    const auto code = m_reader.character();
    return code ? Result<Node>(characterNode(*code)) : Result<Node>(code.error());
}

Result<Node> Parser::closed(Node node, int depth)
{
    auto child = alternation(depth + 1);
    if (!child)
        return child.error();
    if (!m_reader.take(")"))
        return m_reader.wrong("a group is not closed");
    if (node.kind == NodeKind::Behind && child->kind == NodeKind::Sequence && child->children.size() == 1)
        child = Result<Node>(Node(std::move(child->children[0])));
    if (node.kind == NodeKind::Behind && child->kind != NodeKind::Set)
        return m_reader.wrong("looking back at more than one character is not supported");
    node.children.push_back(std::move(*child));
    return node;
}

Result<Node> Parser::group(int depth)
{
    if (!m_reader.take("?"))
        return closed(simple(NodeKind::Sequence), depth);
    if (m_reader.take(":"))
        return closed(simple(NodeKind::Sequence), depth);
    if (m_reader.take("="))
        return closed(simple(NodeKind::Ahead), depth);
    if (m_reader.take("!"))
        return closed(simple(NodeKind::Ahead, true), depth);
    if (m_reader.take(">"))
        return closed(simple(NodeKind::Atomic), depth);
    if (m_reader.take("<="))
        return closed(simple(NodeKind::Behind), depth);
    if (m_reader.take("<!"))
        return closed(simple(NodeKind::Behind, true), depth);
    return optionGroup(depth);
}

/// (?i), (?-i), (?i:…), (?-i:…)
Result<Node> Parser::optionGroup(int depth)
{
    const bool on = !m_reader.take("-");
    if (!m_reader.take("i"))
        return m_reader.wrong("this kind of group is not supported");
    const Options before = m_options;
    m_options.foldsCase = on;
    if (m_reader.take(")")) {
        // The rest of the group, with its alternatives, is under the option.
        auto rest = alternation(depth + 1);
        m_options = before;
        return rest;
    }
    if (!m_reader.take(":"))
        return m_reader.wrong("this kind of group is not supported");
    auto inner = closed(simple(NodeKind::Sequence), depth);
    m_options = before;
    return inner;
}

Result<Node> Parser::escape()
{
    const char name = m_reader.peek();
    const auto anchor = [&](NodeKind kind, bool negated = false) {
        ++m_reader.at;
        return Result<Node>(simple(kind, negated));
    };
    switch (name) {
    case 'A':
        return anchor(NodeKind::TextStart);
    case 'z':
        return anchor(NodeKind::TextEnd);
    case 'b':
        return anchor(NodeKind::WordEdge);
    case 'B':
        return anchor(NodeKind::WordEdge, true);
    default:
        break;
    }
    auto named = readClassEscape(m_reader);
    if (!named)
        return named.error();
    if (*named)
        return setNode(std::move(**named));
    const auto code = readCharacterEscape(m_reader);
    return code ? Result<Node>(characterNode(*code)) : Result<Node>(code.error());
}

} // namespace

Result<SyntaxTree> parse(std::string_view pattern)
{
    if (pattern.empty() || pattern.size() > kLongestPattern)
        return badInput("the expression has " + std::to_string(pattern.size()) + " bytes; 1 to " +
                        std::to_string(kLongestPattern) + " are allowed");
    return Parser(pattern).run();
}

} // namespace vitrine::engine::regex
