// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/trace_maker.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace vitrine::cli {

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
Json randomTokens(Random& random, std::uint64_t count)
{
    Json tokens = Json::array();
    for (std::uint64_t i = 0; i < count; ++i)
        tokens.push_back(random.between(1000, 30000));
    return tokens;
}

std::string words(Random& random, std::uint64_t count)
{
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : " ") + std::string(kWords[random.between(0, std::size(kWords) - 1)]);
    return text;
}

class Trace
{
public:
    Trace(const TraceShape& shape, std::uint64_t seed, const std::function<bool(const Json&)>& sink)
        : m_shape(shape), m_random(seed), m_sink(sink)
    {}

    bool wanted() const { return m_wanted; }

    /// Prompt and output lengths uniform in the range.
    void nano(std::uint64_t)
    {
        const std::uint64_t prompt = length();
        tokens(prompt, length());
    }

    void chat(std::uint64_t index)
    {
        text(kQuestions[m_random.between(0, std::size(kQuestions) - 1)], index % 4, length());
    }

    /// Groups of eight at one moment, with quiet between them.
    void burst(std::uint64_t index)
    {
        if (index % 8 != 0)
            m_clock = m_lastArrival;
        text(words(m_random, m_random.between(10, 60)), index % 8, length());
    }

    /// Long prompts, short replies.
    void longPrompts(std::uint64_t) { tokens(length(), 16); }

    /// Families of four that share a long beginning.
    void branches(std::uint64_t index)
    {
        if (index % 4 == 0)
            m_stem = randomTokens(m_random, m_random.between(m_shape.least, m_shape.most));
        Json prompt = m_stem;
        for (const Json& token : randomTokens(m_random, 8))
            prompt.push_back(token);
        line({{"tokens", std::move(prompt)}}, 32, index / 4);
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
        line({{"tokens", randomTokens(m_random, count)}}, maxTokens, m_index % 4);
    }

    void text(std::string prompt, std::uint64_t client, std::uint64_t maxTokens)
    {
        line({{"prompt", std::move(prompt)}}, maxTokens, client);
    }

    void line(Json prompt, std::uint64_t maxTokens, std::uint64_t client)
    {
        Json out{{"id", "r" + std::to_string(m_index)}, {"arrival_s", rounded(m_clock)}};
        out.update(prompt);
        out["max_tokens"] = maxTokens;
        out["temperature"] = 0.0;
        out["seed"] = m_index;
        out["priority"] = 0;
        out["client"] = "c" + std::to_string(client);
        out["ignore_eos"] = true;
        m_wanted = m_sink(out);
        ++m_index;
        m_lastArrival = m_clock;
        m_clock += m_shape.rate > 0.0 ? m_random.gap(m_shape.rate) : 0.0;
    }

    TraceShape m_shape;
    Random m_random;
    const std::function<bool(const Json&)>& m_sink;
    bool m_wanted = true;
    std::uint64_t m_index = 0;
    double m_clock = 0.0, m_lastArrival = 0.0;
    Json m_stem = Json::array();
};

struct Kind
{
    const char* name;
    TraceShape usual;
    void (Trace::*write)(std::uint64_t);
    const char* help;
};

constexpr Kind kKinds[] = {
    {"chat", {32, 16, 128, 2.0}, &Trace::chat, "questions of people, replies of A...B tokens"},
    {"nano", {256, 100, 1024, 0.0}, &Trace::nano, "prompt and output lengths uniform in A...B, all at once"},
    {"burst", {32, 16, 64, 0.5}, &Trace::burst, "groups of eight at one moment, replies of A...B tokens"},
    {"long-prompts", {8, 1000, 4000, 0.5}, &Trace::longPrompts, "prompts of A...B tokens, short replies"},
    {"branches",
     {32, 200, 600, 2.0},
     &Trace::branches,
     "families of four sharing a beginning of A...B tokens"},
    {"mixed", {32, 16, 128, 2.0}, &Trace::mixed, "all of these among each other"},
};

const Kind* findKind(const std::string& name)
{
    for (const Kind& kind : kKinds) {
        if (name == kind.name)
            return &kind;
    }
    return nullptr;
}

} // namespace

std::string traceKindsHelp()
{
    std::string text = "KIND:\n";
    for (const Kind& kind : kKinds) {
        const std::string name = kind.name;
        text += "  " + name + std::string(14 - name.size(), ' ') + kind.help + " (" +
                std::to_string(kind.usual.count) + " requests, " + std::to_string(kind.usual.least) + "..." +
                std::to_string(kind.usual.most) + ")\n";
    }
    return text + "Every reply runs to its full length (\"ignore_eos\").";
}

std::optional<TraceShape> usualShape(const std::string& kind)
{
    const Kind* found = findKind(kind);
    return found != nullptr ? std::optional<TraceShape>(found->usual) : std::nullopt;
}

void makeTrace(const std::string& kind, const TraceShape& shape, std::uint64_t seed,
               const std::function<bool(const Json&)>& sink)
{
    const Kind* found = findKind(kind);
    VT_CHECK(found != nullptr && shape.least <= shape.most);
    Trace trace(shape, seed, sink);
    for (std::uint64_t i = 0; i < shape.count && trace.wanted(); ++i)
        (trace.*found->write)(i);
}

} // namespace vitrine::cli
