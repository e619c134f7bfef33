// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/prefix_tree.h"

#include <algorithm>
#include <queue>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include "engine/analysis/radix_tree.h"
#include "engine/base/text.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostTextBytes = 400;

/// Without the rest of a character at either end: tokens may begin and end within one.
std::string_view wholeCharacters(std::string_view text)
{
    constexpr std::size_t kMostBytes = 4; // of a character
    const auto goesOn = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
    for (std::size_t i = 1; i < kMostBytes && !text.empty() && goesOn(text.front()); ++i)
        text.remove_prefix(1);
    std::size_t last = text.size();
    while (last > 0 && text.size() - last < kMostBytes - 1 && goesOn(text[last - 1]))
        --last;
    if (last > 0 && static_cast<unsigned char>(text[last - 1]) >= 0xC0U &&
        utf8CharacterLength(text.substr(last - 1)) == 0)
        text = text.substr(0, last - 1);
    return text;
}

/// A request's text, and what of it was found in the cache.
struct Text
{
    RequestId request;
    std::vector<TokenId> tokens;
    std::uint32_t cached = 0, end = 0; ///< `end`: the tree's node
    bool admitted = false;
};

class TextReader
{
public:
    void add(const RecordedStep& step)
    {
        for (const RecordedEvent& event : step.events)
            std::visit([this](const auto& value) { take(value); }, event);
    }

    std::vector<Text> texts; ///< in order of arrival
    std::unordered_set<RequestId> unknown;

private:
    Text* find(RequestId request)
    {
        const auto found = m_places.find(request);
        if (found != m_places.end())
            return &texts[found->second];
        unknown.insert(request);
        return nullptr;
    }
    void take(const RecordedArrival& arrival)
    {
        if (!arrival.prompt.empty() && m_places.try_emplace(arrival.request, texts.size()).second)
            texts.push_back({arrival.request, arrival.prompt, 0, 0, false});
    }
    void take(const RecordedToken& token)
    {
        if (Text* text = find(token.request))
            text->tokens.push_back(token.token);
    }
    void take(const AdmissionEvent& admission)
    {
        Text* text = find(admission.request);
        if (text == nullptr || admission.again || text->admitted)
            return;
        text->admitted = true;
        text->cached = admission.cachedTokens;
    }
    template<class Other>
    void take(const Other&)
    {}

    std::unordered_map<RequestId, std::size_t> m_places;
};

class TreeWriter
{
public:
    TreeWriter(const RadixTree& radix, const std::vector<Text>& texts,
               const std::map<TokenId, std::string>& vocabulary, const PrefixTreeLimits& limits)
        : m_radix(radix.nodes()), m_texts(texts), m_vocabulary(vocabulary), m_limits(limits),
          m_facts(m_radix.size()), m_places(m_radix.size(), PrefixNode::kNone)
    {}

    PrefixTree run()
    {
        listChildren();
        countRequests();
        keepHeaviest();
        countSavings();
        for (std::uint32_t node = 1; node < m_tree.nodes.size(); ++node)
            describe(node);
        return std::move(m_tree);
    }

private:
    struct Facts
    {
        std::uint32_t ends = 0, requests = 0, firstChild = 0, children = 0;
    };

    /// m_order: all nodes, parents before children; the children of one stand together.
    void listChildren()
    {
        const auto count = static_cast<std::uint32_t>(m_radix.size());
        for (std::uint32_t node = 1; node < count; ++node)
            ++m_facts[m_radix[node].parent].children;
        std::uint32_t next = 0;
        for (Facts& facts : m_facts)
            facts.firstChild = std::exchange(next, next + facts.children);
        m_children.resize(next);
        std::vector<std::uint32_t> filled(count, 0);
        for (std::uint32_t node = 1; node < count; ++node) {
            const std::uint32_t parent = m_radix[node].parent;
            m_children[m_facts[parent].firstChild + filled[parent]++] = node;
        }
        m_order.push_back(RadixTree::kRoot);
        for (std::size_t i = 0; i < m_order.size(); ++i)
            for (const std::uint32_t child : childrenOf(m_order[i]))
                m_order.push_back(child);
    }

    std::span<std::uint32_t> childrenOf(std::uint32_t node)
    {
        return std::span(m_children).subspan(m_facts[node].firstChild, m_facts[node].children);
    }

    void countRequests()
    {
        for (const Text& text : m_texts)
            ++m_facts[text.end].ends;
        for (std::size_t i = m_order.size(); i-- > 0;) {
            Facts& facts = m_facts[m_order[i]];
            facts.requests += facts.ends;
            if (i > 0)
                m_facts[m_radix[m_order[i]].parent].requests += facts.requests;
        }
        for (const std::uint32_t node : m_order) {
            const std::span<std::uint32_t> children = childrenOf(node);
            std::stable_sort(children.begin(), children.end(), [this](std::uint32_t a, std::uint32_t b) {
                return m_facts[a].requests > m_facts[b].requests;
            });
        }
    }

    /// From the root on, always the node next that most requests pass.
    void keepHeaviest()
    {
        using Entry =
            std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>; // requests, tokens, older node first
        std::priority_queue<Entry> open;
        open.emplace(0, 0, ~RadixTree::kRoot);
        while (!open.empty() && m_tree.nodes.size() < std::max<std::size_t>(m_limits.mostNodes, 1)) {
            const std::uint32_t node = ~std::get<2>(open.top());
            open.pop();
            keep(node);
            if (m_tree.nodes[m_places[node]].depth >= m_limits.mostDepth)
                continue;
            for (const std::uint32_t child : childrenOf(node))
                open.emplace(m_facts[child].requests, m_radix[child].tokens.size(), ~child);
        }
        m_tree.cutNodes = m_radix.size() - m_tree.nodes.size();
        m_tree.requests = static_cast<std::uint32_t>(m_texts.size());
    }

