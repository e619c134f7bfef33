// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine tells NVTX is what its recorder says.
#include <optional>

#include <QTest>

#include "engine/telemetry/nvtx_ranges.h"
#include "tests/engine/support/nvtx_rig.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

std::vector<std::uint64_t> sorted(std::vector<std::uint64_t> values)
{
    std::sort(values.begin(), values.end());
    return values;
}

/// Steps that had this phase, once for each time.
std::vector<std::uint64_t> stepsWith(const std::vector<RecordedStep>& steps, StepPhase phase)
{
    std::vector<std::uint64_t> found;
    for (const RecordedStep& step : steps)
        for (const PhaseSpan& span : step.phases)
            if (span.phase == phase)
                found.push_back(step.record.step);
    return sorted(found);
}

template<class Event, class Request>
std::vector<std::uint64_t> requestsOf(const std::vector<RecordedStep>& steps, Request request)
{
    std::vector<std::uint64_t> found;
    for (const RecordedStep& step : steps)
        for (const RecordedEvent& event : step.events)
            if (const auto* it = std::get_if<Event>(&event))
                if (const std::optional<RequestId> id = request(*it))
                    found.push_back(id->value);
    return sorted(found);
}

const char* rangeOf(StepPhase phase)
{
    static constexpr std::array<const char*, 5> kNames = {"schedule", "transfer", "forward", "sample",
                                                          "emit"};
    return kNames[static_cast<std::size_t>(phase)];
}

} // namespace

class NvtxTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!nvtxBuiltIn())
            QSKIP("built without NVTX");
        QCOMPARE(attachCapture(), std::string());
        QVERIFY(!theCapture()->chained());
    }

    void theEnginesRangesAreItsRecording_data()
    {
        QTest::addColumn<bool>("swap");
        QTest::newRow("recompute") << false;
        QTest::newRow("swap") << true;
    }
    void theEnginesRangesAreItsRecording()
    {
        QFETCH(bool, swap);
        theCapture()->start();
        const RecordedRun run = recordRun(swap ? PreemptionChoice::Swap : PreemptionChoice::Recompute);
        QCOMPARE(run.error, std::string());
        const Captured captured = stopCapture();
        QCOMPARE(theCapture()->dropped(), 0U);
        QVERIFY(rangesNest(captured.events));

        for (const StepPhase phase : {StepPhase::Schedule, StepPhase::Transfer, StepPhase::Forward,
                                      StepPhase::Sample, StepPhase::Emit})
            QCOMPARE(captured.payloads("vitrine", rangeOf(phase)), stepsWith(run.steps, phase));
        std::vector<std::uint64_t> steps, rows, tokens;
        for (const RecordedStep& step : run.steps) {
            if (step.record.step == 0)
                continue;
            steps.push_back(step.record.step);
            rows.push_back(step.rows.size());
            tokens.push_back(step.record.prefillTokens + step.record.decodeTokens);
        }
        QVERIFY(steps.size() > 30);
        QCOMPARE(captured.payloads("vitrine", "step"), sorted(steps));
        QCOMPARE(captured.payloads("vitrine", "batch rows"), sorted(rows));
        QCOMPARE(captured.payloads("vitrine", "batch tokens"), sorted(tokens));
    }

    void requestsAreSpansFromTheirArrivalToTheirEnd()
    {
        theCapture()->start();
        const RecordedRun run = recordRun();
        const Captured captured = stopCapture();
        std::map<std::uint64_t, std::int64_t> arrivals, ends;
        for (const RecordedStep& step : run.steps) {
            for (const RecordedEvent& event : step.events) {
                if (const auto* arrival = std::get_if<RecordedArrival>(&event))
                    arrivals[arrival->request.value] = arrival->timeNs;
                if (const auto* end = std::get_if<RecordedEnd>(&event))
                    ends[end->request.value] = end->timeNs;
            }
        }
        const std::vector<NvtxEvent> spans = captured.of("vitrine", "request");
        QCOMPARE(spans.size(), 5U);
        for (const NvtxEvent& span : spans) {
            QCOMPARE(span.kind, NvtxKind::Span);
            QCOMPARE(captured.name(span.category), std::string("scheduler"));
            QVERIFY(span.startNs >= arrivals.at(span.payload) && span.endNs >= ends.at(span.payload));
        }
        const auto admitted = [&](bool again) {
            return requestsOf<AdmissionEvent>(run.steps, [&](const AdmissionEvent& event) {
                return event.again == again ? std::optional(event.request) : std::nullopt;
            });
        };
        QCOMPARE(captured.payloads("vitrine", "admitted"), admitted(false));
        QCOMPARE(captured.payloads("vitrine", "resumed"), admitted(true));
        const auto preempted = requestsOf<PreemptionEvent>(
            run.steps, [](const PreemptionEvent& event) { return std::optional(event.victim); });
        QVERIFY(!preempted.empty());
        QCOMPARE(captured.payloads("vitrine", "preempted"), preempted);
        QCOMPARE(captured.payloads("vitrine", "finished"),
                 requestsOf<RecordedEnd>(run.steps,
                                         [](const RecordedEnd& end) { return std::optional(end.request); }));
    }

    void rangesLieWhereTheRecorderSaysThatTheirPhasesWere()
    {
        theCapture()->start();
        const RecordedRun run = recordRun();
        const Captured captured = stopCapture();
        const std::vector<NvtxEvent> ranges = captured.of("vitrine", "sample");
        QVERIFY(!ranges.empty());
        for (const RecordedStep& step : run.steps)
            for (const PhaseSpan& span : step.phases)
                if (span.phase == StepPhase::Sample)
                    QVERIFY(std::any_of(ranges.begin(), ranges.end(), [&](const NvtxEvent& range) {
                        return range.payload == step.record.step && range.startNs <= span.startNs &&
                               range.endNs >= span.endNs;
                    }));
    }

    void eachComputeThreadTellsItsShareOfEveryForwardPass()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        theCapture()->start();
        GenerationRequest request;
        request.prompt = madeUpTokens(40, 0);
        request.maxTokens = 5;
        request.ignoreEndOfGeneration = true;
        real.submit(std::move(request));
        while (real.engine().hasWork())
            QVERIFY(real.engine().step());
        const Captured captured = stopCapture();
        const std::size_t layers = real.engine().sharedModel()->config().layers.size();
        const std::vector<NvtxEvent> forwards = captured.of("vitrine", "forward");
        const std::vector<NvtxEvent> shares = captured.of("vitrine", "gate up");
        QCOMPARE(shares.size(), forwards.size() * layers * real.engine().threads());
        std::map<std::uint32_t, std::size_t> ofThread;
        for (const NvtxEvent& share : shares) {
            ++ofThread[share.thread];
            QVERIFY(share.payload < layers);
            QVERIFY(std::any_of(forwards.begin(), forwards.end(), [&](const NvtxEvent& forward) {
                return forward.startNs <= share.startNs && share.endNs <= forward.endNs;
            }));
        }
        QCOMPARE(ofThread.size(), std::size_t(real.engine().threads()));
        const auto names = theCapture()->threads();
        for (const auto& [thread, count] : ofThread) {
            QCOMPARE(count, forwards.size() * layers);
            const std::string& name = names.at(thread);
            QVERIFY2(name == "engine" || name.starts_with("worker "), name.c_str());
        }
    }

    void loadingAModelIsARangeWithItsStages()
    {
        theCapture()->start();
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const Captured captured = stopCapture();
        const std::vector<NvtxEvent> load = captured.of("vitrine", "load model");
        QCOMPARE(load.size(), 1U);
        for (const char* stage : {"open model", "read tokenizer", "pack weights", "reserve KV"}) {
            const std::vector<NvtxEvent> found = captured.of("vitrine", stage);
            QCOMPARE(found.size(), 1U);
            QVERIFY(found[0].startNs >= load[0].startNs && found[0].endNs <= load[0].endNs);
        }
        QCOMPARE(captured.of("vitrine", "install model").size(), 1U);
    }
};

QTEST_APPLESS_MAIN(NvtxTest)
#include "nvtx_test.moc"
