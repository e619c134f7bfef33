// SPDX-License-Identifier: GPL-3.0-or-later
// A recording held for looking at: found by time, bounded, its blocks known after every step.
#include <random>

#include <QTest>

#include "engine/analysis/run_figures.h"
#include "engine/analysis/session.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

Trace traceOf(const RecordedRun& run)
{
    Trace trace;
    trace.origin.pool = run.start;
    trace.steps = run.steps;
    return trace;
}

TraceOrigin smallPool()
{
    TraceOrigin origin;
    origin.pool.blocks = 8;
    origin.pool.blockSize = 4;
    return origin;
}

bool same(const BlockHistory& a, const BlockHistory& b)
{
    const auto held = [](const BlockHistory& history) {
        std::map<RequestId, std::vector<BlockId>> tables;
        for (const auto& [request, table] : history.tables())
            if (!table.empty())
                tables[request] = table;
        return tables;
    };
    for (std::size_t i = 0; i < a.blocks().size(); ++i)
        if (a.blocks()[i].references != b.blocks()[i].references ||
            a.blocks()[i].findable != b.blocks()[i].findable)
            return false;
    return a.blocks().size() == b.blocks().size() && held(a) == held(b);
}

/// Steps of 1 ms, one after another, each with a request of its own that ends in it.
std::vector<RecordedStep> shortRequests(std::size_t count, std::size_t from = 0)
{
    std::vector<RecordedStep> steps(count);
    for (std::size_t i = 0; i < count; ++i) {
        RecordedStep& step = steps[i];
        const RequestId request{from + i + 1};
        step.record.step = from + i + 1;
        step.record.startNs = static_cast<std::int64_t>((from + i) * 1'000'000);
        step.record.endNs = step.record.startNs + 900'000;
        step.record.decodeTokens = 1;
        step.events.emplace_back(RecordedArrival{request, step.record.startNs, 3, 5, {1, 2, 3}});
        step.events.emplace_back(RecordedToken{request, 7});
        step.events.emplace_back(RecordedEnd{request, FinishReason::Length, step.record.endNs});
        step.rows.push_back({request, 0, 1, 4, 1});
        step.blocks.push_back(
            {BlockEventKind::Take, request, BlockId{static_cast<int>((from + i) % 8)}, -1, 0});
        step.blocks.push_back(
            {BlockEventKind::Release, request, BlockId{static_cast<int>((from + i) % 8)}, -1, 0});
        step.blocks.push_back({BlockEventKind::Close, request, kNullBlock, -1, 0});
        step.phases.push_back({StepPhase::Forward, step.record.startNs + 100, step.record.endNs - 100});
    }
    return steps;
}

} // namespace

class SessionTest : public QObject
{
    Q_OBJECT

private slots:
    void theBlocksAfterEveryStepAreThoseOfThePlayedHistory()
    {
        const RecordedRun run = recordRun();
        const Session session =
            Session::of(traceOf(run), {.mostBytes = std::size_t{1} << 30U, .mostKeyframes = 4});
        BlockHistory history(run.start.blocks, run.start.hostBlocks, run.start.shape);
        for (std::size_t i = 0; i < run.steps.size(); ++i) {
            history.apply(run.steps[i].blocks);
            QVERIFY2(same(session.blocksAfter(i).history(), history), qPrintable(QString::number(i)));
        }
    }

    void aRecordingCutInTheMiddleBeginsWithThePoolAsItWas()
    {
        const RecordedRun run = recordRun();
        const Session session = Session::of(traceOf(run));
        const std::size_t first = run.steps.size() / 2;
        const Session part = Session::of(session.cut(first, run.steps.size()));
        QCOMPARE(part.steps().size(), run.steps.size() - first + 1); // and what was there before
        QVERIFY(same(part.blocksAfter(0).history(), session.blocksAfter(first - 1).history()));
        QVERIFY(same(part.blocksAfter(part.steps().size() - 1).history(),
                     session.blocksAfter(run.steps.size() - 1).history()));
        QCOMPARE(part.range().startNs, session.stepRange(first - 1).endNs);
        for (const auto& [request, life] : part.lives())
            QCOMPARE(life.arrivalNs, session.life(request)->arrivalNs);
        QVERIFY(part.steps().front().isOpening() && !session.steps().front().isOpening());
        for (const RequestFigures& figures : runFigures(part.steps()).requests)
            QVERIFY(figures.firstToken.has_value() == false); // they had begun, nobody knows when
    }

