// SPDX-License-Identifier: GPL-3.0-or-later
// A recording of chats that share a beginning and come back with their histories: several turns each, more
// than the pool holds.
#pragma once

#include <random>
#include <utility>
#include <vector>

#include "tests/engine/support/recorded_run.h"

namespace vitrine::tests {

struct SharedLoad
{
    std::uint32_t blocks = 24, hostBlocks = 0;
    std::uint32_t atOnce = 0; ///< further requests with the same prompt in the same moment
    std::uint32_t chats = 6, turns = 3;
};

inline RecordedRun recordSharedLoad(const SharedLoad& load)
{
    RecordedRun run;
    RealEngine real;
    engine::EngineOptions options = testOptions();
    options.kvBlocks = load.blocks;
    options.hostBlocks = load.hostBlocks;
    options.scheduler.watermark = 0.0;
    options.scheduler.tokenBudget = 64;
    run.error = real.load(options);
    if (!run.error.empty())
        return run;
    engine::Recorder recorder;
    real.engine().record(&recorder);
    run.start = recorder.start();
    std::vector<engine::RequestId> ids;
    std::vector<std::vector<engine::TokenId>> histories(load.chats, madeUpTokens(50, 1));
    std::mt19937 random(5);
    for (std::uint32_t turn = 0; turn < load.turns; ++turn) {
        std::vector<engine::RequestId> open;
        for (std::uint32_t chat = 0; chat < load.chats; ++chat) {
            const std::vector<engine::TokenId> said = madeUpTokens(5 + random() % 25, 10 + turn * 31 + chat);
            histories[chat].insert(histories[chat].end(), said.begin(), said.end());
            for (std::uint32_t i = 0; i <= load.atOnce; ++i) {
                engine::GenerationRequest request;
                request.prompt = histories[chat];
                request.maxTokens = 8 + random() % 24;
                request.ignoreEndOfGeneration = true;
                open.push_back(real.submit(std::move(request)));
            }
            for (int steps = 0; steps < 4 && real.engine().hasWork(); ++steps)
                (void)real.engine().step();
        }
        real.run();
        for (std::uint32_t chat = 0; chat < load.chats; ++chat) {
            const std::vector<engine::TokenId>& reply = real.reply(open[chat * (load.atOnce + 1)]).tokens;
            histories[chat].insert(histories[chat].end(), reply.begin(), reply.end());
        }
        ids.insert(ids.end(), open.begin(), open.end());
    }
    run.steps = recorder.take();
    for (const engine::RequestId id : ids)
        run.replies[id] = real.reply(id);
    return run;
}

} // namespace vitrine::tests
