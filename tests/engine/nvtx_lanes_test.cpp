// SPDX-License-Identifier: GPL-3.0-or-later
// What was told to NVTX, held for looking at: on which lanes and levels it lies, and that it stays bounded.
#include "engine/analysis/nvtx_lanes.h"

#include <cmath>
#include <random>

#include <QTest>

using namespace vitrine::engine;

namespace {

const std::vector<std::string> kNames = {"", "one", "other", "work", "step"};

NvtxEvent told(std::uint32_t thread, std::int64_t startNs, std::int64_t endNs,
               NvtxKind kind = NvtxKind::Range, std::uint32_t domain = 1)
{
    NvtxEvent event;
    event.kind = kind;
    event.thread = thread;
    event.startNs = startNs;
    event.endNs = endNs;
    event.domain = domain;
    event.message = 3;
    return event;
}

using Level = std::vector<std::pair<std::int64_t, std::int64_t>>;

Level spansOf(const SpanLane& lane)
{
    Level spans;
    for (std::size_t i = 0; i < lane.size(); ++i)
        spans.emplace_back(lane.at(i).startNs, lane.at(i).endNs);
    return spans;
}

std::vector<Level> levelsOf(const NvtxLanes& lanes, const NvtxLaneKey& key)
{
    std::vector<Level> levels;
    for (const SpanLane& level : lanes.lanes().at(key).levels)
        levels.push_back(spansOf(level));
    return levels;
}

} // namespace

class NvtxLanesTest : public QObject
{
    Q_OBJECT

private slots:
    void rangesLieBelowTheOnesAroundThemThoughTheseComeLater()
    {
        NvtxLanes lanes;
        lanes.add({told(7, 20, 30), told(7, 40, 50)}, kNames);
        lanes.add({told(7, 10, 60), told(7, 70, 80)}, kNames);
        lanes.add({told(7, 0, 90)}, kNames);
        const auto levels = levelsOf(lanes, {NvtxLaneOf::Thread, 7, 1});
        QCOMPARE(levels.size(), std::size_t(3));
        QCOMPARE(levels[0], (Level{{0, 90}}));
        QCOMPARE(levels[1], (Level{{10, 60}, {70, 80}}));
        QCOMPARE(levels[2], (Level{{20, 30}, {40, 50}}));
    }

    void theirTagsLeadBackToTheEvents()
    {
        NvtxLanes lanes;
        lanes.add({told(8, 5, 6), told(7, 20, 30), told(7, 10, 60)}, kNames);
        for (const auto& [key, lane] : lanes.lanes())
            for (const SpanLane& level : lane.levels)
                for (std::size_t i = 0; i < level.size(); ++i) {
                    const std::optional<NvtxEvent> found = lanes.event(level.at(i).tag);
                    QVERIFY(found.has_value());
                    QCOMPARE(found->thread, key.number);
                    QCOMPARE(found->startNs, level.at(i).startNs);
                }
    }

    void threadsDomainsAndSpansHaveLanesOfTheirOwn()
    {
        NvtxLanes lanes;
        lanes.add({told(7, 0, 10), told(7, 2, 4, NvtxKind::Range, 2), told(8, 0, 10),
                   told(7, 0, 30, NvtxKind::Span), told(8, 5, 20, NvtxKind::Span),
                   told(7, 3, 3, NvtxKind::Mark)},
                  kNames);
        QCOMPARE(lanes.lanes().size(), std::size_t(4));
        QCOMPARE(levelsOf(lanes, {NvtxLaneOf::Spans, 3, 1}).size(), std::size_t(2)); // they overlap
        QCOMPARE(spansOf(lanes.lanes().at({NvtxLaneOf::Thread, 7, 1}).marks), (Level{{3, 3}}));
    }

