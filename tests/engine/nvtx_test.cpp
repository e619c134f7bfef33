// SPDX-License-Identifier: GPL-3.0-or-later
// What the process tells NVTX is captured in the process: the engine's ranges are what its recorder says, and
// other libraries are heard as well.
#include <thread>

#include <QTest>

#include <sys/syscall.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "tests/engine/support/nvtx_rig.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

std::optional<NvtxCapture> g_capture; // once in a process

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

private:
    const OtherLibrary m_other{VITRINE_NVTX_OTHER};

    static Captured stop()
    {
        g_capture->stop();
        return {*g_capture, g_capture->take()};
    }

private slots:
    void initTestCase()
    {
        if (!nvtxBuiltIn())
            QSKIP("built without NVTX");
        Result<NvtxCapture> capture = NvtxCapture::attach();
        QVERIFY2(capture.has_value(), capture ? "" : capture.error().message.c_str());
        g_capture.emplace(std::move(*capture));
        QVERIFY(!g_capture->chained());
        QVERIFY(m_other.complete());
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
        g_capture->start();
        const RecordedRun run = recordRun(swap ? PreemptionChoice::Swap : PreemptionChoice::Recompute);
        QCOMPARE(run.error, std::string());
        const Captured captured = stop();
        QCOMPARE(g_capture->dropped(), 0U);
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
        g_capture->start();
        const RecordedRun run = recordRun();
        const Captured captured = stop();
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
        g_capture->start();
        const RecordedRun run = recordRun();
        const Captured captured = stop();
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

    void loadingAModelIsARangeWithItsStages()
    {
        g_capture->start();
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const Captured captured = stop();
        const std::vector<NvtxEvent> load = captured.of("vitrine", "load model");
        QCOMPARE(load.size(), 1U);
        for (const char* stage : {"open model", "read tokenizer", "pack weights", "reserve KV"}) {
            const std::vector<NvtxEvent> found = captured.of("vitrine", stage);
            QCOMPARE(found.size(), 1U);
            QVERIFY(found[0].startNs >= load[0].startNs && found[0].endNs <= load[0].endNs);
        }
        QCOMPARE(captured.of("vitrine", "install model").size(), 1U);
    }

    void anotherLibraryIsHeardWithAllItSays()
    {
        g_capture->start();
        m_other.work(3);
        m_other.plain();
        const Captured captured = stop();
        const std::vector<NvtxEvent> outer = captured.of("other", "outer");
        QCOMPARE(outer.size(), 1U);
        QCOMPARE(outer[0].payloadKind, NvtxPayload::Real);
        QCOMPARE(outer[0].real(), 2.5);
        QCOMPARE(captured.name(outer[0].category), std::string("copies"));
        QCOMPARE(outer[0].thread, static_cast<std::uint32_t>(::syscall(SYS_gettid)));
        const std::vector<NvtxEvent> inner = captured.of("other", "inner");
        QCOMPARE(inner.size(), 3U);
        QCOMPARE(inner[2].payloadKind, NvtxPayload::Signed);
        QCOMPARE(static_cast<std::int64_t>(inner[2].payload), -2);
        QCOMPARE(captured.name(inner[0].category), std::string("9"));
        QCOMPARE(captured.of("other", "mark").size(), 3U);
        QCOMPARE(captured.of("", "plain").size(), 1U);
        QCOMPARE(captured.of("", "plain ä").size(), 1U);
        QCOMPARE(captured.of("", "point").size() + captured.of("", "point ä").size(), 2U);
        const std::vector<NvtxEvent> wide = captured.of("other", "weite 😀");
        QCOMPARE(wide.size(), 1U);
        QCOMPARE(captured.name(wide[0].category), std::string("größe"));
        QVERIFY(rangesNest(captured.events));
    }

    void rangesOfTwoDomainsMayCross()
    {
        g_capture->start();
        m_other.crossed();
        const Captured captured = stop();
        const auto crossed = captured.of("other", "crossed"), across = captured.of("", "across");
        QCOMPARE(crossed.size() + across.size(), 2U);
        QVERIFY(across[0].startNs >= crossed[0].startNs && across[0].endNs >= crossed[0].endNs);
    }

    void nothingIsRecordedBeforeTheStartAndAfterTheStop()
    {
        m_other.work(3);
        g_capture->start();
        g_capture->stop();
        m_other.work(3);
        QVERIFY(g_capture->take().empty());
        g_capture->start(); // forgets what nobody took
        m_other.work(1);
        g_capture->start();
        QVERIFY(stop().events.empty());
    }

    void whatIsOpenWhenTheCaptureBeginsOrEndsLeavesNoHalves()
    {
        m_other.push();
        const std::uint64_t before = m_other.start();
        g_capture->start();
        m_other.pop();
        m_other.end(before);
        m_other.push();
        m_other.work(1);
        const std::uint64_t within = m_other.start();
        const Captured captured = stop();
        m_other.pop();
        m_other.end(within);
        QVERIFY(captured.of("", "open").empty());
        QCOMPARE(captured.of("other", "outer").size(), 1U);
        const std::vector<NvtxEvent> spans = captured.of("other", "span");
        QCOMPARE(spans.size(), 1U); // ends with the capture
        QVERIFY(spans[0].endNs >= spans[0].startNs);

        g_capture->start();
        m_other.pop(); // one too many
        m_other.push();
        m_other.pop();
        QCOMPARE(stop().of("", "open").size(), 1U);
    }

    void aSpanEndsOnAnotherThread()
    {
        g_capture->start();
        std::uint64_t id = 0;
        std::thread([&] { id = m_other.start(); }).join();
        QVERIFY(g_capture->take().empty());
        m_other.end(id);
        const Captured captured = stop();
        QCOMPARE(captured.events.size(), 1U);
        QCOMPARE(captured.name(captured.events[0].message), std::string("span"));
        QVERIFY(captured.events[0].thread != static_cast<std::uint32_t>(::syscall(SYS_gettid)));
    }

    void whatFindsNoRoomIsCounted()
    {
        g_capture->start(16);
        std::thread([this] { // rooms are made with the thread
            for (int i = 0; i < 100; ++i) {
                m_other.push();
                m_other.pop();
            }
        })
            .join();
        const Captured captured = stop();
        QCOMPARE(captured.events.size(), 16U);
        QCOMPARE(g_capture->dropped(), 84U);
    }

    void rangesThatNestTooDeepAreCountedAndTheOthersStayWhole()
    {
        g_capture->start();
        for (int i = 0; i < 200; ++i)
            m_other.push();
        for (int i = 0; i < 200; ++i)
            m_other.pop();
        m_other.work(1);
        const Captured captured = stop();
        QVERIFY(rangesNest(captured.events));
        QCOMPARE(captured.of("", "open").size() + g_capture->dropped(), 200U);
        QVERIFY(captured.of("", "open").size() > 100);
        QCOMPARE(captured.of("other", "outer").size(), 1U);
    }

    void threadsThatEndAreHeardToTheirEnd()
    {
        g_capture->start();
        for (int i = 0; i < 50; ++i)
            std::thread([this] { m_other.work(2); }).join();
        const Captured captured = stop();
        QCOMPARE(captured.of("other", "outer").size(), 50U);
        QCOMPARE(captured.of("other", "inner").size(), 100U);
        QCOMPARE(g_capture->dropped(), 0U);
    }

    void threadsHaveTheNamesTheyAreGiven()
    {
        const auto thread = static_cast<std::uint32_t>(::syscall(SYS_gettid));
        g_capture->start();
        m_other.nameThread(thread);
        m_other.work(1);
        stop();
        QCOMPARE(g_capture->threads().at(thread), std::string("worker"));
    }

    void manyThreadsSpeakWhileEventsAreTaken()
    {
        constexpr int kThreads = 4, kRounds = 300;
        g_capture->start(256);
        std::atomic<int> running{kThreads};
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i)
            threads.emplace_back([&] {
                for (int round = 0; round < kRounds; ++round) {
                    m_other.work(2);
                    m_other.end(m_other.start());
                }
                --running;
            });
        std::vector<NvtxEvent> events;
        const auto take = [&] {
            const std::vector<NvtxEvent> taken = g_capture->take();
            events.insert(events.end(), taken.begin(), taken.end());
        };
        while (running > 0)
            take();
        for (std::thread& thread : threads)
            thread.join();
        g_capture->stop();
        take();
        const Captured captured{*g_capture, events};
        QVERIFY(rangesNest(events));
        QVERIFY(events.size() > 256);
        // A span is two events where it is told and one here.
        const std::size_t spans = captured.count(NvtxKind::Span);
        const std::size_t told = kThreads * kRounds * 5U;
        QVERIFY(events.size() - spans + g_capture->dropped() >= told);
        QVERIFY(events.size() <= told + kThreads * kRounds);
    }
};

QTEST_APPLESS_MAIN(NvtxTest)
#include "nvtx_test.moc"
