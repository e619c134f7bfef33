// SPDX-License-Identifier: GPL-3.0-or-later
// What was told to NVTX as a timeline: on which lanes it lies, whatever a file claims.
#include "engine/trace/nvtx_telling.h"

#include <random>

#include <QTest>

#include "tests/engine/support/trace_exercise.h"

using namespace vitrine::engine;
using namespace vitrine::test;

namespace {

struct Told
{
    NvtxKind kind;
    std::string lane, name;
    std::int64_t startNs, endNs;
};

/// The events of a timeline, with their lanes' titles.
class Listener final : public TimelineSink
{
public:
    std::vector<Told> told;

    void begin(const std::vector<TimelineRequest>& /*requests*/) override {}
    void rankLanes(const std::vector<std::string>& /*titles*/) override {}
    void slice(const TimelineSlice& /*slice*/) override {}
    void rankSlice(const TimelineSlice& /*slice*/) override {}
    void counter(const TimelineCounter& /*counter*/) override {}
    void mark(const TimelineMark& /*mark*/) override {}
    void requestBegins(const TimelineRequest& /*request*/) override {}
    void requestEnds(const TimelineRequest& /*request*/) override {}
    void nvtxLanes(const std::vector<TimelineNvtxLane>& lanes) override { m_lanes = lanes; }
    void nvtxCounter(const TimelineNvtx& sample) override
    {
        told.push_back({NvtxKind::Counter, {}, sample.name, sample.startNs, sample.endNs});
    }
    void nvtx(const TimelineNvtx& event) override
    {
        told.push_back({event.event.kind, m_lanes[event.lane].title, event.name, event.startNs, event.endNs});
    }

private:
    std::vector<TimelineNvtxLane> m_lanes;
};

NvtxEvent range(std::uint32_t thread, std::int64_t startNs, std::int64_t endNs, std::uint32_t domain = 1)
{
    NvtxEvent event;
    event.kind = NvtxKind::Range;
    event.thread = thread;
    event.startNs = startNs;
    event.endNs = endNs;
    event.domain = domain;
    event.message = 3;
    return event;
}

Trace traceOf(std::vector<NvtxEvent> events)
{
    Trace trace;
    trace.nvtx.names = {"", "one", "other", "work"};
    trace.nvtx.threads = {{7, "engine"}};
    trace.nvtx.events = std::move(events);
    return trace;
}

std::vector<Told> toldOf(const Trace& trace, const TraceRange& range = {})
{
    Listener listener;
    Timeline(trace).tell(listener, range);
    TimelineRules rules;
    Timeline(trace).tell(rules, range);
    return listener.told;
}

} // namespace

class NvtxTellingTest : public QObject
{
    Q_OBJECT

private slots:
    void nestedRangesLieOnTheirThread()
    {
        // As they are captured: in the order of their ends.
        const auto told = toldOf(traceOf({range(7, 110, 120), range(7, 100, 130), range(8, 90, 200)}));
        QCOMPARE(told.size(), std::size_t(3));
        QCOMPARE(told[0].lane, std::string("engine (thread 7)"));
        QCOMPARE(told[0].startNs, std::int64_t(10)); // the outer one first
        QCOMPARE(told[1].startNs, std::int64_t(20));
        QCOMPARE(told[1].lane, told[0].lane);
        QCOMPARE(told[2].lane, std::string("thread 8"));
    }

    void rangesOfDomainsThatCrossKeepTheirTimesOnALaneBeside()
    {
        const auto told = toldOf(traceOf({range(7, 0, 20), range(7, 10, 30, 2), range(7, 12, 15, 2)}));
        QCOMPARE(told.size(), std::size_t(3));
        QCOMPARE(told[1].lane, std::string("engine (thread 7) (2)"));
        QCOMPARE(told[1].startNs, std::int64_t(10));
        QCOMPARE(told[1].endNs, std::int64_t(30));
        QCOMPARE(told[2].lane, std::string("engine (thread 7)")); // within the first as well
    }

    void spansThatOverlapTakeAsFewLanesAsTheyCan()
    {
        std::vector<NvtxEvent> spans;
        for (int i = 0; i < 9; ++i)
            spans.push_back(range(7, 10 * i, 10 * i + 20));
        for (NvtxEvent& span : spans)
            span.kind = NvtxKind::Span;
        std::set<std::string> lanes;
        for (const Told& told : toldOf(traceOf(spans)))
            lanes.insert(told.lane);
        QVERIFY((lanes == std::set<std::string>{"one: spans", "one: spans (2)"}));
    }

    void aPartOfTheTimeCutsWhatSticksOut()
    {
        const auto told = toldOf(traceOf({range(7, 100, 200), range(7, 210, 220)}), {150, 180});
        QCOMPARE(told.size(), std::size_t(1));
        QCOMPARE(told[0].startNs, std::int64_t(50));
        QCOMPARE(told[0].endNs, std::int64_t(80));
    }

    void whateverTimesAreClaimedLanesNest()
    {
        std::mt19937_64 random(20261128);
        std::vector<NvtxEvent> events;
        const auto time = [&] {
            const std::uint64_t bits = random();
            return bits % 8 == 0 ? static_cast<std::int64_t>(random())
                                 : static_cast<std::int64_t>(bits % 1000);
        };
        for (int i = 0; i < 20'000; ++i) {
            NvtxEvent event = range(static_cast<std::uint32_t>(random() % 3), time(), time());
            event.kind = static_cast<NvtxKind>(random() % 4);
            event.message = static_cast<std::uint32_t>(random());
            event.payloadKind = static_cast<NvtxPayload>(random() % 4);
            event.payload = random();
            events.push_back(event);
        }
        const Trace trace = traceOf(std::move(events));
        QCOMPARE(toldOf(trace).size(), trace.nvtx.events.size()); // the rules are held as well
        exportAll(Timeline(trace), {});
        exportAll(Timeline(trace), {-5, 500});
    }
};

QTEST_APPLESS_MAIN(NvtxTellingTest)
#include "nvtx_telling_test.moc"
