// SPDX-License-Identifier: GPL-3.0-or-later
// What the prefix cache could have found in the prompts of a recording, and what kept it from doing so:
// prompts that were computed before and are not there any more, and prompts that are alike but for a few
// tokens at their beginning. Time is linear in the recorded tokens; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

/// Two prompts that go apart early and then are the same again.
struct PromptDivergence
{
    RequestId before, request;
    std::uint32_t position = 0; ///< of the first token that differs
    TokenId tokenBefore = 0, token = 0;
    std::uint32_t alike = 0; ///< tokens in a row behind it that are the same
};

struct PromptOverlap
{
    struct Miss
    {
        RequestId request;
        std::uint32_t tokens = 0;
    };

    std::uint64_t promptTokens = 0; ///< of requests that were admitted for the first time
    std::uint64_t cachedTokens = 0; ///< of those: found
    std::uint64_t missedTokens = 0; ///< of those: computed before, and not found
    std::uint64_t alikeTokens = 0;  ///< of those: the same as another prompt's, behind a difference
    std::uint64_t filledBlocks = 0; ///< that became findable
    std::uint64_t evictedBlocks = 0;
    std::vector<Miss> misses;                  ///< of missedTokens
    std::vector<PromptDivergence> divergences; ///< of alikeTokens
};

PromptOverlap findPromptOverlap(std::span<const RecordedStep> steps, std::uint32_t blockSize);

} // namespace vitrine::engine
