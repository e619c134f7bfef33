// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sampling/sampling_params.h"

#include <cmath>
#include <limits>
#include <sstream>

namespace vitrine::engine {
namespace {

constexpr std::size_t kMaxBias = 10'000;

struct Range
{
    const char* field;
    float value;
    float low, high;
    bool lowAllowed;
};

Result<void> check(const Range& range)
{
    const bool aboveLow = range.lowAllowed ? range.value >= range.low : range.value > range.low;
    if (aboveLow && range.value <= range.high) // false for NaN
        return {};
    std::ostringstream message;
    message << range.field << " is " << range.value << ", but must be "
            << (range.lowAllowed ? "at least " : "above ") << range.low << " and at most " << range.high
            << '.';
    return invalidArgument(message.str());
}

Result<void> checkBias(const SamplingParams& params)
{
    if (params.bias.size() > kMaxBias)
        return invalidArgument("bias has " + std::to_string(params.bias.size()) + " entries, but at most " +
                               std::to_string(kMaxBias) + " are taken.");
    for (const auto& [token, value] : params.bias) {
        if (token < 0)
            return invalidArgument("bias names the negative token id " + std::to_string(token) + '.');
        if (std::isnan(value) || value == std::numeric_limits<float>::infinity())
            return invalidArgument("bias of token " + std::to_string(token) +
                                   " must be a number, or minus infinity to ban the token.");
    }
    return {};
}

} // namespace

bool changesLogits(const SamplingParams& params)
{
    return params.repetitionPenalty != 1.0F || params.presencePenalty != 0.0F ||
           params.frequencyPenalty != 0.0F || !params.bias.empty();
}

bool wantsOnlyBest(const SamplingParams& params)
{
    return params.temperature < kGreedyBelow && params.logprobs == 0 && !changesLogits(params);
}

Result<void> validate(const SamplingParams& params)
{
    const Range ranges[] = {
        {"temperature", params.temperature, 0.0F, 100.0F, true},
        {"top_p", params.topP, 0.0F, 1.0F, false},
        {"min_p", params.minP, 0.0F, 1.0F, true},
        {"typical_p", params.typicalP, 0.0F, 1.0F, false},
        {"repetition_penalty", params.repetitionPenalty, 0.0F, 10.0F, false},
        {"presence_penalty", params.presencePenalty, -10.0F, 10.0F, true},
        {"frequency_penalty", params.frequencyPenalty, -10.0F, 10.0F, true},
    };
    for (const Range& range : ranges)
        if (Result<void> result = check(range); !result)
            return result;
    if (params.logprobs > kMostLogprobs)
        return invalidArgument("logprobs is " + std::to_string(params.logprobs) + ", but must be at most " +
                               std::to_string(kMostLogprobs) + '.');
    return checkBias(params);
}

} // namespace vitrine::engine
