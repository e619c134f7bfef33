// SPDX-License-Identifier: GPL-3.0-or-later
// What recording costs: 32 requests of 128 tokens through the default model, with and without a recorder in
// turn. Prints both medians and their ratio.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/model/default_model.h"

using namespace vitrine::engine;

namespace {

constexpr int kRounds = 7;
constexpr std::uint32_t kRequests = 32, kPrompt = 64, kReply = 128;

/// Tokens a second.
double run(Engine& engine, std::uint64_t salt)
{
    const std::int64_t start = nowNs();
    for (std::uint32_t i = 0; i < kRequests; ++i) {
        GenerationRequest request;
        std::vector<TokenId> tokens;
        for (std::uint32_t t = 0; t < kPrompt; ++t)
            tokens.push_back(static_cast<TokenId>(1000 + (i * 131 + t) * 7919 % 40000));
        request.prompt = std::move(tokens);
        request.maxTokens = kReply;
        request.ignoreEndOfGeneration = true;
        request.cacheSalt = salt; // nobody finds what an earlier round computed
        if (!engine.submit(std::move(request)))
            return 0.0;
    }
    while (engine.hasWork())
        if (!engine.step())
            return 0.0;
    return kRequests * kReply / (static_cast<double>(nowNs() - start) * 1e-9);
}

double median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
}

} // namespace

int main()
{
    const Result<std::string> path = findDefaultModel();
    Result<PreparedModel> prepared = path ? prepareModel(*path, {}) : Result<PreparedModel>(path.error());
    if (!prepared) {
        std::fprintf(stderr, "%s\n", prepared.error().message.c_str());
        return 1;
    }
    Engine engine;
    engine.install(std::move(*prepared));
    Recorder recorder;
    std::vector<double> plain, recorded;
    std::uint64_t salt = 1;
    run(engine, salt++); // warm
    for (int round = 0; round < kRounds; ++round) {
        engine.record(nullptr);
        plain.push_back(run(engine, salt++));
        engine.record(&recorder);
        recorded.push_back(run(engine, salt++));
        recorder.take();
    }
    std::printf("without %.0f tok/s, with %.0f tok/s, ratio %.4f\n", median(plain), median(recorded),
                median(recorded) / median(plain));
    return 0;
}
