// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads that a schema describes and counters, which NVTX has as extensions, are captured as text and
// numbers, and nothing is read beyond what came with an event.
#include <optional>
#include <set>
#include <thread>

#include <QTest>

#include "engine/base/clock.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "tests/engine/support/nvtx_rig.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

template<class Function>
Function other(const char* name)
{
    return libraryFunction<Function>(VITRINE_NVTX_OTHER, name);
}

} // namespace

class NvtxPayloadTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!nvtxBuiltIn())
            QSKIP("built without NVTX");
        QCOMPARE(attachCapture(), std::string());
        if (other<void (*)()>("otherPayloads") == nullptr)
            QSKIP("these headers of NVTX have no extensions");
    }

    void aPayloadReadsAsItsSchemaSays()
    {
        theCapture()->start();
        other<void (*)()>("otherPayloads")();
        const Captured captured = stopCapture();
        const auto reduce = captured.of("other", "reduce");
        QCOMPARE(reduce.size(), 1U);
        QCOMPARE(reduce[0].kind, NvtxKind::Range);
        QCOMPARE(captured.name(reduce[0].category), std::string("copies"));
        QCOMPARE(captured.name(reduce[0].detail),
                 std::string("Reduce(bytes=4096, operation=max, share=0.5, shape=(rows=2, columns=3), "
                             "name=\"weights\", ranks=[0, 1, 7])"));
        QCOMPARE(reduce[0].payloadKind, NvtxPayload::None);
    }

    void onePlainNumberIsAPayloadLikeAnyOther()
    {
        theCapture()->start();
        other<void (*)()>("otherPayloads")();
        const Captured captured = stopCapture();
        const auto number = captured.of("other", "number");
        QCOMPARE(number.size(), 1U);
        QCOMPARE(number[0].payloadKind, NvtxPayload::Signed);
        QCOMPARE(static_cast<std::int64_t>(number[0].payload), -7);
    }

    void aPayloadMayHoldTheMessage()
    {
        theCapture()->start();
        other<void (*)()>("otherPayloads")();
        other<void (*)()>("otherPayloadRanges")();
        const Captured captured = stopCapture();
        const auto hello = captured.of("other", "hello");
        QCOMPARE(hello.size(), 1U);
        QCOMPARE(hello[0].kind, NvtxKind::Mark);
        QCOMPARE(captured.name(hello[0].detail), std::string("Said(count=2, values=[5, -1])"));
    }

    void whatIsToldWithTheEndOfARangeIsAdded()
    {
        theCapture()->start();
        other<void (*)()>("otherPayloadRanges")();
        const Captured captured = stopCapture();
        const auto range = captured.of("other", "ended"); // the end names it anew
        QCOMPARE(range.size(), 1U);
        QCOMPARE(range[0].kind, NvtxKind::Range);
        QCOMPARE(captured.name(range[0].detail),
                 std::string("Said(count=1, values=[1]); Said(count=0, values=[]); fast|late"));
        const auto span = captured.of("other", "spanned");
        QCOMPARE(span.size(), 1U);
        QCOMPARE(span[0].kind, NvtxKind::Span);
        QCOMPARE(captured.name(span[0].detail), std::string("Said(count=0, values=[]); fast|late"));
    }

    void countersAreSamplesWithTheirUnits()
    {
        theCapture()->start();
        other<void (*)()>("otherCounters")();
        const Captured captured = stopCapture();
        QCOMPARE(captured.events.size(), captured.count(NvtxKind::Counter));
        QCOMPARE(captured.events.size(), 6U);
        const auto bytes = captured.of("other", "bytes");
        QCOMPARE(bytes.size(), 3U);
        QCOMPARE(static_cast<std::int64_t>(bytes[0].payload), -5);
        QCOMPARE(bytes[1].real(), 1.5);
        QCOMPARE(bytes[2].payload, 0U);
        QCOMPARE(captured.name(bytes[0].detail), std::string("B"));
        QVERIFY(bytes[0].startNs > 0 && bytes[0].startNs == bytes[0].endNs);
        const auto busy = captured.of("other", "queue busy"), waiting = captured.of("other", "queue waiting");
        QCOMPARE(busy.size(), 2U);
        QCOMPARE(busy[1].real(), 0.25);
        QCOMPARE(waiting.size(), 1U);
        QCOMPARE(static_cast<std::int64_t>(waiting[0].payload), 3);
    }

    void deferredEventsLieWhereTheyHappened()
    {
        const auto late = other<void (*)(std::uint64_t, bool, std::int64_t, std::int64_t)>("otherLate");
        theCapture()->start();
        const std::int64_t then = nowNs() - 1'000'000;
        for (const std::uint64_t clock : {0U, 1U, 14U, 50U}) // ours under several names
            late(clock, true, then, then + 700);
        late(14, false, then + 5, 0);
        const Captured captured = stopCapture();
        const auto events = captured.of("other", "late");
        QCOMPARE(events.size(), 5U);
        QCOMPARE(captured.count(NvtxKind::Span), 4U);
        for (const NvtxEvent& event : events) {
            const bool span = event.kind == NvtxKind::Span;
            QCOMPARE(event.startNs, then + (span ? 0 : 5));
            QCOMPARE(event.endNs - event.startNs, span ? 700 : 0);
            QCOMPARE(captured.name(event.detail), std::string("Late(size=5)"));
        }
    }

    void deferredEventsOfOtherClocksAndOfNoTimeAreLeftOut()
    {
        const auto late = other<void (*)(std::uint64_t, bool, std::int64_t, std::int64_t)>("otherLate");
        theCapture()->start();
        const std::int64_t now = nowNs();
        for (const std::uint64_t clock : {10U, 12U, 17U, 80U, 1U << 25U})
            late(clock, true, now - 10, now - 5);
        late(50, true, now - 5, now - 10);
        late(50, true, -5, now);
        late(50, true, now, now + 3'600'000'000'000);
        QCOMPARE(stopCapture().events.size(), 0U);
        QVERIFY(other<std::int64_t (*)()>("otherTimestamp")() >= now);
    }

    void aBatchIsAsManyEventsAsAreWholeInIt()
    {
        theCapture()->start();
        const std::int64_t then = nowNs() - 1'000'000;
        other<void (*)(std::int64_t, std::uint32_t)>("otherLateBatch")(then, 100);
        const Captured captured = stopCapture();
        const auto events = captured.of("other", "batch");
        QCOMPARE(events.size(), 100U);
        std::set<std::int64_t> starts;
        for (const NvtxEvent& event : events) {
            QCOMPARE(event.endNs - event.startNs, 10);
            starts.insert(event.startNs);
        }
        QCOMPARE(*starts.begin(), then);
        QCOMPARE(starts.size(), 100U);
        theCapture()->start();
        for (std::uint32_t seed = 1; seed <= 4; ++seed)
            other<void (*)(std::uint32_t, int)>("otherHostileBatches")(seed, 5000);
        for (const NvtxEvent& event : stopCapture().events)
            QVERIFY(event.startNs > 0 && event.startNs <= event.endNs && event.endNs <= nowNs());
    }

    void whateverASchemaSaysNothingElseIsRead()
    {
        constexpr int kRounds = 20'000;
        std::size_t texts = 0;
        theCapture()->start();
        for (std::uint32_t seed = 1; seed <= 4; ++seed) {
            other<void (*)(std::uint32_t, int)>("otherHostilePayloads")(seed, kRounds);
            const Captured captured{*theCapture(), theCapture()->take()};
            QCOMPARE(captured.events.size(), std::size_t{kRounds});
            for (const NvtxEvent& event : captured.events) {
                QVERIFY(captured.name(event.detail).size() <= 512);
                texts += event.detail != 0 ? 1 : 0;
            }
        }
        stopCapture();
        QVERIFY(texts > kRounds); // it does read something
    }

    void payloadsThatFindNoRoomAreForgottenWithTheirEvents()
    {
        theCapture()->start(16);
        std::thread([] { // rooms are made with the thread
            const auto payloads = other<void (*)()>("otherPayloads");
            for (int i = 0; i < 40'000; ++i)
                payloads();
        })
            .join();
        QCOMPARE(theCapture()->take().size(), 16U);
        std::thread([] { other<void (*)()>("otherPayloads")(); }).join();
        const Captured captured = stopCapture();
        const auto reduce = captured.of("other", "reduce");
        QCOMPARE(reduce.size(), 1U);
        QVERIFY(reduce[0].detail != 0);
    }

    void manyThreadsTellPayloads()
    {
        constexpr std::size_t kThreads = 4, kRounds = 200;
        theCapture()->start();
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < kThreads; ++i)
            threads.emplace_back([payloads = other<void (*)()>("otherPayloads"),
                                  counters = other<void (*)()>("otherCounters")] {
                for (std::size_t round = 0; round < kRounds; ++round) {
                    payloads();
                    counters();
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        const Captured captured = stopCapture();
        const auto reduce = captured.of("other", "reduce");
        QCOMPARE(reduce.size(), kThreads * kRounds);
        for (const NvtxEvent& event : reduce)
            QCOMPARE(event.detail, reduce[0].detail);
        QCOMPARE(captured.count(NvtxKind::Counter), kThreads * kRounds * 6);
    }
};

QTEST_APPLESS_MAIN(NvtxPayloadTest)
#include "nvtx_payload_test.moc"
