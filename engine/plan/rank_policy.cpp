// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/rank_policy.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

constexpr double kWindowSeconds = 10.0; // of steps of one kind that are remembered in full
constexpr double kEnough = 0.5;         // of the present time in steps that another number was measured for

/// Steps that can be compared: of about as many tokens, with prompts or without.
std::uint32_t kindOf(const RankSample& sample)
{
    return static_cast<std::uint32_t>(std::bit_width(sample.tokens)) + (sample.promptTokens > 0 ? 64U : 0U);
}

} // namespace

RankPolicy::RankPolicy(const RankPolicyOptions& options, const std::vector<RankNumber>& numbers)
    : m_options(options)
{
    VT_CHECK(!numbers.empty() && numbers.front().ranks == 1);
    for (const RankNumber& number : numbers)
        m_numbers.push_back({number, {}, 0.0, options.retrySeconds, 0.0, 1.0});
}

RankPolicy::Number* RankPolicy::find(std::uint32_t ranks)
{
    for (Number& number : m_numbers)
        if (number.is.ranks == ranks)
            return &number;
    return nullptr;
}

void RankPolicy::begin(std::uint32_t ranks, double now)
{
    m_ranks = ranks;
    m_now = find(ranks);
    m_changedAt = now;
    m_measured = 0.0;
    m_steps = 0;
    if (m_now != nullptr)
        m_now->paces.clear(); // measured anew
}

void RankPolicy::block(Number& number, double now)
{
    number.blockedUntil = now + number.nextBlock;
    number.nextBlock = std::min(2.0 * number.nextBlock, m_options.longestRetrySeconds);
}

/// Ranks that failed too often have left fewer, without having been asked.
void RankPolicy::noteLoad(const EngineLoad& load)
{
    if (!m_predictedAt)
        m_predictedAt = load.now;
    if (load.ranks != m_ranks) {
        if (m_now != nullptr && load.ranks < m_ranks)
            block(*m_now, load.now);
        begin(load.ranks, load.now);
    }
    if (load.requests > 0)
        m_idleSince.reset();
    else if (!m_idleSince)
        m_idleSince = load.now;
}

void RankPolicy::took(const RankSample& sample)
{
    if (m_now == nullptr || sample.work <= 0.0 || sample.seconds <= 0.0 || sample.tokens == 0)
        return;
    m_stepSeconds += sample.seconds;
    if (++m_steps <= m_options.warmUpSteps)
        return;
    m_measured += sample.seconds;
    Pace& pace = m_now->paces[kindOf(sample)];
    if (pace.seconds > kWindowSeconds)
        pace = {pace.seconds / 2, pace.work / 2, pace.at};
    pace.seconds += sample.seconds;
    pace.work += sample.work;
    pace.at = sample.at;
    if (2 * sample.promptTokens > sample.tokens)
        m_promptTokenSeconds = sample.seconds / sample.tokens;
}

/// Time that the steps since the last change would have taken with another number, beside what they took.
std::optional<double> RankPolicy::relative(const Number& other, double now) const
{
    double all = 0.0, known = 0.0, there = 0.0;
    for (const auto& [kind, pace] : m_now->paces) {
        all += pace.seconds;
        const auto found = other.paces.find(kind);
        if (found == other.paces.end() || now - found->second.at > m_options.memorySeconds)
            continue;
        known += pace.seconds;
        there += pace.work * found->second.seconds / found->second.work;
    }
    if (known <= 0.0 || known < kEnough * all)
        return std::nullopt;
    return there / known;
}

double RankPolicy::price(const Number& number, const EngineLoad& load) const
{
    return number.changeSeconds + static_cast<double>(load.kvTokens) * m_promptTokenSeconds;
}

bool RankPolicy::mayTry(Number& number, const EngineLoad& load, double ways)
{
    return &number != m_now && load.now >= std::max(number.blockedUntil, number.refusedUntil) &&
           m_spent + ways * price(number, load) <= m_options.costShare * m_stepSeconds;
}

