// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sampling/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/base/check.h"
#include "engine/sampling/counter_rng.h"
#include "engine/sampling/softmax.h"

namespace vitrine::engine {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kStretch = 128; ///< of the vocabulary, passed over whole when nothing in it counts

bool inside(TokenId token, std::span<const float> logits)
{
    return token >= 0 && static_cast<std::size_t>(token) < logits.size();
}

double positionDraw(const SamplingParams& params, const SamplingContext& context)
{
    const std::uint64_t position = context.prompt.size() + context.reply.size();
    return uniformAt(params.seed, context.requestKey, position);
}

template<class Candidates>
double massOf(const Candidates& candidates)
{
    double mass = 0.0;
    for (const auto& candidate : candidates)
        mass += candidate.weight;
    return mass;
}

/// Heavier first, the lower id among equals.
constexpr auto kHeavier = [](const auto& a, const auto& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
};

template<class Candidates>
TokenId drawFrom(const Candidates& candidates, double uniform)
{
    const double target = uniform * massOf(candidates);
    double mass = 0.0;
    for (const auto& candidate : candidates) {
        mass += candidate.weight;
        if (mass > target)
            return candidate.id;
    }
    return candidates.back().id;
}

} // namespace

SampledToken Sampler::sample(std::span<const float> logits, const SamplingParams& params,
                             const SamplingContext& context)
{
    VT_CHECK(!logits.empty());
    SampledToken token;
    if (params.logprobs > 0)
        findTop(logits, params.logprobs, token);
    m_watched = token.top;
    token.id = choose(logits, params, context);
    if (params.logprobs > 0)
        report(logits, token);
    m_watched = {};
    return token;
}

TokenId Sampler::choose(std::span<const float> logits, const SamplingParams& params,
                        const SamplingContext& context)
{
    if (changesLogits(params)) {
        copyFinite(logits);
        penalise(params, context);
        logits = m_logits;
    }
    const std::size_t best = indexOfLargest(logits);
    if (best == logits.size())
        return 0;
    if (params.temperature < kGreedyBelow)
        return static_cast<TokenId>(best);
    if (logits[best] == kInfinity) {
        copyFinite(logits);
        logits = m_logits;
    }
    return draw(logits, logits[best], params, positionDraw(params, context));
}

/// Top-k, top-p, min-p, typical, in this order, then one token by weight.
TokenId Sampler::draw(std::span<const float> logits, float top, const SamplingParams& params, double uniform)
{
    const float scale = 1.0F / params.temperature;
    SamplerCut share = SamplerCut::TopP; // what collects or keeps a share of the mass
    if (params.topK > 0 && params.topK < logits.size()) {
        watch(logits);
        collectBest(logits, params.topK);
        noteCut(SamplerCut::TopK);
        weigh(top, scale);
        noteCut(SamplerCut::Weightless);
        keepMass(params.topP, massOf(m_candidates), kHeavier);
    } else {
        m_weights.compute(logits, top, scale);
        watch(logits);
        noteWeightless();
        if (params.topP >= 1.0F && params.minP <= 0.0F && params.typicalP >= 1.0F) {
            endWatch();
            return static_cast<TokenId>(m_weights.find(uniform * m_weights.total()));
        }
        collectNucleus(params);
        if (params.topP >= 1.0F)
            share = params.minP > 0.0F ? SamplerCut::MinP : SamplerCut::Weightless;
    }
    noteCut(share);
    // The best token has weight 1, so min-p is a threshold whatever was cut before.
    std::erase_if(m_candidates, [&](const Candidate& c) { return c.weight < params.minP; });
    noteCut(SamplerCut::MinP);
    keepTypical(params.typicalP);
    noteCut(SamplerCut::Typical);
    endWatch();
    VT_CHECK(!m_candidates.empty());
    return drawFrom(m_candidates, uniform);
}

void Sampler::copyFinite(std::span<const float> logits)
{
    m_logits.resize(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i)
        m_logits[i] =
            std::isnan(logits[i]) ? -kInfinity : std::min(logits[i], std::numeric_limits<float>::max());
}