    void aPoolThatIsResizedBeforeItsFirstUseHadThatSizeFromTheBeginning()
    {
        std::vector<RecordedStep> steps = shortRequests(3);
        RecordedStep sized;
        sized.blocks.push_back({BlockEventKind::Resize, {}, kNullBlock, -1, 32});
        steps.insert(steps.begin(), sized);
        steps[3].blocks.push_back({BlockEventKind::Resize, {}, kNullBlock, -1, 40}); // in the midst: a change
        Session session;
        session.begin(smallPool());
        session.add(std::move(steps));
        QCOMPARE(session.origin().pool.blocks, 32U);
        QVERIFY(session.steps().front().blocks.empty());
        QCOMPARE(session.blocksAfter(2).history().blocks().size(), std::size_t{32});
        QCOMPARE(session.blocksAfter(3).history().blocks().size(), std::size_t{40});
    }

    void theTokensOfARequestAreItsPromptAndItsReply()
    {
        const RecordedRun run = recordRun();
        const Session session = Session::of(traceOf(run));
        std::size_t checked = 0;
        for (const auto& [request, life] : session.lives()) {
            QCOMPARE(session.promptTokensOf(request), std::size_t{life.promptTokens});
            QCOMPARE(session.tokensOf(request).size(), std::size_t{life.promptTokens} + life.replyTokens);
            ++checked;
        }
        QVERIFY(checked > 3);
    }

