// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/workload/workload_maker.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

/// SplitMix64: the same numbers on every machine, which the standard distributions do not promise.
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next()
    {
        std::uint64_t z = m_state += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    /// least … most
    std::uint64_t between(std::uint64_t least, std::uint64_t most)
    {
        return least + next() % (most - least + 1);
    }
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    /// Time to the next arrival at `rate` a second.
    double gap(double rate) { return -std::log1p(-unit()) / rate; }

private:
    std::uint64_t m_state;
};

constexpr const char* kQuestions[] = {
    "What is the capital of France?",
    "Explain in two sentences why the sky is blue.",
    "Write a short poem about a lighthouse.",
    "How do I reverse a list in Python?",
    "Name three rivers in South America.",
    "What is the difference between weather and climate?",
    "Give me a recipe for pancakes.",
    "Summarise the plot of Romeo and Juliet.",
    "Why do cats purr?",
    "Translate \"good morning\" into Spanish and German.",
};

constexpr const char* kWords[] = {"river",  "engine", "quiet",  "paper",  "window", "seven",
                                  "market", "light",  "stone",  "garden", "north",  "letter",
                                  "silver", "winter", "bridge", "music"};

/// Ids that every vocabulary of some size has, away from its control tokens at the start.
std::vector<TokenId> randomTokens(Random& random, std::uint64_t count)
{
    std::vector<TokenId> tokens;
    tokens.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i)
        tokens.push_back(static_cast<TokenId>(random.between(1000, 30000)));
    return tokens;
}

std::string words(Random& random, std::uint64_t count)
{
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : " ") + std::string(kWords[random.between(0, std::size(kWords) - 1)]);
    return text;
}

class Maker
{
public:
    Maker(const WorkloadShape& shape, std::uint64_t seed, const std::function<bool(WorkloadItem)>& sink)
        : m_shape(shape), m_random(seed), m_sink(sink)
    {
        // Of numbers of its own, so that the rest is the same with it and without.
        Random shared(seed ^ 0x5348415245442121U);
        m_sharedTokens = randomTokens(shared, shape.sharedTokens);
        m_sharedText = words(shared, shape.sharedTokens);
    }

    bool wanted() const { return m_wanted; }

    /// Prompt and output lengths uniform in the range.
    void nano(std::uint64_t)
    {
        const std::uint64_t prompt = length(), reply = length();
        tokens(prompt, reply);
    }

    void chat(std::uint64_t index)
    {
        const std::uint64_t reply = length();
        text(kQuestions[m_random.between(0, std::size(kQuestions) - 1)], index % 4, reply);
    }

    /// Groups of eight at one moment, with quiet between them.
    void burst(std::uint64_t index)
    {
        if (index % 8 != 0)
            m_clock = m_lastArrival;
        const std::uint64_t reply = length();
        text(words(m_random, m_random.between(10, 60)), index % 8, reply);
    }

    /// Long prompts, short replies.
    void longPrompts(std::uint64_t) { tokens(length(), 16); }

    /// Families of four that share a long beginning.
    void branches(std::uint64_t index)
    {
        if (index % 4 == 0)
            m_stem = randomTokens(m_random, m_random.between(m_shape.least, m_shape.most));
        std::vector<TokenId> prompt = m_stem;
        for (const TokenId token : randomTokens(m_random, 8))
            prompt.push_back(token);
        add(std::move(prompt), 32, index / 4);
    }

    /// Chats, and among each eight of them one prompt eight times as long and a burst of two.
    void mixed(std::uint64_t index)
    {
        if (index % 8 == 3)
            tokens(8 * length(), 16);
        else
            chat(index);
        if (index % 8 == 6)
            m_clock = m_lastArrival; // the next one comes at the same moment
    }

private:
    std::uint64_t length() { return m_random.between(m_shape.least, m_shape.most); }

    void tokens(std::uint64_t count, std::uint64_t maxTokens)
    {
        add(randomTokens(m_random, count), maxTokens, m_index % 4);
    }

