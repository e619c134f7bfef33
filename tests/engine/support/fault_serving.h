// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings of the real scheduler and cache on a machine that is only reckoned, under loads as people make
// them. A fault is a wrong setting, a slow part of the machine or an awkward load; what it does to the
// recording is up to the scheduler.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/analysis/analysis_facts.h"
#include "engine/analysis/simulated_serving.h"

namespace vitrine::engine::test {

/// The same numbers everywhere.
class Dice
{
public:
    explicit Dice(std::uint64_t seed) : m_state((seed + 1) * 0xD1342543DE82EF95U) {} // seeds are no neighbours

    std::uint64_t next()
    {
        std::uint64_t z = m_state += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::uint32_t between(std::uint32_t least, std::uint32_t most)
    {
        return least + static_cast<std::uint32_t>(next() % (most - least + 1));
    }
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    double gap(double rate) { return -std::log1p(-unit()) / rate; }
    double normal() // by twelve dice
    {
        double sum = -6.0;
        for (int i = 0; i < 12; ++i)
            sum += unit();
        return sum;
    }

private:
    std::uint64_t m_state;
};

/// Nanoseconds.
struct Machine
{
    double fixed = 8e6;                      ///< of a step
    double prefill = 50e3;                   ///< of a prompt's token
    double row = 300e3;                      ///< of a decode
    double key = 20.0;                       ///< of a key attended to
    double noise = 0.04;                     ///< of a forward pass, one deviation
    double schedule = 60e3;                  ///< of a step
    double sample = 20e3;                    ///< of a row
    double telling = 30e3;                   ///< of a row
    double gap = 20e3;                       ///< behind a step
    double move = 40e3;                      ///< of a block to or from host memory
    double oddChance = 0.0, oddFactor = 1.0; ///< steps that take longer
    std::int64_t slowFromNs = INT64_MAX;     ///< from then on
    double slowFactor = 1.0;
};

struct Load
{
    std::vector<SimulatedRequest> requests;
    Dice dice;
    double atSeconds = 1.0;

    explicit Load(std::uint64_t seed) : dice(seed) {}