    void stepsAreFoundByTime()
    {
        Session session;
        session.begin(smallPool());
        session.add(shortRequests(1000));
        QCOMPARE(session.stepsIn({0, 1'000'000'000}), (std::pair<std::size_t, std::size_t>(0, 1000)));
        QCOMPARE(session.stepsIn({5'950'000, 8'000'000}), (std::pair<std::size_t, std::size_t>(6, 8)));
        QCOMPARE(session.stepAt(-5), std::size_t{0});
        QCOMPARE(session.stepAt(6'000'000), std::size_t{6});
        QCOMPARE(session.stepAt(6'999'999), std::size_t{6});
        QCOMPARE(session.stepAt(9'000'000'000), std::size_t{999});
        QCOMPARE(session.digest(3, 700).decodeTokens, std::uint64_t{697});
        QCOMPARE(session.digest(3, 700).steps, 697U);
    }

    void whatIsTooMuchGoesOldestFirstAndTheRestStaysWhole()
    {
        Session session({.mostBytes = 2U << 20U, .mostKeyframes = 16});
        session.begin(smallPool());
        for (std::size_t i = 0; i < 200; ++i)
            session.add(shortRequests(100, 100 * i));
        QVERIFY(session.dropped() > 10'000);
        QVERIFY(session.steps().front().isOpening());
        const std::size_t kept = session.steps().size() - 1;
        QCOMPARE(kept + session.dropped(), std::size_t{20'000});
        QCOMPARE(session.steps().back().record.step, std::uint64_t{20'000});
        QCOMPARE(session.lives().size(), kept);
        QCOMPARE(session.digest(0, session.steps().size()).steps, std::uint32_t(kept));
        QCOMPARE(session.lane(StepPhase::Forward).size(), kept);
        const std::size_t middle = session.steps().size() / 2;
        const BlockStory story = session.blocksAfter(middle);
        QCOMPARE(story.step(), session.steps()[middle].record.step);
        QVERIFY(story.history().tables().empty());
    }

    void whatWasThereBeforeIsKnownToWhoeverReadsTheRest()
    {
        RecordedRun run = recordRun();
        QVERIFY2(run.error.empty(), run.error.c_str());
        const Session whole = Session::of(traceOf(run));
        Session bounded({.mostBytes = 24U << 10U, .mostKeyframes = 64, .keyframeEvery = 8});
        bounded.begin(traceOf(run).origin);
        for (const RecordedStep& step : run.steps)
            bounded.add({step});
        QVERIFY(bounded.dropped() > 0 && bounded.steps().front().isOpening());
        const std::size_t end = bounded.steps().size();
        const Session again = Session::of(bounded.cut(0, end)); // as a file of it is read
        for (std::size_t step = 0; step < end; ++step) {
            const std::size_t first = run.steps.size() - (end - step);
            const BlockStory expected = whole.blocksAfter(first);
            QVERIFY(same(bounded.blocksAfter(step).history(), expected.history()));
            QVERIFY(same(again.blocksAfter(step).history(), expected.history()));
        }
    }

    void aPartThatIsReadStaysWhileTheSessionGoesOn()
    {
        Session session({.mostBytes = 2U << 20U, .mostKeyframes = 16});
        session.begin(smallPool());
        session.add(shortRequests(1000));
        const SessionPart part = session.part(0, session.steps().size());
        QCOMPARE(part.steps().data(), session.steps().data()); // nothing was copied
        for (std::size_t i = 1; i < 200; ++i)
            session.add(shortRequests(100, 900 + 100 * i));
        QVERIFY(session.dropped() > 10'000);
        QCOMPARE(part.steps().size(), std::size_t{1000});
        for (std::size_t i = 0; i < 1000; ++i) {
            QCOMPARE(part.steps()[i].record.step, std::uint64_t(i + 1));
            QCOMPARE(part.steps()[i].events.size(), session.steps().back().events.size());
        }
        const std::size_t middle = session.steps().size() / 2;
        const SessionPart late = session.part(middle, middle + 10);
        QCOMPARE(late.steps().size(), std::size_t{11}); // after an opening
        QVERIFY(late.steps().front().isOpening());
        QCOMPARE(late.steps().back().record.step, session.steps()[middle + 9].record.step);
    }

    void timesOutOfOrderArePutInOrder()
    {
        const unsigned seed = 20261128;
        qInfo("seed %u", seed);
        std::mt19937_64 random(seed);
        std::vector<RecordedStep> steps = shortRequests(2000);
        for (RecordedStep& step : steps) {
            step.record.startNs = static_cast<std::int64_t>(random());
            step.record.endNs = static_cast<std::int64_t>(random());
            step.phases.front() = {StepPhase::Forward, static_cast<std::int64_t>(random()),
                                   static_cast<std::int64_t>(random())};
        }
        Session session;
        session.begin(smallPool());
        session.add(std::move(steps));
        for (std::size_t i = 1; i < session.steps().size(); ++i) {
            QVERIFY(session.stepRange(i).startNs >= session.stepRange(i - 1).startNs);
            QVERIFY(session.stepRange(i).endNs >= session.stepRange(i).startNs);
        }
        QVERIFY(session.range().length() >= 0);
        QVERIFY(session.lane(StepPhase::Forward).fold(session.range(), 500).size() <= 1100);
    }

    void foldedBarsCoverWhatTheirSpansCover()
    {
        const unsigned seed = 7;
        qInfo("seed %u", seed);
        std::mt19937_64 random(seed);
        SpanLane lane;
        std::int64_t now = 0;
        for (int i = 0; i < 20'000; ++i) {
            now += static_cast<std::int64_t>(random() % 2000);
            const std::int64_t end =
                now + static_cast<std::int64_t>(random() % (i % 50 == 0 ? 900'000 : 900));
            lane.add({now, end, static_cast<std::uint64_t>(i)});
            now = end;
        }
        const TimeRange range{now / 5, now * 4 / 5};
        for (const std::uint32_t columns : {1U, 7U, 400U, 3000U, 2'000'000U}) {
            const auto bars = lane.fold(range, columns);
            QVERIFY(bars.size() <= std::size_t{2} * columns + 2);
            std::size_t spans = 0;
            for (std::size_t i = 0; i < bars.size(); ++i) {
                spans += bars[i].spans;
                QVERIFY(bars[i].coverage >= 0.0F && bars[i].coverage <= 1.0F);
                QVERIFY(i == 0 || bars[i].startNs >= bars[i - 1].startNs);
            }
            QCOMPARE(spans, lane.count(range));
        }
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < lane.size(); ++i)
            sum += std::max<std::int64_t>(0, std::min(lane.at(i).endNs, range.endNs) -
                                                 std::max(lane.at(i).startNs, range.startNs));
        QCOMPARE(lane.covered(range), sum);
    }

    void aLaneForgetsItsBeginningAndKnowsTheRest()
    {
        std::mt19937_64 random(8);
        SpanLane lane;
        std::vector<LaneSpan> expected;
        std::int64_t now = 0;
        for (std::uint64_t i = 0; i < 5'000; ++i) {
            now += static_cast<std::int64_t>(random() % 100);
            const bool isLong = random() % 20 == 0; // more than 32 bits
            const std::int64_t end = now + static_cast<std::int64_t>(isLong ? random() % (1ULL << 40U) : 50);
            lane.add({now, end, ~i});
            expected.push_back({now, end, ~i});
            now = end;
            if (random() % 100 == 0) {
                const std::int64_t gone = expected[random() % expected.size()].endNs;
                lane.forgetBefore(gone);
                std::erase_if(expected, [gone](const LaneSpan& span) { return span.endNs <= gone; });
            }
            for (std::uint64_t back = random() % 8; back > 6 && !expected.empty(); --back) {
                QCOMPARE(lane.takeLast().tag, expected.back().tag);
                expected.pop_back();
            }
        }
        QCOMPARE(lane.size(), expected.size());
        QVERIFY(expected.size() > 5);
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QCOMPARE(lane.at(i).startNs, expected[i].startNs);
            QCOMPARE(lane.at(i).endNs, expected[i].endNs);
            QCOMPARE(lane.at(i).tag, expected[i].tag);
            sum += expected[i].endNs - expected[i].startNs;
            QCOMPARE(lane.covered({expected[0].startNs, expected[i].endNs}), sum);
        }
    }
};

QTEST_APPLESS_MAIN(SessionTest)
#include "session_test.moc"
