// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/request_limits.h"

#include <algorithm>
#include <string>

namespace vitrine::engine {
namespace {

Error tooLarge(std::uint64_t prompt, std::uint64_t reply, std::uint64_t most, const std::string& holder)
{
    std::string message = "The request needs " + std::to_string(prompt + reply) + " tokens (" +
                          std::to_string(prompt) + " of prompt and up to " + std::to_string(reply) +
                          " of reply), but " + holder + " holds " + std::to_string(most) + ": ";
    if (prompt < most)
        message += "ask for at most " + std::to_string(most - prompt) + " tokens of reply.";
    else if (most > 1)
        message += "shorten the prompt to at most " + std::to_string(most - 1) + " tokens.";
    else
        message += "no request fits.";
    return outOfResources(std::move(message));
}

/// An endless reply holds its prompt at first, later sinks and window, with the blocks at either end.
Result<void> checkEndless(const RequestSpec& spec, const RequestLimits& limits)
{
    const std::uint64_t ends = 3 * limits.blockSize;
    const std::uint64_t window = std::uint64_t{spec.endless.sinkTokens} + spec.endless.windowTokens;
    const std::uint64_t held = std::max<std::uint64_t>(spec.prompt.size(), window) + ends;
    const std::uint64_t context = limits.contextLength != 0 ? limits.contextLength : limits.poolTokens;
    const auto refuse = [](std::uint64_t tokens, std::uint64_t most, const char* holder) {
        return outOfResources("The endless chat keeps " + std::to_string(tokens) +
                              " tokens (its prompt, or sinks and window), but " + holder + " holds " +
                              std::to_string(most) + ": ask for a smaller window or a shorter prompt.");
    };
    if (spec.prompt.size() >= context || window > context)
        return refuse(std::max<std::uint64_t>(spec.prompt.size(), window), context, "the model's context");
    if (held > limits.poolTokens)
        return refuse(held, limits.poolTokens, "the KV cache");
    return {};
}

} // namespace

Result<void> checkRequest(const RequestSpec& spec, const RequestLimits& limits)
{
    if (spec.prompt.empty())
        return invalidArgument("The prompt is empty: at least one token is needed.");
    if (spec.maxTokens == 0)
        return invalidArgument("The reply may have no token: ask for at least one.");
    if (std::any_of(spec.prompt.begin(), spec.prompt.end(), [](TokenId token) { return token < 0; }))
        return invalidArgument("The prompt holds a negative token id.");
    if (Result<void> sampling = validate(spec.sampling); !sampling)
        return sampling;
    if (spec.endless.enabled())
        return checkEndless(spec, limits);
    const std::uint64_t prompt = spec.prompt.size(), reply = spec.maxTokens;
    if (limits.contextLength != 0 && prompt + reply > limits.contextLength)
        return tooLarge(prompt, reply, std::min(limits.contextLength, limits.poolTokens),
                        limits.contextLength <= limits.poolTokens ? "the model's context" : "the KV cache");
    if (prompt + reply > limits.poolTokens)
        return tooLarge(prompt, reply, limits.poolTokens, "the KV cache");
    return {};
}

} // namespace vitrine::engine