    std::vector<TokenId> tokens(std::uint32_t count)
    {
        std::vector<TokenId> ids;
        for (std::uint32_t i = 0; i < count; ++i)
            ids.push_back(static_cast<TokenId>(dice.between(1000, 30000)));
        return ids;
    }
    void ask(double seconds, std::vector<TokenId> prompt, std::uint32_t reply,
             const std::string& client = "c")
    {
        SimulatedRequest request{
            static_cast<std::int64_t>(seconds * 1e9), std::move(prompt), reply, {}, client};
        request.reply = tokens(reply);
        requests.push_back(std::move(request));
    }
    void sort()
    {
        std::stable_sort(requests.begin(), requests.end(),
                         [](const auto& a, const auto& b) { return a.arrivalNs < b.arrivalNs; });
    }
};

inline std::vector<TokenId> join(std::vector<TokenId> a, const std::vector<TokenId>& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// Questions with one system prompt.
struct ChatShape
{
    std::uint32_t count = 60;
    double rate = 3.0;
    std::uint32_t system = 64, least = 20, most = 150, replyLeast = 40, replyMost = 160;
};
inline void addChats(Load& load, const ChatShape& shape)
{
    const std::vector<TokenId> system = load.tokens(shape.system);
    double at = load.atSeconds;
    for (std::uint32_t i = 0; i < shape.count; ++i) {
        at += load.dice.gap(shape.rate);
        load.ask(at, join(system, load.tokens(load.dice.between(shape.least, shape.most))),
                 load.dice.between(shape.replyLeast, shape.replyMost), "c" + std::to_string(i % 4));
    }
}

/// People who go on with their own conversations, each turn with all that was said before.
struct TalkShape
{
    std::uint32_t talks = 8, turns = 5;
    double pause = 6.0; ///< seconds between the turns of one
    std::uint32_t first = 300, least = 30, most = 120, replyLeast = 40, replyMost = 100;
};
inline void addTalks(Load& load, const TalkShape& shape)
{
    for (std::uint32_t talk = 0; talk < shape.talks; ++talk) {
        double at = load.atSeconds + load.dice.unit() * shape.pause;
        std::vector<TokenId> said = load.tokens(shape.first);
        for (std::uint32_t turn = 0; turn < shape.turns; ++turn) {
            said = join(said, load.tokens(load.dice.between(shape.least, shape.most)));
            load.ask(at, said, load.dice.between(shape.replyLeast, shape.replyMost),
                     "t" + std::to_string(talk));
            said = join(said, load.requests.back().reply);
            at += shape.pause * (0.7 + 0.6 * load.dice.unit());
        }
    }
    load.sort();
}

/// Long documents now and then.
inline void addDocuments(Load& load, std::uint32_t count, double everySeconds, std::uint32_t tokens,
                         std::uint32_t reply = 16)
{
    double at = load.atSeconds + everySeconds / 2;
    for (std::uint32_t i = 0; i < count; ++i) {
        load.ask(at, load.tokens(load.dice.between(tokens * 9 / 10, tokens * 11 / 10)), reply, "doc");
        at += everySeconds * (0.8 + 0.4 * load.dice.unit());
    }
    load.sort();
}

/// Groups at one moment.
inline void addBursts(Load& load, std::uint32_t bursts, std::uint32_t each, double everySeconds)
{
    for (std::uint32_t burst = 0; burst < bursts; ++burst)
        for (std::uint32_t i = 0; i < each; ++i)
            load.ask(load.atSeconds + burst * everySeconds, load.tokens(load.dice.between(20, 100)),
                     load.dice.between(20, 80));
    load.sort();
}

struct Case
{
    explicit Case(std::uint64_t number) : load(number), seed(number)
    {
        pool.blocks = 4096;
        pool.blockSize = 16;
        pool.seed = 1;
    }

    KvCacheOptions pool;
    SchedulerOptions scheduler;
    Machine machine;
    Load load;
    AnalysisFacts facts;
    std::uint64_t seed;
};

inline Simulation serve(const Case& one)
{
    SimulationSetup setup;
    setup.pool = one.pool;
    setup.scheduler = one.scheduler;
    auto dice = std::make_shared<Dice>(one.seed + 77);
    setup.cost = [machine = one.machine, dice](const ScheduledBatch& batch, std::int64_t timeNs) {
        const auto rows = static_cast<double>(batch.rows.size());
        SimulatedCost cost;
        double forward = machine.fixed + machine.prefill * batch.prefillTokens +
                         machine.row * batch.decodeTokens +
                         machine.key * static_cast<double>(batch.load.attendedKeys);
        forward *= std::max(1.0 + machine.noise * dice->normal(), 0.5);
        forward *= dice->unit() < machine.oddChance ? machine.oddFactor * (0.7 + 0.6 * dice->unit()) : 1.0;
        forward *= timeNs >= machine.slowFromNs ? machine.slowFactor : 1.0;
        const auto moves =
            std::count_if(batch.transfers.begin(), batch.transfers.end(),
                          [](const auto& transfer) { return transfer.kind != KvTransfer::Kind::Copy; });
        cost.scheduleNs = static_cast<std::int64_t>(machine.schedule);
        cost.transferNs = static_cast<std::int64_t>(machine.move * static_cast<double>(moves));
        cost.forwardNs = batch.empty() ? 0 : static_cast<std::int64_t>(forward);
        cost.sampleNs = static_cast<std::int64_t>(machine.sample * rows);
        cost.emitNs = static_cast<std::int64_t>(machine.telling * rows);
        cost.gapNs = static_cast<std::int64_t>(machine.gap * (0.5 + dice->unit()));
        return cost;
    };
    return simulateServing(setup, one.load.requests);
}

} // namespace vitrine::engine::test