    void theOldestEventsGoFirstAndAreCounted()
    {
        NvtxLanes lanes({.mostEvents = 1000});
        for (std::int64_t i = 0; i < 10'000; ++i)
            lanes.add({told(7, 10 * i, 10 * i + 5)}, kNames);
        lanes.setLost(4);
        QVERIFY(lanes.size() <= 1000 && lanes.size() > 500);
        QCOMPARE(lanes.dropped() - 4 + lanes.size(), std::uint64_t(10'000));
        const Level level = levelsOf(lanes, {NvtxLaneOf::Thread, 7, 1}).front();
        QCOMPARE(level.back().first, std::int64_t(99'990));
        QVERIFY(level.size() <= lanes.size());
        for (std::size_t i = 0; i < level.size(); ++i)
            QVERIFY(lanes.event(lanes.lanes().at({NvtxLaneOf::Thread, 7, 1}).levels[0].at(i).tag));
    }

    void ofWhatIsGoneItStaysHowBusyItWas()
    {
        NvtxLanes lanes({.mostEvents = 1000});
        constexpr std::int64_t kEach = 20'000'000;
        constexpr std::int64_t kCount = 20'000; // 400 s: wider stretches than at first
        for (std::int64_t i = 0; i < kCount; ++i)
            lanes.add({told(7, kEach * i, kEach * i + kEach / 4)}, kNames);
        const NvtxLane& lane = lanes.lanes().at({NvtxLaneOf::Thread, 7, 1});
        const std::int64_t since = lane.levels.front().at(0).startNs;
        QVERIFY(since > kEach * kCount / 2);
        for (const std::uint32_t columns : {1U, 10U, 1000U, 100'000U}) {
            const auto bars = lane.past.fold({0, since}, columns);
            QVERIFY(bars.size() <= columns + 2);
            double covered = 0;
            std::uint64_t spans = 0;
            for (std::size_t i = 0; i < bars.size(); ++i) {
                QVERIFY(bars[i].spans > 1 && bars[i].coverage > 0.1F);
                QVERIFY(bars[i].coverage < 0.4F || i + 1 == bars.size()); // the last ends with its last span
                QVERIFY(i == 0 || bars[i].startNs >= bars[i - 1].endNs);
                covered += static_cast<double>(bars[i].coverage) *
                           static_cast<double>(bars[i].endNs - bars[i].startNs);
                spans += bars[i].spans;
            }
            const auto gone = static_cast<std::uint64_t>(since / kEach);
            QVERIFY(spans >= gone && spans <= gone + 1); // one alone counts as several
            QVERIFY(std::abs(covered / static_cast<double>(since) - 0.25) < 0.001);
        }
    }

    void aCounterHasALaneOfItsOwn()
    {
        NvtxLanes lanes;
        std::vector<NvtxEvent> samples;
        for (std::int64_t i = 0; i < 1000; ++i) {
            NvtxEvent sample = told(static_cast<std::uint32_t>(i % 2), 10 * i, 10 * i, NvtxKind::Counter);
            sample.payloadKind = i % 2 == 0 ? NvtxPayload::Unsigned : NvtxPayload::Signed;
            sample.payload = static_cast<std::uint64_t>(i % 2 == 0 ? i : -i);
            sample.detail = 4;
            samples.push_back(sample);
        }
        lanes.add(samples, kNames);
        QCOMPARE(lanes.lanes().size(), std::size_t(1));
        const NvtxLane& lane = lanes.lanes().at({NvtxLaneOf::Counter, 3, 1});
        QCOMPARE(lane.samples.size(), std::size_t(1000));
        QCOMPARE(lanes.name(lane.unit), std::string("step"));
        const auto columns = lane.samples.fold({2000, 6000}, 4);
        QCOMPARE(columns.size(), std::size_t(5)); // what held before, then each
        QCOMPARE(columns[0].last, -199.0);
        QCOMPARE(columns[0].samples, 0U);
        QCOMPARE(columns[1].samples, 100U);
        QCOMPARE(columns[1].least, -299.0);
        QCOMPARE(columns[1].most, 298.0);
        QCOMPARE(columns[1].last, -299.0);
        QCOMPARE(lane.samples.valueAt(5), std::optional(0.0));
        QCOMPARE(lane.samples.valueAt(-1), std::nullopt);
    }

    void whatAGpuDidLeadsToTheCallThatAskedForIt()
    {
        NvtxLanes lanes({.mostEvents = 10});
        NvtxEvent call = told(7, 10, 20), work = told(0x8000'0001U, 30, 40);
        call.correlation = work.correlation = 5;
        lanes.add({work}, kNames); // it may come first
        QVERIFY(!lanes.callOf(work).has_value());
        lanes.add({call}, kNames);
        QCOMPARE(lanes.callOf(work)->startNs, std::int64_t(10));
        QVERIFY(!lanes.callOf(call).has_value());
        QVERIFY(!lanes.callOf(told(7, 50, 60)).has_value());
        for (std::int64_t i = 0; i < 20; ++i)
            lanes.add({told(7, 100 + i, 101 + i)}, kNames);
        QVERIFY(!lanes.callOf(work).has_value()); // it is gone
    }

    void eventsComeBackAsTheyCame()
    {
        std::mt19937_64 random(20261129);
        NvtxStore store;
        std::vector<NvtxEvent> events(20'000);
        const auto some = [&] { return random() >> (random() % 64); };
        for (NvtxEvent& event : events) {
            event.kind = static_cast<NvtxKind>(random() % 4);
            event.payloadKind = static_cast<NvtxPayload>(random() % 4);
            event.thread = static_cast<std::uint32_t>(random() % 5);
            event.startNs = static_cast<std::int64_t>(some());
            event.endNs = event.startNs / 2 + static_cast<std::int64_t>(some() / 4);
            event.message = static_cast<std::uint32_t>(random() % 20);
            event.payload = some();
            event.detail = random() % 8 == 0 ? 3 : 0;
            event.correlation = random() % 8 == 0 ? static_cast<std::uint32_t>(random()) : 0;
            store.push(event);
            if (store.size() == 3000)
                store.dropFirst(1 + random() % 2000);
        }
        QVERIFY(store.size() > 500 && store.first() + store.size() == events.size());
        for (std::uint64_t number = store.first(); store.contains(number); ++number)
            QVERIFY(store.at(number) == events[number]);
    }

    void anEventOfTheEngineTakesLittleMemory()
    {
        NvtxStore store;
        for (std::int64_t i = 0; i < 100'000; ++i) {
            NvtxEvent event = told(static_cast<std::uint32_t>(i % 8), 1000 * i, 1000 * i + 900);
            event.payload = static_cast<std::uint64_t>(i);
            store.push(event);
        }
        QVERIFY(store.bytes() < 21 * store.size());
    }

    void whatLiesTooDeepOrOnTooManyLanesIsCounted()
    {
        NvtxLanes lanes({.mostLanes = 2, .mostLevels = 3});
        std::vector<NvtxEvent> events;
        for (std::int64_t i = 0; i < 5; ++i) // one within the other
            events.push_back(told(7, 50 - i, 50 + i));
        events.push_back(told(8, 100, 101));
        events.push_back(told(9, 102, 103));
        lanes.add(events, kNames);
        QCOMPARE(lanes.lanes().size(), std::size_t(2));
        QCOMPARE(levelsOf(lanes, {NvtxLaneOf::Thread, 7, 1}).size(), std::size_t(3));
        QCOMPARE(lanes.hidden(), std::uint64_t(3));
    }

    void aPartOfTheTimeHasWhatTouchesIt()
    {
        NvtxLanes lanes;
        lanes.add({told(7, 0, 10), told(7, 20, 30), told(7, 35, 45), told(7, 50, 60)}, kNames);
        lanes.nameThread(7, "engine");
        const NvtxEvents part = lanes.eventsIn({25, 40});
        QCOMPARE(part.events.size(), std::size_t(2));
        QCOMPARE(part.name(part.events[0].message), std::string("work"));
        QCOMPARE(part.threads.at(7), std::string("engine"));
    }

    void whateverTimesAreClaimedLevelsStayInOrder()
    {
        std::mt19937_64 random(20261128);
        NvtxLanes lanes({.mostEvents = 3000});
        for (int batch = 0; batch < 20; ++batch) {
            std::vector<NvtxEvent> events;
            for (int i = 0; i < 500; ++i) {
                const auto at = [&] { return static_cast<std::int64_t>(random() >> (random() % 64)); };
                events.push_back(told(static_cast<std::uint32_t>(random() % 4), at(), at(),
                                      static_cast<NvtxKind>(random() % 4)));
            }
            lanes.add(std::move(events), kNames);
        }
        for (const auto& [key, lane] : lanes.lanes())
            for (const SpanLane& level : lane.levels) {
                const Level spans = spansOf(level);
                for (std::size_t i = 1; i < spans.size(); ++i)
                    QVERIFY(spans[i - 1].second <= spans[i].first);
                QVERIFY(level.fold({0, 1'000'000}, 100).size() <= 202);
            }
    }
};

QTEST_APPLESS_MAIN(NvtxLanesTest)
#include "nvtx_lanes_test.moc"
