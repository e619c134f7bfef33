// SPDX-License-Identifier: GPL-3.0-or-later
// What was told to NVTX, held for looking at: on which lanes and levels it lies, and that it stays bounded.
#include "engine/analysis/nvtx_lanes.h"

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
        const auto levels = levelsOf(lanes, {false, 7, 1});
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
                    const NvtxEvent* found = lanes.event(level.at(i).tag);
                    QVERIFY(found != nullptr);
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
        QCOMPARE(levelsOf(lanes, {true, 3, 1}).size(), std::size_t(2)); // they overlap
        QCOMPARE(spansOf(lanes.lanes().at({false, 7, 1}).marks), (Level{{3, 3}}));
    }

    void theOldestEventsGoFirstAndAreCounted()
    {
        NvtxLanes lanes({.mostEvents = 1000});
        for (std::int64_t i = 0; i < 10'000; ++i)
            lanes.add({told(7, 10 * i, 10 * i + 5)}, kNames);
        lanes.setLost(4);
        QVERIFY(lanes.size() <= 1000 && lanes.size() > 500);
        QCOMPARE(lanes.dropped() - 4 + lanes.size(), std::uint64_t(10'000));
        const Level level = levelsOf(lanes, {false, 7, 1}).front();
        QCOMPARE(level.back().first, std::int64_t(99'990));
        QVERIFY(level.size() <= lanes.size());
        for (std::size_t i = 0; i < level.size(); ++i)
            QVERIFY(lanes.event(lanes.lanes().at({false, 7, 1}).levels[0].at(i).tag) != nullptr);
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
        QCOMPARE(levelsOf(lanes, {false, 7, 1}).size(), std::size_t(3));
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
