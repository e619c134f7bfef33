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

namespace {

std::optional<NvtxCapture> g_capture; // once in a process

} // namespace

class NvtxCaptureTest : public QObject
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
        QVERIFY(m_other.complete());
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

QTEST_APPLESS_MAIN(NvtxCaptureTest)
#include "nvtx_capture_test.moc"
