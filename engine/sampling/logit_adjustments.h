// SPDX-License-Identifier: GPL-3.0-or-later
// What penalties and biases change the logits of, token by token, kept up while a reply grows: an executor
// that chooses tokens itself is given the list with each step (ForwardBatch::adjustments). One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/base/ids.h"
#include "engine/sampling/logit_adjustment.h"
#include "engine/sampling/sampling_params.h"

namespace vitrine::engine {

class LogitAdjustments
{
public:
    /// Takes in what has come since the last call. REQUIRES: the same settings, prompt and `continued` every
    /// time, and a reply that begins with the one before.
    void update(const SamplingParams& params, std::span<const TokenId> prompt, std::size_t continued,
                std::span<const TokenId> reply);
    /// Each token once, in the order in which they came.
    std::span<const LogitAdjustment> entries() const { return m_entries; }

private:
    void begin(const SamplingParams& params, std::span<const TokenId> prompt, std::size_t continued);
    LogitAdjustment& entryFor(TokenId token);

    std::vector<LogitAdjustment> m_entries;
    std::unordered_map<TokenId, std::size_t> m_places; // in m_entries
    std::size_t m_replied = 0;
    bool m_begun = false;
};

} // namespace vitrine::engine
