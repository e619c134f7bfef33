// SPDX-License-Identifier: GPL-3.0-or-later
// A recording of the default model under pressure: few blocks, so that requests are preempted.
#pragma once

#include <utility>
#include <vector>

#include "engine/telemetry/recorder.h"
#include "tests/engine/support/real_engine.h"

namespace vitrine::tests {

struct RecordedRun
{
    engine::RecordingStart start;
    std::vector<engine::RecordedStep> steps;
    std::map<engine::RequestId, Reply> replies;
    std::string error; ///< of loading
};

inline RecordedRun recordRun(engine::PreemptionChoice preemption = engine::PreemptionChoice::Recompute)
{
    RecordedRun run;
    RealEngine real;
    engine::EngineOptions options = testOptions();
    options.kvBlocks = 14;
    options.scheduler.watermark = 0.0;
    options.scheduler.preemption = preemption;
    run.error = real.load(options);
    if (!run.error.empty())
        return run;
    engine::Recorder recorder;
    real.engine().record(&recorder);
    run.start = recorder.start();
    std::vector<engine::RequestId> ids;
    for (std::size_t i = 0; i < 5; ++i) {
        engine::GenerationRequest request;
        request.prompt = madeUpTokens(40, i / 2);
        request.maxTokens = 30;
        request.ignoreEndOfGeneration = true;
        ids.push_back(real.submit(std::move(request)));
    }
    while (real.engine().hasWork() && real.engine().step())
        for (engine::RecordedStep& step : recorder.take())
            run.steps.push_back(std::move(step));
    for (const engine::RequestId id : ids)
        run.replies[id] = real.reply(id);
    return run;
}

} // namespace vitrine::tests
