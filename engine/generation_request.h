// SPDX-License-Identifier: GPL-3.0-or-later
// What a client asks an engine for: a prompt and how it is to be answered. Plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/kv_cache/block_table.h"
#include "engine/prompt/prompt_encoder.h"
#include "engine/sampling/sampling_params.h"
#include "engine/scheduler/request.h"

namespace vitrine::engine {

struct GenerationRequest
{
    Prompt prompt;
    /// The reply was begun: the last message, the assistant's, is unfinished and goes on where it ends.
    bool continues = false;
    /// With `continues`: the tokens of that reply so far, instead of its text
    /// (PromptEncoder::encodeContinued). Where they end inside a character, the new text begins with that
    /// character.
    std::vector<TokenId> continuationTokens;
    SamplingParams sampling;
    std::uint32_t maxTokens = 0; ///< 0: as many as the context still takes
    bool fitReply = false;       ///< fewer than maxTokens where no more fit, instead of a refusal
    bool ignoreEndOfGeneration = false;
    std::int32_t priority = 0;
    std::string client;
    std::uint64_t cacheSalt = 0;
    std::uint64_t sampleKey = 0;
    EndlessWindow endless;        ///< attention sinks and a window instead of the whole context
    std::uint32_t keepTokens = 0; ///< > 0: the least attended blocks beyond this many tokens are dropped
};

} // namespace vitrine::engine
