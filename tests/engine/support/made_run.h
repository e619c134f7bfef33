// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings written by hand: requests one after another with times of the test's choosing.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::tests {

/// One request, alone on the machine: its prompt takes a step, and each token of its reply one.
struct MadeRequest
{
    double queue = 0.001, prefill = 0.01; ///< seconds
    std::vector<double> between;          ///< a token more than gaps
    std::uint32_t promptTokens = 16, cachedTokens = 0;
};

class MadeRun
{
public:
    void add(const MadeRequest& made)
    {
        using namespace engine;
        const RequestId id{++m_requests};
        std::vector<TokenId> prompt;
        for (std::uint32_t i = 0; i < made.promptTokens; ++i)
            prompt.push_back(static_cast<TokenId>(m_requests * 1000 + i));
        const std::int64_t arrival = m_nowNs;
        m_nowNs += ns(made.queue);
        RecordedStep& first = step(made.prefill);
        first.record.prefillTokens = made.promptTokens;
        first.record.lookedUpTokens = made.promptTokens;
        first.record.cachedTokens = made.cachedTokens;
        first.rows = {{id, made.promptTokens, 0, made.promptTokens, 1}};
        first.events = {RecordedArrival{id, arrival, made.promptTokens, 99, prompt},
                        AdmissionEvent{.request = id, .cachedTokens = made.cachedTokens},
                        RecordedToken{id, 1}};
        for (const double gap : made.between) {
            RecordedStep& next = step(gap);
            next.record.decodeTokens = 1;
            next.rows = {{id, 0, 1, made.promptTokens, 1}};
            next.events = {RecordedToken{id, 2}};
        }
        steps.back().events.push_back(RecordedEnd{id, FinishReason::Length, m_nowNs});
    }

    std::vector<engine::RecordedStep> steps;

private:
    static std::int64_t ns(double seconds) { return static_cast<std::int64_t>(seconds * 1e9); }

    engine::RecordedStep& step(double seconds)
    {
        engine::RecordedStep& step = steps.emplace_back();
        step.record.step = steps.size();
        step.record.startNs = m_nowNs;
        m_nowNs += ns(seconds);
        step.record.endNs = m_nowNs;
        step.record.blocksReferenced = 3;
        step.record.blocksReferencedPeak = 4;
        step.record.blocksCached = 2;
        step.record.blocksFree = 5;
        return step;
    }

    std::uint64_t m_requests = 0;
    std::int64_t m_nowNs = 1'000'000'000;
};

} // namespace vitrine::tests
