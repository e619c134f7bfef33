// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sampling/logit_adjustments.h"

#include "engine/base/check.h"

namespace vitrine::engine {
namespace {

bool penalisesUse(const SamplingParams& params)
{
    return params.presencePenalty != 0.0F || params.frequencyPenalty != 0.0F;
}

} // namespace

void LogitAdjustments::update(const SamplingParams& params, std::span<const TokenId> prompt,
                              std::size_t continued, std::span<const TokenId> reply)
{
    if (!m_begun)
        begin(params, prompt, continued);
    m_begun = true;
    VT_CHECK(reply.size() >= m_replied);
    if (penalisesUse(params) || params.repetitionPenalty != 1.0F)
        for (const TokenId token : reply.subspan(m_replied)) {
            LogitAdjustment& entry = entryFor(token);
            entry.seen = true;
            ++entry.uses;
        }
    m_replied = reply.size();
}

/// Tokens that no setting looks at have no entry.
void LogitAdjustments::begin(const SamplingParams& params, std::span<const TokenId> prompt,
                             std::size_t continued)
{
    for (const auto& [token, bias] : params.bias)
        entryFor(token).bias += bias;
    if (params.repetitionPenalty != 1.0F)
        for (const TokenId token : prompt)
            entryFor(token).seen = true;
    if (penalisesUse(params))
        for (const TokenId token : prompt.last(continued))
            ++entryFor(token).uses;
}

LogitAdjustment& LogitAdjustments::entryFor(TokenId token)
{
    const auto [place, isNew] = m_places.try_emplace(token, m_entries.size());
    if (isNew)
        m_entries.push_back({token, 0, 0.0F, false});
    return m_entries[place->second];
}

} // namespace vitrine::engine
