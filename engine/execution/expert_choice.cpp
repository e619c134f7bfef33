// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/expert_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

/// Whether a goes before b: NaN after every number.
bool isLarger(float a, float b)
{
    return a > b || (std::isnan(b) && !std::isnan(a));
}

/// The ids of the largest logits, in order, each with its logit for a weight. Few enough for a sorted list.
void findLargest(const float* logits, std::uint32_t count, std::span<ExpertChoice> chosen)
{
    std::size_t found = 0;
    for (std::uint32_t expert = 0; expert < count; ++expert) {
        const float logit = logits[expert];
        if (found == chosen.size() && !isLarger(logit, chosen.back().weight))
            continue;
        std::size_t at = found < chosen.size() ? found++ : found - 1;
        for (; at > 0 && isLarger(logit, chosen[at - 1].weight); --at)
            chosen[at] = chosen[at - 1];
        chosen[at] = {expert, logit};
    }
}

} // namespace

void chooseExperts(const ExpertConfig& experts, const float* logits, std::span<ExpertChoice> chosen)
{
    VT_CHECK(chosen.size() == experts.perToken && experts.perToken <= experts.count);
    findLargest(logits, experts.count, chosen);
    const float top = chosen.front().weight;
    float sum = 0.0F;
    if (!experts.normalized)
        for (std::uint32_t expert = 0; expert < experts.count; ++expert)
            sum += std::exp(logits[expert] - top);
    for (ExpertChoice& choice : chosen) {
        choice.weight = std::exp(choice.weight - top);
        sum += experts.normalized ? choice.weight : 0.0F;
    }
    if (std::any_of(logits, logits + experts.count, [](float logit) { return std::isnan(logit); }))
        sum = std::numeric_limits<float>::quiet_NaN(); // a damaged router is to be seen, whoever was chosen
    for (ExpertChoice& choice : chosen)
        choice.weight = choice.weight / sum * experts.weightScale;
}

std::int64_t expertRunsFor(const ExpertConfig& experts, std::int64_t tokens)
{
    return std::min<std::int64_t>(experts.count, tokens * experts.perToken);
}

std::int64_t expertRowsFor(const ExpertConfig& experts, std::int64_t tokens, std::int64_t alignment)
{
    return tokens * experts.perToken + (alignment - 1) * expertRunsFor(experts, tokens);
}

std::span<const ExpertRun> groupByExpert(const ExpertConfig& experts, std::span<const ExpertChoice> choices,
                                         std::int64_t alignment, std::int64_t* firstRows, ExpertRow* rows,
                                         ExpertRun* runs)
{
    std::fill_n(firstRows, experts.count, 0);
    for (const ExpertChoice& choice : choices)
        ++firstRows[choice.expert];
    std::int64_t next = 0;
    std::size_t used = 0;
    for (std::uint32_t expert = 0; expert < experts.count; ++expert) {
        const std::int64_t count = firstRows[expert];
        firstRows[expert] = next;
        if (count == 0)
            continue;
        runs[used++] = {expert, next, count};
        next = (next + count + alignment - 1) / alignment * alignment;
    }
    for (std::size_t i = 0; i < choices.size(); ++i)
        rows[firstRows[choices[i].expert]++] = {static_cast<std::int32_t>(i / experts.perToken),
                                                choices[i].weight};
    return {runs, used};
}

} // namespace vitrine::engine
