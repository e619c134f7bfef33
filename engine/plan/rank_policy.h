// SPDX-License-Identifier: GPL-3.0-or-later
// How many ranks compute while load comes and goes. It believes measurements alone: how long steps took under
// each number beside what they were predicted to take with one process, for small and large steps and those
// with prompts by themselves. Numbers that nobody has measured are tried while there is work, under a budget:
//
// - Changes are `restSeconds` apart at least, and a number is judged after `settleSeconds` of steps.
// - More ranks compute only where they were measured faster by `gain`, and stay only while they are by
// `keep`.
// - What trials and growth cost, in packing and in tokens that are computed anew, stays below `costShare` of
//   all time in steps; a trial counts with the way back.
// - A number that proved slower is not tried again for `retrySeconds`, each time for twice as long.
// - With nothing to do for `idleSeconds` one process is left, which gives the others' memory back.
// - Where a number computes that is none of the model's (failures left it), the next smaller one of these is
//   taken.
//
// Time is an input, in seconds on any clock that does not go back. Plain; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::engine {

struct RankPolicyOptions
{
    double restSeconds = 10.0;
    double settleSeconds = 4.0;
    double idleSeconds = 60.0;
    double gain = 0.1, keep = 0.05;
    double costShare = 0.05;
    double retrySeconds = 300.0, longestRetrySeconds = 3600.0;
    double memorySeconds = 900.0; ///< after which a measurement is forgotten
    /// Predicted beside the present number: it is not even tried, until predictions are as old as memory
    /// goes.
    double hopeless = 1.5;
    std::uint32_t warmUpSteps = 8; ///< after a change: they find caches and pages cold
};

struct RankNumber
{
    std::uint32_t ranks = 1;
    double predicted = 1.0; ///< time beside one process
};

struct RankSample
{
    double at = 0.0;                            ///< when the step ended
    double seconds = 0.0;                       ///< that it took
    double work = 0.0;                          ///< seconds that it was predicted to take with one process
    std::uint32_t tokens = 0, promptTokens = 0; ///< of all tokens, those of prompts
};

struct EngineLoad
{
    double now = 0.0;
    std::uint32_t requests = 0; ///< that run or wait
    std::uint32_t ranks = 1;    ///< that compute
    std::uint64_t kvTokens = 0; ///< of requests that run: a change computes them anew
};

struct RankDecision
{
    enum class Reason : std::uint8_t { Faster, Trial, NotFaster, Idle, Known };
    std::uint32_t ranks = 1;
    Reason reason = Reason::Trial;
};

class RankPolicy
{
public:
    /// `numbers`: those that the model admits, rising, the first one 1.
    RankPolicy(const RankPolicyOptions& options, const std::vector<RankNumber>& numbers);
    RankPolicy(const RankPolicy&) = delete;
    RankPolicy& operator=(const RankPolicy&) = delete;

    /// A step, under the number of ranks of the last load.
    void took(const RankSample& sample);
    /// The number to change to; nothing: as it is. Once a step, and now and then while there is none.
    std::optional<RankDecision> choose(const EngineLoad& load);
    /// Done, in so many seconds.
    void changed(const EngineLoad& before, const RankDecision& decision, double seconds);
    /// It could not be done: it is not asked for again for a while.
    void refused(const EngineLoad& load, const RankDecision& decision);

    double stepSeconds() const { return m_stepSeconds; } ///< of all steps so far
    double spentSeconds() const { return m_spent; }      ///< on trials and growth, so far

private:
    struct Pace
    {
        double seconds = 0.0, work = 0.0, at = 0.0;
    };
    using Paces = std::map<std::uint32_t, Pace>; ///< by kind of step
    struct Number
    {
        RankNumber is;
        Paces paces;
        double blockedUntil = 0.0, nextBlock = 0.0; ///< as slower
        double refusedUntil = 0.0;
        double changeSeconds = 1.0; ///< the last time
    };

    Number* find(std::uint32_t ranks);
    void begin(std::uint32_t ranks, double now);
    void noteLoad(const EngineLoad& load);
    void block(Number& number, double now);
    std::optional<RankDecision> whenIdle(const EngineLoad& load) const;
    std::optional<RankDecision> nextKnown(const EngineLoad& load) const;
    std::optional<RankDecision> bestMeasured(const EngineLoad& load);
    std::optional<RankDecision> trial(const EngineLoad& load);
    bool mayTry(Number& number, const EngineLoad& load, double ways);
    std::optional<double> relative(const Number& other, double now) const;
    double price(const Number& number, const EngineLoad& load) const;

    RankPolicyOptions m_options;
    std::vector<Number> m_numbers;
    Number* m_now = nullptr; ///< null: a number that is none of them
    std::uint32_t m_ranks = 0;
    std::optional<double> m_predictedAt;        ///< with the first load
    double m_changedAt = 0.0, m_measured = 0.0; ///< seconds of steps since then, without warming up
    std::uint32_t m_steps = 0;                  ///< likewise
    std::optional<double> m_idleSince;
    double m_stepSeconds = 0.0, m_spent = 0.0;
    double m_promptTokenSeconds = 0.001;
};

} // namespace vitrine::engine