void Sampler::penalise(const SamplingParams& params, const SamplingContext& context)
{
    m_counts.resize(m_logits.size(), 0);
    if (params.repetitionPenalty != 1.0F) {
        penaliseRepetition(params.repetitionPenalty, context.prompt);
        penaliseRepetition(params.repetitionPenalty, context.reply);
        clearCounts(context.prompt);
        clearCounts(context.reply);
    }
    if (params.presencePenalty != 0.0F || params.frequencyPenalty != 0.0F) {
        countUses(context.continued);
        countUses(context.reply);
        penaliseUse(params, context.continued);
        penaliseUse(params, context.reply);
    }
    for (const auto& [token, bias] : params.bias)
        if (inside(token, m_logits))
            m_logits[static_cast<std::size_t>(token)] += bias;
}

/// Each token once, however often it occurs.
void Sampler::penaliseRepetition(float penalty, std::span<const TokenId> tokens)
{
    for (const TokenId token : tokens) {
        if (!inside(token, m_logits) || m_counts[static_cast<std::size_t>(token)]++ != 0)
            continue;
        float& logit = m_logits[static_cast<std::size_t>(token)];
        logit = logit > 0.0F ? logit / penalty : logit * penalty;
    }
}

void Sampler::countUses(std::span<const TokenId> tokens)
{
    for (const TokenId token : tokens)
        if (inside(token, m_logits))
            ++m_counts[static_cast<std::size_t>(token)];
}

/// Each token once, by its count, which it clears: one rounding, as on a device.
void Sampler::penaliseUse(const SamplingParams& params, std::span<const TokenId> tokens)
{
    for (const TokenId token : tokens) {
        if (!inside(token, m_logits))
            continue;
        const std::uint32_t uses = std::exchange(m_counts[static_cast<std::size_t>(token)], 0U);
        if (uses > 0)
            m_logits[static_cast<std::size_t>(token)] -=
                params.frequencyPenalty * static_cast<float>(uses) + params.presencePenalty;
    }
}

void Sampler::clearCounts(std::span<const TokenId> tokens)
{
    for (const TokenId token : tokens)
        if (inside(token, m_logits))
            m_counts[static_cast<std::size_t>(token)] = 0;
}

void Sampler::collectAbove(float least)
{
    m_candidates.clear();
    const std::span<const float> weights = m_weights.values();
    for (std::size_t begin = 0; begin < weights.size(); begin += kStretch) {
        const std::size_t end = std::min(begin + kStretch, weights.size());
        const float heaviest = largest(weights.subspan(begin, end - begin));
        for (std::size_t i = begin; i < end && heaviest >= least; ++i)
            if (weights[i] >= least && weights[i] > 0.0F)
                m_candidates.push_back({static_cast<TokenId>(i), weights[i], 0.0F});
    }
}

/// A heap of the `count` best so far with the lightest in front; most stretches hold nothing that reaches it
/// and are passed over whole. Best first in the end.
void Sampler::collectBest(std::span<const float> logits, std::size_t count)
{
    m_candidates.clear();
    float floor = -kInfinity; // and NaN is never above it
    for (std::size_t begin = 0; begin < logits.size(); begin += kStretch) {
        const std::size_t end = std::min(begin + kStretch, logits.size());
        if (!(largest(logits.subspan(begin, end - begin)) > floor))
            continue;
        for (std::size_t i = begin; i < end; ++i) {
            if (!(logits[i] > floor))
                continue;
            if (m_candidates.size() == count) {
                std::pop_heap(m_candidates.begin(), m_candidates.end(), kHeavier);
                m_candidates.pop_back();
            }
            m_candidates.push_back({static_cast<TokenId>(i), logits[i], 0.0F});
            std::push_heap(m_candidates.begin(), m_candidates.end(), kHeavier);
            floor = m_candidates.size() == count ? m_candidates.front().weight : floor;
        }
    }
    std::sort_heap(m_candidates.begin(), m_candidates.end(), kHeavier);
}

void Sampler::weigh(float top, float scale)
{
    for (Candidate& candidate : m_candidates)
        candidate.weight = std::exp((candidate.weight - top) * scale);
    std::erase_if(m_candidates, [](const Candidate& c) { return c.weight <= 0.0F; });
}

/// Few tokens carry nearly all mass, so the heavy ones are tried alone first.
void Sampler::collectNucleus(const SamplingParams& params)
{
    if (params.topP >= 1.0F)
        return collectAbove(params.minP);
    collectAbove(1e-5F);
    if (massOf(m_candidates) < params.topP * m_weights.total())
        collectAbove(0.0F);
    keepMass(params.topP, m_weights.total(), kHeavier);
}

