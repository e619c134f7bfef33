// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the seeds of tests/data/corpus/vtrace: small right recordings that have every kind of event.
//   write_trace_corpus FOLDER
#include <cstdio>
#include <string>
#include <vector>

#include "engine/trace/trace_writer.h"

namespace {

using namespace vitrine::engine;

constexpr std::int64_t kStep = 1'000'000; // ns

PreemptionEvent preemption()
{
    PreemptionEvent event;
    event.victim = RequestId{1};
    event.beneficiary = RequestId{2};
    event.recomputeTokens = 9;
    event.blocks = event.blocksFreed = 2;
    event.seconds = 0.01;
    event.price = 0.02;
    event.considered = 2;
    event.alternatives = 1;
    event.others[0] = {RequestId{2}, 0.5};
    return event;
}

RecordedStep step(std::uint64_t number)
{
    RecordedStep step;
    const std::int64_t start = static_cast<std::int64_t>(number) * kStep;
    step.record.step = number;
    step.record.startNs = start;
    step.record.endNs = start + 9 * kStep / 10;
    step.record.decodeTokens = 1;
    step.record.blocksFree = 6;
    step.record.blocksReferenced = 2;
    step.rows = {{RequestId{1}, number == 1 ? 4U : 0U, number == 1 ? 0U : 1U, 4, 1}};
    step.phases = {{StepPhase::Schedule, start, start + 1000},
                   {StepPhase::Transfer, start + 1000, start + 2000},
                   {StepPhase::Forward, start + 2000, start + 500'000},
                   {StepPhase::Sample, start + 500'000, start + 510'000},
                   {StepPhase::Emit, start + 510'000, start + 520'000}};
    step.events = {RecordedToken{RequestId{1}, static_cast<TokenId>(number)}};
    return step;
}

std::vector<RecordedStep> everyKind()
{
    std::vector<RecordedStep> steps = {step(1), step(2), step(3)};
    RecordedArrival arrival{RequestId{1}, kStep / 2, 4, 8, {1, 2, 3, 4}};
    steps[0].events.insert(steps[0].events.begin(), {arrival, AdmissionEvent{}});
    steps[1].events.insert(steps[1].events.begin(), preemption());
    steps[2].events.push_back(RecordedEnd{RequestId{1}, FinishReason::Length, 4 * kStep});
    for (int kind = 0; kind <= static_cast<int>(BlockEventKind::WindowDrop); ++kind) {
        BlockEvent event{static_cast<BlockEventKind>(kind), RequestId{1}, BlockId{kind % 4}, 1, 0};
        if (event.kind == BlockEventKind::Resize)
            event.index = 8;
        steps[static_cast<std::size_t>(kind) % 3].blocks.push_back(event);
    }
    steps.push_back({}); // between steps
    return steps;
}

/// Two stages of two ranks each, and everything that can become of them.
std::vector<RecordedStep> ofProcesses()
{
    std::vector<RecordedStep> steps = {step(1), step(2)};
    for (RecordedStep& one : steps) {
        const std::int64_t start = one.record.startNs + 2000;
        one.ranks.stages = 2;
        for (std::int64_t i = 0; i < 4; ++i)
            one.ranks.processes.push_back(
                {start + i, start + 400'000, {300'000 + i, 90'000 - i, 10'000, 2'000 * i, 4096}});
    }
    RecordedStep between;
    for (int kind = 0; kind <= static_cast<int>(RankEventKind::Followed); ++kind)
        between.rankEvents.push_back(
            {static_cast<RankEventKind>(kind), 3 * kStep, 4 * kStep, 4, 2, {1, 3}, "it failed"});
    steps.insert(steps.begin() + 1, between);
    return steps;
}

/// Ranges that nest and that cross, spans, marks, samples, every kind of payload, calls and their work.
NvtxEvents told()
{
    NvtxEvents nvtx;
    nvtx.names = {"", "vitrine", "scheduler", "schedule", "other"};
    nvtx.threads = {{7, "engine"}, {8, "worker 1"}};
    nvtx.dropped = 3;
    for (int i = 0; i < 12; ++i) {
        NvtxEvent event;
        event.kind = static_cast<NvtxKind>(i % 5 == 4 ? 3 : i % 3);
        event.payloadKind = static_cast<NvtxPayload>(i % 4);
        event.thread = 7 + static_cast<std::uint32_t>(i % 2);
        event.startNs = kStep + i * 1000 % 5000;
        event.endNs = event.kind == NvtxKind::Mark ? event.startNs : event.startNs + 3000;
        event.domain = i % 5 == 0 ? 4 : 1;
        event.category = i % 2 == 0 ? 2 : 0;
        event.message = 3;
        event.payload = static_cast<std::uint64_t>(i);
        event.detail = i % 4 == 0 ? 2 : 0;
        event.correlation = static_cast<std::uint32_t>(i % 3);
        nvtx.events.push_back(event);
    }
    return nvtx;
}

TraceOrigin origin(bool mixed)
{
    TraceOrigin origin;
    origin.pool.blocks = 8;
    origin.pool.hostBlocks = 4;
    origin.pool.blockSize = 16;
    if (mixed)
        origin.pool.shape = {1, 5, 512};
    origin.model = "A model";
    origin.device = "CPU";
    origin.program = "test";
    origin.unixNs = 1'700'000'000'000'000'000;
    return origin;
}

bool write(const std::string& path, const TraceOrigin& from, const std::vector<RecordedStep>& steps,
           const NvtxEvents& nvtx = {})
{
    auto writer = TraceWriter::create(path, from,
                                      {.wordOf = [](TokenId token) { return "w" + std::to_string(token); }});
    return writer && writer->label(RequestId{1}, {"A title", 7, 9}).has_value() &&
           writer->add(steps).has_value() && writer->addNvtx(nvtx.events, nvtx.names).has_value() &&
           (nvtx.events.empty() || writer->endNvtx(nvtx.threads, nvtx.dropped).has_value()) &&
           writer->finish(2).has_value();
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 2) {
        std::fputs("usage: write_trace_corpus FOLDER\n", stderr);
        return 2;
    }
    const std::string folder = std::string(arguments[1]) + "/";
    const bool wrote = write(folder + "every_kind.vtrace", origin(false), everyKind()) &&
                       write(folder + "mixed_model.vtrace", origin(true), everyKind()) &&
                       write(folder + "processes.vtrace", origin(false), ofProcesses()) &&
                       write(folder + "nvtx.vtrace", origin(false), everyKind(), told()) &&
                       write(folder + "empty.vtrace", origin(false), {});
    return wrote ? 0 : 1;
}