std::optional<RankDecision> RankPolicy::whenIdle(const EngineLoad& load) const
{
    if (m_ranks == 1 || load.now - *m_idleSince < m_options.idleSeconds ||
        load.now < m_numbers.front().refusedUntil)
        return std::nullopt;
    return RankDecision{1, RankDecision::Reason::Idle};
}

std::optional<RankDecision> RankPolicy::nextKnown(const EngineLoad& load) const
{
    for (auto number = m_numbers.rbegin(); number != m_numbers.rend(); ++number)
        if (number->is.ranks < m_ranks && load.now >= number->refusedUntil)
            return RankDecision{number->is.ranks, RankDecision::Reason::Known};
    return std::nullopt;
}

/// Fewer ranks win unless the present ones are faster by `keep`; more have to be faster by `gain`.
std::optional<RankDecision> RankPolicy::bestMeasured(const EngineLoad& load)
{
    Number* best = nullptr;
    double least = 1.0;
    for (Number& number : m_numbers) {
        const bool fewer = number.is.ranks < m_ranks;
        const std::optional<double> there = &number == m_now ? std::nullopt : relative(number, load.now);
        if (!there || (fewer ? load.now < number.refusedUntil : !mayTry(number, load, 1.0)))
            continue;
        const double counted = fewer ? *there / (1.0 + m_options.keep) : *there * (1.0 + m_options.gain);
        if (counted < least) {
            least = counted;
            best = &number;
        }
    }
    if (best == nullptr)
        return std::nullopt;
    return RankDecision{best->is.ranks, best->is.ranks > m_ranks ? RankDecision::Reason::Faster
                                                                 : RankDecision::Reason::NotFaster};
}

/// The next larger number that nobody knows, else the next smaller one.
std::optional<RankDecision> RankPolicy::trial(const EngineLoad& load)
{
    const bool predictionsCount = load.now - *m_predictedAt < m_options.memorySeconds;
    const auto unknown = [&](Number& number) {
        const bool hopeless = number.is.predicted >= m_options.hopeless * m_now->is.predicted;
        return !(hopeless && predictionsCount) && !relative(number, load.now) && mayTry(number, load, 2.0);
    };
    for (Number& number : m_numbers)
        if (number.is.ranks > m_ranks && unknown(number))
            return RankDecision{number.is.ranks, RankDecision::Reason::Trial};
    for (auto number = m_numbers.rbegin(); number != m_numbers.rend(); ++number)
        if (number->is.ranks < m_ranks && unknown(*number))
            return RankDecision{number->is.ranks, RankDecision::Reason::Trial};
    return std::nullopt;
}

std::optional<RankDecision> RankPolicy::choose(const EngineLoad& load)
{
    noteLoad(load);
    if (load.now - m_changedAt < m_options.restSeconds)
        return std::nullopt;
    if (load.requests == 0)
        return whenIdle(load);
    if (m_now == nullptr)
        return nextKnown(load);
    if (m_measured < m_options.settleSeconds)
        return std::nullopt;
    if (const std::optional<RankDecision> better = bestMeasured(load))
        return better;
    return trial(load);
}

void RankPolicy::changed(const EngineLoad& before, const RankDecision& decision, double seconds)
{
    using Reason = RankDecision::Reason;
    Number* to = find(decision.ranks);
    VT_CHECK(to != nullptr);
    to->changeSeconds = seconds;
    if (decision.reason == Reason::Trial || decision.reason == Reason::Faster)
        m_spent += price(*to, before);
    if (decision.reason == Reason::NotFaster && m_now != nullptr) {
        m_spent += price(*to, before);
        block(*m_now, before.now);
    }
    if (decision.reason == Reason::Faster)
        to->nextBlock = m_options.retrySeconds; // it has proved itself
    begin(decision.ranks, before.now + seconds);
}

void RankPolicy::refused(const EngineLoad& load, const RankDecision& decision)
{
    if (Number* number = find(decision.ranks)) {
        number->refusedUntil = load.now + number->nextBlock;
        number->nextBlock = std::min(2.0 * number->nextBlock, m_options.longestRetrySeconds);
    }
    m_changedAt = load.now; // rests as after a change
}

} // namespace vitrine::engine
