// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/anomaly.h"

#include <algorithm>
#include <cmath>

#include "engine/analysis/time_range.h"
#include "engine/base/text.h"

namespace vitrine::engine {
namespace {

constexpr std::size_t kSignals = kAnomalyKinds - 1; // all but the last kind
constexpr std::uint32_t kBlockSteps = 12;
constexpr double kSmallestGapNs = 500e3; // shorter ones are alike
constexpr double kSmallestGap = 0.25;    // of a step: what is less, readers do not notice
constexpr double kStepMemory = 1.0 / 32; // weight of a step in what steps take

/// Forward passes, gaps and throughput are logarithms of times; the others are counts and shares.
SignalOptions optionsOf(AnomalyKind kind)
{
    switch (kind) {
    case AnomalyKind::SlowSteps:
        return {.floor = 0.06,
                .spike = 8.0,
                .slack = 1.5,
                .limit = 16.0,
                .warmUp = 96}; // until then the engine's own prediction is still learning
    case AnomalyKind::Gaps:
        return {.floor = 0.25, .spike = 8.0, .slack = 1.5, .limit = 16.0};
    case AnomalyKind::LowThroughput:
        return {.floor = 0.06,
                .spike = 8.0,
                .slack = 1.5,
                .limit = 12.0,
                .window = 64,
                .warmUp = 12,
                .adoptAfter = 32};
    case AnomalyKind::PrefixHits:
        return {.floor = 0.12,
                .spike = 1e9,
                .slack = 1.0,
                .limit = 12.0,
                .high = false,
                .low = true,
                .window = 64,
                .warmUp = 12,
                .adoptAfter = 48};
    case AnomalyKind::Queue:
        return {.floor = 0.5, .spike = 8.0, .slack = 1.5, .limit = 30.0};
    case AnomalyKind::Preemptions:
        return {.floor = 0.5,
                .spike = 5.0,
                .slack = 1.5,
                .limit = 8.0,
                .window = 64,
                .warmUp = 12,
                .adoptAfter = 64};
    case AnomalyKind::Ranks:
        break;
    }
    return {};
}

double logOf(double value)
{
    return std::log(std::max(value, 1e-9));
}

Sentence sentenceOf(const RankEvent& event)
{
    const Figure before = countFigure(event.ranksBefore), now = countFigure(event.ranksNow);
    const Figure took = timeFigure(static_cast<double>(event.endNs - event.startNs));
    constexpr std::size_t kMostReason = 200;
    const Figure reason = textFigure(printable(event.reason, kMostReason));
    switch (event.kind) {
    case RankEventKind::Replaced:
        return {"A process was replaced; all %1 computed again after %2. What failed: %3.",
                {now, took, reason}};
    case RankEventKind::Renewed:
        return {"The processes began anew; all %1 computed again after %2. What failed: %3.",
                {now, took, reason}};
    case RankEventKind::Fewer:
        return {"Processes failed too often: %1 of %2 go on, after %3. What failed: %4.",
                {now, before, took, reason}};
    case RankEventKind::Refused:
        return {"What failed could not be replaced: %1.", {reason}};
    case RankEventKind::Changed:
    case RankEventKind::Followed:
        return {"The number of processes went from %1 to %2, which took %3.", {before, now, took}};
    }
    return {};
}

/// Told of the step that followed it, as far as there was one.
Anomaly anomalyOf(const RankEvent& event, std::uint64_t step)
{
    RankEvent sound = event;
    sound.startNs = saneNs(event.startNs);
    sound.endNs = std::max(sound.startNs, saneNs(event.endNs));
    Anomaly anomaly;
    anomaly.kind = AnomalyKind::Ranks;
    anomaly.startNs = sound.startNs;
    anomaly.endNs = sound.endNs;
    anomaly.firstStep = anomaly.lastStep = step;
    anomaly.sentence = sentenceOf(sound);
    return anomaly;
}

} // namespace

const char* anomalyName(AnomalyKind kind)
{
    constexpr const char* kNames[kAnomalyKinds] = {
        "slow steps", "gaps between steps", "low throughput", "fewer prefix hits",
        "long queue", "many preemptions",   "processes"};
    const auto index = static_cast<std::size_t>(kind);
    return index < kAnomalyKinds ? kNames[index] : "";
}

AnomalyWatch::AnomalyWatch()
{
    for (std::size_t kind = 0; kind < kSignals; ++kind)
        m_channels.emplace_back(optionsOf(static_cast<AnomalyKind>(kind)));
}

std::vector<Anomaly> AnomalyWatch::add(const RecordedStep& step)
{
    std::vector<Anomaly> over;
    for (const RankEvent& event : step.rankEvents)
        if (event.kind != RankEventKind::Followed) // nothing unusual
            over.push_back(anomalyOf(event, step.record.step));
    m_news += over.size();
    if (step.record.step == 0)
        return over;
    const StepTimes times = m_clock.next(step);
    if (!step.rows.empty())
        watchStep(step, times, over);
    watchBlock(step, times, over);
    m_last = times;
    m_working = step.record.running > 0 || step.record.waiting > 0;
    return over;
}

void AnomalyWatch::watchStep(const RecordedStep& step, const StepTimes& times, std::vector<Anomaly>& over)
{
    const StepFigures& record = step.record;
    const Moment moment{times.plannedNs, times.sampledNs, record.step};
    if (record.predictedNs > 0 && times.forwardNs() > 0)
        take(AnomalyKind::SlowSteps,
             logOf(static_cast<double>(times.forwardNs()) / static_cast<double>(record.predictedNs)), moment,
             over);
    if (m_working) {
        const Moment between{m_last.sampledNs, times.launchedNs, record.step};
        const auto idleNs = static_cast<double>(times.plannedNs - m_last.sampledNs);
        take(AnomalyKind::Gaps, logOf(std::max({idleNs, kSmallestGapNs, kSmallestGap * m_stepNs})), between,
             over);
    }
    const auto stepNs = static_cast<double>(std::max<std::int64_t>(times.sampledNs - times.plannedNs, 0));
    m_stepNs += (stepNs - m_stepNs) * (m_stepNs > 0.0 ? kStepMemory : 1.0);
    if (record.lookedUpTokens > 0)
        take(AnomalyKind::PrefixHits,
             std::min(static_cast<double>(record.cachedTokens) / record.lookedUpTokens, 1.0), moment, over);
    take(AnomalyKind::Queue, std::log2(1.0 + record.waiting), moment, over);
}

void AnomalyWatch::watchBlock(const RecordedStep& step, const StepTimes& times, std::vector<Anomaly>& over)
{
    Block& block = m_block;
    if (block.steps == 0)
        block.moment = {times.plannedNs, times.sampledNs, step.record.step};
    block.moment.endNs = times.sampledNs;
    block.moment.step = step.record.step;
    ++block.steps;
    block.preemptions += std::min(step.record.preemptions, 1'000U);
    block.expectedNs += static_cast<double>(std::max<std::int64_t>(step.record.predictedNs, 0));
    block.activeNs += static_cast<double>(times.sampledNs - (m_working ? m_last.sampledNs : times.plannedNs));
    if (block.steps < kBlockSteps)
        return;
    if (block.expectedNs > 0.0 && block.activeNs > 0.0)
        take(AnomalyKind::LowThroughput, logOf(block.activeNs / block.expectedNs), block.moment, over);
    take(AnomalyKind::Preemptions, block.preemptions, block.moment, over);
    block = {};
}

void AnomalyWatch::take(AnomalyKind kind, double value, const Moment& moment, std::vector<Anomaly>& over)
{
    Channel& channel = m_channels[static_cast<std::size_t>(kind)];
    const double usual = channel.signal.usual();
    const RobustSignal::Verdict verdict = channel.signal.push(value);
    channel.recent[channel.taken++ % channel.recent.size()] = moment;
    if (verdict.began)
        begin(kind, channel, verdict.since, moment);
    if (!channel.open)
        return;
    Anomaly& anomaly = *channel.open;
    const double score = verdict.excess;
    ++m_news;
    if (!verdict.ended && score >= 2.0) {
        anomaly.endNs = moment.endNs;
        anomaly.lastStep = moment.step;
    }
    if (score > anomaly.score) {
        anomaly.score = score;
        channel.worst = value;
        anomaly.sentence = sentenceOf(kind, usual, value);
    }
    if (verdict.ended) {
        over.push_back(std::move(anomaly));
        channel.open.reset();
    }
}

void AnomalyWatch::begin(AnomalyKind kind, Channel& channel, std::size_t since, const Moment& moment) const
{
    const std::size_t back = std::min({since, channel.recent.size() - 1, channel.taken - 1});
    const Moment& first = channel.recent[(channel.taken - 1 - back) % channel.recent.size()];
    Anomaly anomaly;
    anomaly.kind = kind;
    anomaly.startNs = first.startNs;
    anomaly.endNs = moment.endNs;
    anomaly.firstStep = first.step;
    anomaly.lastStep = moment.step;
    channel.open = std::move(anomaly);
}

std::vector<Anomaly> AnomalyWatch::open() const
{
    std::vector<Anomaly> all;
    for (const Channel& channel : m_channels)
        if (channel.open)
            all.push_back(*channel.open);
    return all;
}

std::size_t AnomalyWatch::openCount() const
{
    return static_cast<std::size_t>(
        std::count_if(m_channels.begin(), m_channels.end(),
                      [](const Channel& channel) { return channel.open.has_value(); }));
}

Sentence AnomalyWatch::sentenceOf(AnomalyKind kind, double usual, double worst) const
{
    switch (kind) {
    case AnomalyKind::SlowSteps:
        return {"Forward passes took up to %1 as long as usual for their work.",
                {factorFigure(std::exp(worst - usual))}};
    case AnomalyKind::Gaps:
        return {"Up to %1 passed between two steps in which nothing was computed. A step takes %2.",
                {timeFigure(std::exp(worst)), timeFigure(m_stepNs)}};
    case AnomalyKind::LowThroughput:
        return {"Tokens came %1 slower than the same work usually gives them.",
                {factorFigure(std::exp(worst - usual))}};
    case AnomalyKind::PrefixHits:
        return {"The prefix cache found %1 of prompts, instead of %2.",
                {shareFigure(worst), shareFigure(usual)}};
    case AnomalyKind::Queue:
        return {"%1 requests waited at once, instead of %2.",
                {countFigure(std::round(std::exp2(worst) - 1.0)),
                 countFigure(std::round(std::exp2(usual) - 1.0))}};
    case AnomalyKind::Preemptions:
        return {"%1 requests lost their blocks within %2 steps, instead of %3.",
                {countFigure(worst), countFigure(kBlockSteps), countFigure(usual)}};
    case AnomalyKind::Ranks:
        break;
    }
    return {};
}

} // namespace vitrine::engine