    void text(const std::string& prompt, std::uint64_t client, std::uint64_t maxTokens)
    {
        submit(m_sharedText.empty() ? prompt : m_sharedText + "\n" + prompt, maxTokens, client);
    }

    void add(std::vector<TokenId> prompt, std::uint64_t maxTokens, std::uint64_t client)
    {
        prompt.insert(prompt.begin(), m_sharedTokens.begin(), m_sharedTokens.end());
        submit(std::move(prompt), maxTokens, client);
    }

    void submit(Prompt prompt, std::uint64_t maxTokens, std::uint64_t client)
    {
        WorkloadItem item;
        item.id = "\"r" + std::to_string(m_index) + "\"";
        item.arrivalSeconds = std::round(m_clock * 1e6) / 1e6; // as a line has it
        item.request.prompt = std::move(prompt);
        item.request.maxTokens =
            m_shape.replyTokens != 0 ? m_shape.replyTokens : static_cast<std::uint32_t>(maxTokens);
        item.request.sampling.seed = m_index;
        item.request.client = "c" + std::to_string(client);
        item.request.ignoreEndOfGeneration = true;
        m_wanted = m_sink(std::move(item));
        ++m_index;
        m_lastArrival = m_clock;
        m_clock += m_shape.rate > 0.0 ? m_random.gap(m_shape.rate) : 0.0;
    }

    WorkloadShape m_shape;
    Random m_random;
    const std::function<bool(WorkloadItem)>& m_sink;
    bool m_wanted = true;
    std::uint64_t m_index = 0;
    double m_clock = 0.0, m_lastArrival = 0.0;
    std::vector<TokenId> m_stem, m_sharedTokens;
    std::string m_sharedText;
};

constexpr WorkloadKind kKinds[] = {
    {"chat", {32, 16, 128, 2.0}, WorkloadLength::OfReply, "questions of people, replies of A...B tokens"},
    {"nano",
     {256, 100, 1024, 0.0},
     WorkloadLength::OfBoth,
     "prompt and output lengths uniform in A...B, all at once"},
    {"burst",
     {32, 16, 64, 0.5},
     WorkloadLength::OfReply,
     "groups of eight at one moment, replies of A...B tokens"},
    {"long-prompts",
     {8, 1000, 4000, 0.5},
     WorkloadLength::OfPrompt,
     "prompts of A...B tokens, short replies"},
    {"branches",
     {32, 200, 600, 2.0},
     WorkloadLength::OfBeginning,
     "families of four sharing a beginning of A...B tokens"},
    {"mixed", {32, 16, 128, 2.0}, WorkloadLength::OfReply, "all of these among each other"},
};

/// How each kind is made, in their order.
constexpr void (Maker::*kMade[])(std::uint64_t) = {&Maker::chat,        &Maker::nano,     &Maker::burst,
                                                   &Maker::longPrompts, &Maker::branches, &Maker::mixed};
static_assert(std::size(kMade) == std::size(kKinds));

} // namespace

std::span<const WorkloadKind> workloadKinds()
{
    return kKinds;
}

const WorkloadKind* findWorkloadKind(std::string_view name)
{
    for (const WorkloadKind& kind : kKinds) {
        if (name == kind.name)
            return &kind;
    }
    return nullptr;
}

void makeWorkload(const WorkloadKind& kind, const WorkloadShape& shape, std::uint64_t seed,
                  const std::function<bool(WorkloadItem)>& sink)
{
    const auto index = static_cast<std::size_t>(&kind - kKinds);
    VT_CHECK(index < std::size(kKinds) && shape.least <= shape.most);
    Maker maker(shape, seed, sink);
    for (std::uint64_t i = 0; i < shape.count && maker.wanted(); ++i)
        (maker.*kMade[index])(i);
}

Workload makeWorkload(const WorkloadKind& kind, const WorkloadShape& shape, std::uint64_t seed)
{
    Workload items;
    makeWorkload(kind, shape, seed, [&](WorkloadItem item) {
        items.push_back(std::move(item));
        return true;
    });
    return items;
}

} // namespace vitrine::engine