    void keep(std::uint32_t node)
    {
        const auto place = static_cast<std::uint32_t>(m_tree.nodes.size());
        PrefixNode& kept = m_tree.nodes.emplace_back();
        m_places[node] = place;
        m_kept.push_back(node);
        kept.firstToken = m_radix[node].firstToken;
        kept.tokens = static_cast<std::uint32_t>(m_radix[node].tokens.size());
        kept.requests = m_facts[node].requests;
        kept.ends = m_facts[node].ends;
        kept.passedTokens = std::uint64_t{kept.tokens} * kept.requests;
        kept.cutChildren = m_facts[node].children;
        if (node == RadixTree::kRoot)
            return;
        kept.parent = m_places[m_radix[node].parent];
        PrefixNode& parent = m_tree.nodes[kept.parent];
        kept.depth = parent.depth + 1;
        --parent.cutChildren;
        parent.children.push_back(place); // ordered already: most requests first
    }

    /// Along the path of each request from its end up.
    void countSavings()
    {
        for (const Text& text : m_texts) {
            m_tree.savedTokens += std::min<std::uint64_t>(text.cached, text.tokens.size());
            for (std::uint32_t node = text.end;; node = m_radix[node].parent) {
                if (m_places[node] != PrefixNode::kNone)
                    count(m_tree.nodes[m_places[node]], text);
                if (node == RadixTree::kRoot)
                    break;
            }
        }
    }

    void count(PrefixNode& node, const Text& text) const
    {
        if (node.named.size() < m_limits.mostRequests)
            node.named.push_back(text.request);
        const std::uint32_t saved =
            std::min(node.tokens, text.cached - std::min(text.cached, node.firstToken));
        node.savedTokens += saved;
        node.hits += saved > 0 ? 1 : 0;
    }

    /// Of a kept node: the text that leads to it and goes on in it.
    std::span<const TokenId> pathOf(std::uint32_t place) const
    {
        const RadixTree::Node& node = m_radix[m_kept[place]];
        return {node.tokens.data() - node.firstToken, node.firstToken + node.tokens.size()};
    }

    std::string wordsOf(std::span<const TokenId> tokens) const
    {
        std::string words;
        for (const TokenId token : tokens) {
            const auto word = m_vocabulary.find(token);
            words += word == m_vocabulary.end() ? "<" + std::to_string(token) + ">" : word->second;
            if (words.size() > kMostTextBytes)
                break;
        }
        return printable(wholeCharacters(words), kMostTextBytes);
    }

    std::string wordsOf(std::span<const TokenId> tokens, std::size_t from, std::size_t count) const
    {
        from = std::min(from, tokens.size());
        return wordsOf(tokens.subspan(from, std::min(count, tokens.size() - from)));
    }

    void describe(std::uint32_t place)
    {
        PrefixNode& node = m_tree.nodes[place];
        node.text = wordsOf(pathOf(place), node.firstToken, m_limits.textTokens);
        const std::vector<std::uint32_t>& siblings = m_tree.nodes[node.parent].children;
        if (siblings.size() < 2)
            return;
        const std::uint32_t sibling = siblings[0] == place ? siblings[1] : siblings[0];
        const std::span<const TokenId> own = pathOf(place), other = pathOf(sibling);
        std::size_t at = node.firstToken;
        while (at < std::min(own.size(), other.size()) && own[at] == other[at])
            ++at;
        const std::size_t context = std::min<std::size_t>(at, m_limits.contextTokens);
        node.hasDivergence = true;
        node.divergence = {sibling, static_cast<std::uint32_t>(at), wordsOf(own, at - context, context),
                           wordsOf(own, at, m_limits.contextTokens),
                           wordsOf(other, at, m_limits.contextTokens)};
    }

    const std::vector<RadixTree::Node>& m_radix;
    const std::vector<Text>& m_texts;
    const std::map<TokenId, std::string>& m_vocabulary;
    const PrefixTreeLimits& m_limits;
    std::vector<Facts> m_facts; // by node of the radix tree
    std::vector<std::uint32_t> m_children, m_order;
    std::vector<std::uint32_t> m_places, m_kept; // radix node → place in the tree, and back
    PrefixTree m_tree;
};

} // namespace

PrefixTree prefixTree(const RecordingStart& pool, std::span<const RecordedStep> steps,
                      const std::map<TokenId, std::string>& vocabulary, const PrefixTreeLimits& limits)
{
    TextReader reader;
    std::uint64_t promptTokens = 0;
    for (const RecordedStep& step : steps)
        reader.add(step);
    RadixTree radix(std::max(pool.blockSize, 1U));
    for (Text& text : reader.texts)
        text.end = radix.insert(text.tokens);
    for (const RecordedStep& step : steps)
        promptTokens += step.record.lookedUpTokens;
    PrefixTree tree = TreeWriter(radix, reader.texts, vocabulary, limits).run();
    tree.unknown = static_cast<std::uint32_t>(reader.unknown.size());
    tree.promptTokens = promptTokens;
    return tree;
}

} // namespace vitrine::engine
