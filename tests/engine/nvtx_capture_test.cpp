// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a library of this process tells NVTX, on whatever thread, is captured, bounded and whole.
#include <atomic>
#include <optional>
#include <thread>

#include <QTest>

#include <sys/syscall.h>
#include <unistd.h>

#include "engine/telemetry/nvtx_ranges.h"
#include "tests/engine/support/nvtx_rig.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

class NvtxCaptureTest : public QObject
{
    Q_OBJECT

private:
    const OtherLibrary m_other{VITRINE_NVTX_OTHER};

private slots:
    void initTestCase()
    {
        if (!nvtxBuiltIn())
            QSKIP("built without NVTX");
        QCOMPARE(attachCapture(), std::string());
        QVERIFY(m_other.complete());
    }

    void anotherLibraryIsHeardWithAllItSays()
    {
        theCapture()->start();
        m_other.work(3);
        m_other.plain();
        const Captured captured = stopCapture();
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
        theCapture()->start();
        m_other.crossed();
        const Captured captured = stopCapture();
        const auto crossed = captured.of("other", "crossed"), across = captured.of("", "across");
        QCOMPARE(crossed.size() + across.size(), 2U);
        QVERIFY(across[0].startNs >= crossed[0].startNs && across[0].endNs >= crossed[0].endNs);
    }

    void nothingIsRecordedBeforeTheStartAndAfterTheStop()
    {
        m_other.work(3);
        theCapture()->start();
        theCapture()->stop();
        m_other.work(3);
        QVERIFY(theCapture()->take().empty());
        theCapture()->start(); // forgets what nobody took
        m_other.work(1);
        theCapture()->start();
        QVERIFY(stopCapture().events.empty());
    }

    void whatIsOpenWhenTheCaptureBeginsOrEndsLeavesNoHalves()
    {
        m_other.push();
        const std::uint64_t before = m_other.start();
        theCapture()->start();
        m_other.pop();
        m_other.end(before);
        m_other.push();
        m_other.work(1);
        const std::uint64_t within = m_other.start();
        const Captured captured = stopCapture();
        m_other.pop();
        m_other.end(within);
        QVERIFY(captured.of("", "open").empty());
        QCOMPARE(captured.of("other", "outer").size(), 1U);
        const std::vector<NvtxEvent> spans = captured.of("other", "span");
        QCOMPARE(spans.size(), 1U); // ends with the capture
        QVERIFY(spans[0].endNs >= spans[0].startNs);

        theCapture()->start();
        m_other.pop(); // one too many
        m_other.push();
        m_other.pop();
        QCOMPARE(stopCapture().of("", "open").size(), 1U);
    }

    void aSpanEndsOnAnotherThread()
    {
        theCapture()->start();
        std::uint64_t id = 0;
        std::thread([&] { id = m_other.start(); }).join();
        QVERIFY(theCapture()->take().empty());
        m_other.end(id);
        const Captured captured = stopCapture();
        QCOMPARE(captured.events.size(), 1U);
        QCOMPARE(captured.name(captured.events[0].message), std::string("span"));
        QVERIFY(captured.events[0].thread != static_cast<std::uint32_t>(::syscall(SYS_gettid)));
    }

    void whatFindsNoRoomIsCounted()
    {
        theCapture()->start(16);
        std::thread([this] { // rooms are made with the thread
            for (int i = 0; i < 100; ++i) {
                m_other.push();
                m_other.pop();
            }
        })
            .join();
        const Captured captured = stopCapture();
        QCOMPARE(captured.events.size(), 16U);
        QCOMPARE(theCapture()->dropped(), 84U);
    }

    void rangesThatNestTooDeepAreCountedAndTheOthersStayWhole()
    {
        theCapture()->start();
        for (int i = 0; i < 200; ++i)
            m_other.push();
        for (int i = 0; i < 200; ++i)
            m_other.pop();
        m_other.work(1);
        const Captured captured = stopCapture();
        QVERIFY(rangesNest(captured.events));
        QCOMPARE(captured.of("", "open").size() + theCapture()->dropped(), 200U);
        QVERIFY(captured.of("", "open").size() > 100);
        QCOMPARE(captured.of("other", "outer").size(), 1U);
    }

    void threadsThatEndAreHeardToTheirEnd()
    {
        theCapture()->start();
        for (int i = 0; i < 50; ++i)
            std::thread([this] { m_other.work(2); }).join();
        const Captured captured = stopCapture();
        QCOMPARE(captured.of("other", "outer").size(), 50U);
        QCOMPARE(captured.of("other", "inner").size(), 100U);
        QCOMPARE(theCapture()->dropped(), 0U);
    }

    void threadsHaveTheNamesTheyAreGiven()
    {
        const auto thread = static_cast<std::uint32_t>(::syscall(SYS_gettid));
        theCapture()->start();
        m_other.nameThread(thread);
        m_other.work(1);
        stopCapture();
        QCOMPARE(theCapture()->threads().at(thread), std::string("worker"));
    }

    void manyThreadsSpeakWhileEventsAreTaken()
    {
        constexpr int kThreads = 4, kRounds = 300;
        theCapture()->start(256);
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
            const std::vector<NvtxEvent> taken = theCapture()->take();
            events.insert(events.end(), taken.begin(), taken.end());
        };
        while (running > 0)
            take();
        for (std::thread& thread : threads)
            thread.join();
        theCapture()->stop();
        take();
        const Captured captured{*theCapture(), events};
        QVERIFY(rangesNest(events));
        QVERIFY(events.size() > 256);
        // A span is two events where it is told and one here.
        const std::size_t spans = captured.count(NvtxKind::Span);
        const std::size_t told = kThreads * kRounds * 5U;
        QVERIFY(events.size() - spans + theCapture()->dropped() >= told);
        QVERIFY(events.size() <= told + kThreads * kRounds);
    }
};

QTEST_APPLESS_MAIN(NvtxCaptureTest)
#include "nvtx_capture_test.moc"
