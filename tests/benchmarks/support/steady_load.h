// SPDX-License-Identifier: GPL-3.0-or-later
// The same load again and again, for benchmarks that compare: prompts of made-up tokens, replies of one
// length, nothing found in the cache.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/model/default_model.h"

namespace vitrine::benchmarks {

struct SteadyLoad
{
    std::uint32_t requests = 16, prompt = 32, reply = 48;
};

/// Of the default model.
inline engine::Result<engine::PreparedModel> preparedDefault()
{
    const engine::Result<std::string> path = engine::findDefaultModel();
    return path ? engine::prepareModel(*path, {}) : engine::Result<engine::PreparedModel>(path.error());
}

/// Tokens a second; 0 when something failed. `salt`: another one each time.
inline double serve(engine::Engine& engine, const SteadyLoad& load, std::uint64_t salt)
{
    const std::int64_t start = engine::nowNs();
    for (std::uint32_t i = 0; i < load.requests; ++i) {
        engine::GenerationRequest request;
        std::vector<engine::TokenId> tokens;
        for (std::uint32_t t = 0; t < load.prompt; ++t)
            tokens.push_back(static_cast<engine::TokenId>(1000 + (i * 131 + t) * 7919 % 40000));
        request.prompt = std::move(tokens);
        request.maxTokens = load.reply;
        request.ignoreEndOfGeneration = true;
        request.cacheSalt = salt; // nobody finds what an earlier round computed
        if (!engine.submit(std::move(request)))
            return 0.0;
    }
    while (engine.hasWork())
        if (!engine.step())
            return 0.0;
    return load.requests * load.reply / (static_cast<double>(engine::nowNs() - start) * 1e-9);
}

/// REQUIRES: there are some.
inline double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace vitrine::benchmarks
