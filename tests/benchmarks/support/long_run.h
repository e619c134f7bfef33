// SPDX-License-Identifier: GPL-3.0-or-later
// A made-up long run: three requests at a time, each for 200 steps, a prompt and then a token a step.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/telemetry/recorder.h"

namespace vitrine::benchmarks {

inline constexpr std::size_t kEventsAStep = 10; // five phases, three rows, a token, a block
inline constexpr std::int64_t kStepNs = 10'000'000;
inline constexpr std::uint32_t kBlocks = 65'536;

inline void addPhases(engine::RecordedStep& step)
{
    std::int64_t now = step.record.startNs;
    for (std::size_t phase = 0; phase < engine::kStepPhases; ++phase) {
        const std::int64_t length = phase == 2 ? kStepNs * 8 / 10 : kStepNs / 50;
        step.phases.push_back({static_cast<engine::StepPhase>(phase), now, now + length});
        now += length;
    }
}

/// `prompt`: of how many tokens each prompt is recorded.
inline void addRequests(engine::RecordedStep& step, std::size_t number, std::size_t prompt)
{
    for (std::size_t slot = 0; slot < 3; ++slot) {
        const std::size_t at = number + slot * 67, turn = at / 200;
        const engine::RequestId request{turn * 3 + slot + 1};
        const bool first = at % 200 == 0 || number == 0;
        if (first) {
            std::vector<engine::TokenId> tokens(prompt);
            for (std::size_t i = 0; i < prompt; ++i)
                tokens[i] = static_cast<engine::TokenId>(i < 64 ? i : request.value * 131 + i);
            step.events.emplace_back(
                engine::RecordedArrival{request, step.record.startNs, 256, 200, std::move(tokens)});
        }
        step.rows.push_back({request, first ? 256U : 0U, first ? 0U : 1U, 300, 20});
        if (at % 200 == 199)
            step.events.emplace_back(
                engine::RecordedEnd{request, engine::FinishReason::Length, step.record.endNs});
    }
}

inline engine::RecordedStep longRunStep(std::size_t number, std::size_t prompt = 0)
{
    engine::RecordedStep step;
    step.record.step = number + 1;
    step.record.startNs = static_cast<std::int64_t>(number) * kStepNs;
    step.record.endNs = step.record.startNs + kStepNs;
    step.record.forwardNs = kStepNs * 8 / 10;
    step.record.decodeTokens = 2 + number % 5;
    step.record.tokenBudget = 512;
    step.record.blocksReferenced = 20'000 + static_cast<std::uint32_t>(number * 37 % 20'000);
    step.record.blocksFree = kBlocks - step.record.blocksReferenced;
    addPhases(step);
    addRequests(step, number, prompt);
    step.events.emplace_back(engine::RecordedToken{step.rows[0].request, 7});
    step.blocks.push_back({engine::BlockEventKind::Take, step.rows[0].request,
                           engine::BlockId{static_cast<int>(number % kBlocks)}, -1,
                           static_cast<std::uint32_t>(number % 200)});
    return step;
}

} // namespace vitrine::benchmarks