/// Keeps the first candidates by `before` that have `share` of `total`, without sorting them: the half of a
/// partition in which the share is reached is partitioned further, until one candidate is left.
template<class Before>
void Sampler::keepMass(float share, double total, Before before)
{
    if (share >= 1.0F)
        return;
    m_scratch = m_candidates;
    std::span<Candidate> part(m_scratch);
    double missing = share * total;
    while (part.size() > 1) {
        const std::size_t half = part.size() / 2;
        std::nth_element(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(half), part.end(), before);
        const double mass = massOf(part.first(half));
        const bool reached = mass >= missing;
        missing -= reached ? 0.0 : mass;
        part = reached ? part.first(half) : part.subspan(half);
    }
    const Candidate last = part.front();
    std::erase_if(m_candidates, [&](const Candidate& c) { return before(last, c); });
}

/// Locally typical sampling (Meister et al. 2022): prefers tokens whose surprise is near the entropy.
void Sampler::keepTypical(float share)
{
    if (share >= 1.0F)
        return;
    const double total = massOf(m_candidates);
    double entropy = 0.0;
    for (Candidate& candidate : m_candidates) {
        const double surprise = -std::log(candidate.weight / total);
        candidate.deviation = static_cast<float>(surprise);
        entropy += candidate.weight / total * surprise;
    }
    for (Candidate& candidate : m_candidates)
        candidate.deviation = std::abs(candidate.deviation - static_cast<float>(entropy));
    keepMass(share, total, [](const Candidate& a, const Candidate& b) {
        return a.deviation != b.deviation ? a.deviation < b.deviation : kHeavier(a, b);
    });
}

/// The best of the raw logits, whatever is done to them to choose the token.
void Sampler::findTop(std::span<const float> logits, std::uint32_t count, SampledToken& token)
{
    if (largest(logits) == kInfinity) {
        copyFinite(logits);
        logits = m_logits;
    }
    collectBest(logits, count);
    for (const Candidate& candidate : m_candidates)
        token.top.push_back({candidate.id, 0.0F, SamplerCut::None});
}

/// From here to endWatch() the watched tokens have their place in m_counts.
void Sampler::watch(std::span<const float> logits)
{
    if (m_watched.empty())
        return;
    m_kept.resize(m_watched.size());
    m_scratch.reserve(logits.size()); // nothing is thrown before endWatch()
    m_candidates.reserve(logits.size());
    m_counts.resize(logits.size(), 0);
    for (std::size_t i = 0; i < m_watched.size(); ++i) {
        TokenProbability& token = m_watched[i];
        m_counts[static_cast<std::size_t>(token.id)] = static_cast<std::uint32_t>(i + 1);
        if (!(logits[static_cast<std::size_t>(token.id)] > -kInfinity))
            token.cut = SamplerCut::Weightless;
    }
}

/// By m_weights.
void Sampler::noteWeightless()
{
    for (TokenProbability& token : m_watched)
        if (!(m_weights.values()[static_cast<std::size_t>(token.id)] > 0.0F))
            token.cut = SamplerCut::Weightless;
}

/// Who is no candidate any more and was one before this stage.
void Sampler::noteCut(SamplerCut stage)
{
    if (m_watched.empty())
        return;
    std::fill(m_kept.begin(), m_kept.end(), false);
    for (const Candidate& candidate : m_candidates)
        if (const std::uint32_t mark = m_counts[static_cast<std::size_t>(candidate.id)]; mark != 0)
            m_kept[mark - 1] = true;
    for (std::size_t i = 0; i < m_watched.size(); ++i)
        if (!m_kept[i] && m_watched[i].cut == SamplerCut::None)
            m_watched[i].cut = stage;
}

void Sampler::endWatch()
{
    for (const TokenProbability& token : m_watched)
        m_counts[static_cast<std::size_t>(token.id)] = 0;
}

void Sampler::report(std::span<const float> logits, SampledToken& token)
{
    float top = largest(logits);
    if (top == -kInfinity) {
        token.logprob = -kInfinity;
        return;
    }
    if (top == kInfinity) {
        copyFinite(logits);
        logits = m_logits;
        top = largest(logits);
    }
    const double logSum = std::log(sumExp(logits, top));
    const auto logprob = [&](TokenId id) {
        const float logit = logits[static_cast<std::size_t>(id)];
        return std::isnan(logit) ? -kInfinity : static_cast<float>(double{logit} - top - logSum);
    };
    token.logprob = logprob(token.id);
    for (TokenProbability& entry : token.top)
        entry.logprob = logprob(entry.id);
}

} // namespace vitrine::engine
