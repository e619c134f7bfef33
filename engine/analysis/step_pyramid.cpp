// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_pyramid.h"

#include <algorithm>
#include <span>
#include <utility>

namespace vitrine::engine {

namespace {

constexpr std::size_t kFactor = 16;

StepDigest together(std::span<const StepDigest> digests)
{
    StepDigest sum;
    for (const StepDigest& digest : digests)
        sum.add(digest);
    return sum;
}

} // namespace

void StepDigest::add(const StepDigest& later)
{
    steps += later.steps;
    prefillTokens += later.prefillTokens;
    decodeTokens += later.decodeTokens;
    recomputedTokens += later.recomputedTokens;
    lookedUpTokens += later.lookedUpTokens;
    cachedTokens += later.cachedTokens;
    preemptions += later.preemptions;
    mostPrefill = std::max(mostPrefill, later.mostPrefill);
    mostDecode = std::max(mostDecode, later.mostDecode);
    mostRecomputed = std::max(mostRecomputed, later.mostRecomputed);
    mostBudget = std::max(mostBudget, later.mostBudget);
    mostRunning = std::max(mostRunning, later.mostRunning);
    mostWaiting = std::max(mostWaiting, later.mostWaiting);
    mostReferenced = std::max(mostReferenced, later.mostReferenced);
    mostCached = std::max(mostCached, later.mostCached);
    mostTotal = std::max(mostTotal, later.mostTotal);
    if (later.lastTotal == 0)
        return;
    lastReferenced = later.lastReferenced;
    lastCached = later.lastCached;
    lastTotal = later.lastTotal;
}

StepDigest digestOf(const StepFigures& figures)
{
    StepDigest digest;
    if (figures.step == 0) // between two steps
        return digest;
    digest.steps = 1;
    digest.prefillTokens = digest.mostPrefill = figures.prefillTokens;
    digest.decodeTokens = digest.mostDecode = figures.decodeTokens;
    digest.recomputedTokens = digest.mostRecomputed = figures.recomputedTokens;
    digest.lookedUpTokens = figures.lookedUpTokens;
    digest.cachedTokens = figures.cachedTokens;
    digest.preemptions = figures.preemptions;
    digest.mostBudget = figures.tokenBudget;
    digest.mostRunning = figures.running;
    digest.mostWaiting = figures.waiting;
    digest.mostReferenced = std::max(figures.blocksReferencedPeak, figures.blocksReferenced);
    digest.mostCached = digest.lastCached = figures.blocksCached;
    digest.mostTotal = digest.lastTotal = figures.blocksTotal();
    digest.lastReferenced = figures.blocksReferenced;
    return digest;
}

void StepPyramid::add(const StepFigures& figures)
{
    if (m_levels.empty())
        m_levels.emplace_back();
    m_levels[0].push_back(digestOf(figures));
    for (std::size_t level = 0; m_levels[level].size() % kFactor == 0; ++level) {
        const StepDigest sum = together(std::span(m_levels[level]).last(kFactor));
        if (level + 1 == m_levels.size())
            m_levels.emplace_back();
        m_levels[level + 1].push_back(sum);
    }
}

void StepPyramid::replaceFirst(std::size_t steps, const StepFigures& first)
{
    auto& all = m_levels[0];
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(steps - 1));
    all.front() = digestOf(first);
    m_levels.resize(1);
    build();
}

void StepPyramid::build()
{
    for (std::size_t level = 0; m_levels[level].size() >= kFactor; ++level) {
        std::vector<StepDigest> above;
        const std::span<const StepDigest> below = m_levels[level];
        for (std::size_t at = 0; at + kFactor <= below.size(); at += kFactor)
            above.push_back(together(below.subspan(at, kFactor)));
        m_levels.push_back(std::move(above));
    }
}

/// From the left in pieces as large as their place and the rest allow, so that their order is kept.
StepDigest StepPyramid::of(std::size_t first, std::size_t last) const
{
    StepDigest sum;
    last = std::min(last, size());
    while (first < last) {
        std::size_t level = 0, width = 1;
        while (level + 1 < m_levels.size() && first % (width * kFactor) == 0 &&
               first + width * kFactor <= last) {
            ++level;
            width *= kFactor;
        }
        sum.add(m_levels[level][first / width]);
        first += width;
    }
    return sum;
}

} // namespace vitrine::engine
