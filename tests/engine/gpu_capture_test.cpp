// SPDX-License-Identifier: GPL-3.0-or-later
// What CUPTI says a GPU did becomes events beside those of NVTX; a CUPTI that is not there, or that refuses,
// is said in a sentence. CUPTI is a library of the tests': no GPU is needed.
#include <atomic>
#include <optional>
#include <thread>

#include <QTest>

#include "engine/base/clock.h"
#include "engine/gpu_capture/gpu_capture.h"
#include "engine/gpu_capture/traced_ranges.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "tests/engine/support/nvtx_rig.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

constexpr std::int64_t kNearNs = 5'000'000; // readings of two clocks may lie so far apart on a busy machine

template<class Function>
Function fake(const char* name)
{
    return libraryFunction<Function>(VITRINE_CUPTI_FAKE, name);
}

void kernel(const char* name, std::uint32_t stream, std::int64_t startNs, std::int64_t endNs,
            std::uint32_t device = 0, std::uint32_t context = 1, std::uint32_t graph = 0)
{
    static const auto deliver = fake<void (*)(const char*, std::uint32_t, std::uint32_t, std::uint32_t,
                                              std::uint32_t, std::int64_t, std::int64_t)>("fakeKernel");
    deliver(name, device, context, stream, graph, startNs, endNs);
}

void brief(const char* name, std::uint32_t stream = 7)
{
    const std::int64_t now = nowNs();
    kernel(name, stream, now, now + 1);
}

void call(bool driver, std::uint32_t number, std::int64_t startNs, std::int64_t endNs,
          std::uint32_t result = 0)
{
    static const auto deliver =
        fake<void (*)(bool, std::uint32_t, std::uint32_t, std::uint32_t, std::int64_t, std::int64_t)>(
            "fakeCall");
    deliver(driver, number, 4711, result, startNs, endNs);
}

void correlate(std::uint32_t correlation)
{
    fake<void (*)(std::uint32_t)>("fakeCorrelation")(correlation);
}

constexpr std::uint32_t kGraphLaunch = 312, kStreamSynchronize = 131, kGetDevice = 17; // of the runtime
constexpr std::uint32_t kLaunchKernel = 307;                                           // of the driver

Result<GpuCapture> attachFake()
{
    return GpuCapture::attach({}, VITRINE_CUPTI_FAKE);
}

bool isNear(std::int64_t one, std::int64_t other)
{
    return one - other < kNearNs && other - one < kNearNs;
}

} // namespace

class GpuCaptureTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (std::string(VITRINE_CUPTI_FAKE).empty())
            QSKIP("built without CUPTI");
    }

    void kernelsCopiesAndSetsBecomeEventsOfTheirStreams()
    {
        Result<GpuCapture> capture = attachFake();
        QVERIFY2(capture.has_value(), capture ? "" : capture.error().message.c_str());
        capture->start();
        const std::int64_t now = nowNs();
        kernel("_Z6matmulIfEvPKT_S2_PS0_i", 7, now, now + 2000);
        kernel("plain_kernel", 13, now + 500, now + 1500, 1, 2, 5);
        fake<void (*)(std::uint8_t, std::uint64_t, std::uint32_t, std::int64_t, std::int64_t)>("fakeCopy")(
            1, 4096, 7, now + 2000, now + 2400);
        fake<void (*)(std::uint32_t, std::uint64_t, std::int64_t, std::int64_t)>("fakeSet")(255, 64, now,
                                                                                            now + 10);
        fake<void (*)()>("fakeOther")();
        capture->stop();
        const std::vector<NvtxEvent> events = capture->take();
        QCOMPARE(events.size(), 5U); // with the graph
        const auto name = [&](std::uint32_t number) { return capture->names().at(number); };
        const auto threads = capture->threads();

        QCOMPARE(name(events[0].message),
                 std::string("void matmul<float>(float const*, float const*, float*, int)"));
        QCOMPARE(name(events[0].domain), std::string("CUDA"));
        QCOMPARE(name(events[0].category), std::string("kernel"));
        QCOMPARE(name(events[0].detail),
                 std::string("grid 64×2×1, block 128×1×1, 40 registers, 1536 B shared"));
        QCOMPARE(events[0].kind, NvtxKind::Range);
        QCOMPARE(events[0].payload, 128U);
        QCOMPARE(threads.at(events[0].thread), std::string("GPU 0 stream 7"));
        QVERIFY(isNear(events[0].startNs, now));
        QCOMPARE(events[0].endNs - events[0].startNs, 2000);

        QCOMPARE(name(events[1].message), std::string("plain_kernel"));
        QVERIFY(name(events[1].detail).ends_with(", graph 5"));
        QCOMPARE(threads.at(events[1].thread), std::string("GPU 1 stream 13"));
        QCOMPARE(name(events[2].message), std::string("copy host to device"));
        QCOMPARE(events[2].payload, 4096U);
        QCOMPARE(events[2].thread, events[0].thread);
        QCOMPARE(name(events[3].message), std::string("set memory"));
        QCOMPARE(name(events[3].detail), std::string("value 255"));
        QCOMPARE(events[3].payload, 64U);
        QVERIFY(events[0].thread >= GpuCapture::kFirstStream);
        QCOMPARE(capture->dropped(), 0U);
    }

    void aKernelLeadsBackToTheCallThatAskedForIt()
    {
        Result<GpuCapture> capture = attachFake();
        capture->start();
        const std::int64_t now = nowNs();
        correlate(77);
        call(true, kLaunchKernel, now, now + 300);
        kernel("k", 7, now + 500, now + 900);
        correlate(78);
        call(false, kStreamSynchronize, now + 1000, now + 2000, 700);
        correlate(0);
        capture->stop();
        const std::vector<NvtxEvent> events = capture->take();
        QCOMPARE(events.size(), 3U);
        const auto name = [&](std::uint32_t number) { return capture->names().at(number); };
        QCOMPARE(name(events[0].message), std::string("cuLaunchKernel"));
        QCOMPARE(name(events[0].category), std::string("call"));
        QCOMPARE(events[0].thread, 4711U); // of the system, not CUPTI's own number
        QCOMPARE(events[0].correlation, 77U);
        QCOMPARE(events[1].correlation, 77U);
        QCOMPARE(events[0].endNs - events[0].startNs, 300);
        QCOMPARE(name(events[2].message), std::string("cudaStreamSynchronize"));
        QCOMPARE(name(events[2].detail), std::string("error 700"));
        QVERIFY(!capture->threads().contains(4711)); // NVTX names those
    }

    void onlyCallsThatMatterAreAskedFor()
    {
        const auto calls = fake<int (*)()>("fakeCalls");
        Result<GpuCapture> capture = attachFake();
        QCOMPARE(calls(), 0);
        capture->start();
        QCOMPARE(calls(), 4);
        const std::int64_t now = nowNs();
        call(false, kGetDevice, now, now + 1);
        capture->stop();
        QCOMPARE(calls(), 0);
        QVERIFY(capture->take().empty());
    }

    void aLaunchedGraphIsARangeAroundItsNodes()
    {
        Result<GpuCapture> capture = attachFake();
        capture->start();
        const std::int64_t now = nowNs();
        const auto run = [&](std::uint32_t correlation, std::int64_t startNs) {
            correlate(correlation);
            call(false, kGraphLaunch, startNs - 100, startNs - 50);
            kernel("a", 7, startNs, startNs + 10, 0, 1, 5);
            kernel("b", 13, startNs + 5, startNs + 40, 0, 1, 5);
        };
        run(1, now);
        run(2, now + 1000);
        correlate(1);
        kernel("late", 7, now + 50, now + 60, 0, 1, 5); // records come in any order
        correlate(3);
        kernel("of no graph", 7, now + 2000, now + 2100);
        correlate(0);
        capture->stop();
        std::vector<NvtxEvent> graphs;
        for (const NvtxEvent& event : capture->take())
            if (capture->names().at(event.category) == "graph")
                graphs.push_back(event);
        QCOMPARE(graphs.size(), 2U);
        QCOMPARE(graphs[0].correlation, 1U);
        QCOMPARE(graphs[0].payload, 3U);
        QCOMPARE(graphs[0].endNs - graphs[0].startNs, 60);
        QCOMPARE(graphs[1].correlation, 2U);
        QCOMPARE(graphs[1].endNs - graphs[1].startNs, 40);
        QCOMPARE(capture->names().at(graphs[0].message), std::string("graph 5"));
        QCOMPARE(capture->threads().at(graphs[0].thread), std::string("GPU 0 graphs"));
    }

    void aGraphIsToldWhenNoNodeOfItComesAnyMore()
    {
        Result<GpuCapture> capture = attachFake();
        capture->start();
        const std::int64_t now = nowNs();
        kernel("a", 7, now, now + 10, 0, 1, 5);
        QCOMPARE(capture->take().size(), 1U); // the node; the graph may go on
        std::size_t later = 0;
        for (int i = 0; i < 20; ++i)
            later += capture->take().size();
        QCOMPARE(later, 1U);
    }

    void streamsOfTwoContextsAreNotOneLane()
    {
        Result<GpuCapture> capture = attachFake();
        capture->start();
        const std::int64_t now = nowNs();
        kernel("a", 7, now, now + 10, 0, 1);
        kernel("b", 7, now, now + 10, 0, 4);
        const std::vector<NvtxEvent> events = capture->take();
        QCOMPARE(events.size(), 2U);
        QVERIFY(events[0].thread != events[1].thread);
        QCOMPARE(capture->threads().at(events[1].thread), std::string("GPU 0 context 4 stream 7"));
    }

    void nothingIsAskedForBeforeTheStartAndAfterTheStop()
    {
        const auto enabled = fake<int (*)()>("fakeEnabled");
        Result<GpuCapture> capture = attachFake();
        QCOMPARE(enabled(), 0);
        capture->start();
        QCOMPARE(enabled(), 4);
        brief("lost");
        capture->stop();
        QCOMPARE(enabled(), 0);
        capture->start(); // forgets what nobody took
        QVERIFY(capture->take().empty());
        capture.value().stop();
    }

    void whatFindsNoRoomIsCountedAndSoIsWhatTheDriverLost()
    {
        Result<GpuCapture> capture = attachFake();
        capture->start(10);
        for (int i = 0; i < 25; ++i)
            brief("k");
        fake<void (*)(std::size_t)>("fakeDrop")(3);
        kernel("unmeasured", 7, 0, 0);
        kernel("backwards", 7, nowNs(), 1);
        QCOMPARE(capture->take().size(), 10U);
        QCOMPARE(capture->dropped(), 15U + 3U + 2U);
        brief("again");
        QCOMPARE(capture->take().size(), 1U); // there is room again
        capture->start();
        QCOMPARE(capture->dropped(), 0U);
    }

    void namesThatAreNoneOfCppStayAsTheyAre()
    {
        Result<GpuCapture> capture = attachFake();
        capture->start();
        const std::string longName(100'000, 'x');
        for (const char* name : {"_Z", "", "ampere_sgemm_128x64_tn", longName.c_str()})
            brief(name);
        const std::vector<NvtxEvent> events = capture->take();
        QCOMPARE(events.size(), 4U);
        QCOMPARE(capture->names().at(events[0].message), std::string("_Z"));
        QCOMPARE(capture->names().at(events[1].message), std::string("kernel"));
        QCOMPARE(capture->names().at(events[2].message), std::string("ampere_sgemm_128x64_tn"));
        QCOMPARE(capture->names().at(events[3].message).size(), 1024U);
    }

    void recordsComeOnOtherThreadsWhileEventsAreTaken()
    {
        constexpr std::size_t kThreads = 3, kRounds = 20'000;
        Result<GpuCapture> capture = attachFake();
        capture->start(1000);
        std::atomic<std::size_t> running{kThreads};
        std::vector<std::thread> threads;
        for (std::uint32_t stream = 0; stream < kThreads; ++stream)
            threads.emplace_back([&running, stream] {
                for (std::size_t i = 0; i < kRounds; ++i)
                    brief("busy", stream);
                --running;
            });
        std::size_t taken = 0;
        while (running > 0)
            taken += capture->take().size();
        for (std::thread& thread : threads)
            thread.join();
        capture->stop();
        taken += capture->take().size();
        QCOMPARE(taken + capture->dropped(), kThreads * kRounds);
        QVERIFY(taken > 0);
    }

    void aCuptiThatRefusesIsSaid()
    {
        const auto refuse = fake<void (*)(int)>("fakeRefuse");
        refuse(999);
        const Result<GpuCapture> capture = attachFake();
        refuse(0);
        QVERIFY(!capture.has_value());
        QVERIFY(capture.error().message.starts_with("GPU activity is not recorded: "));
        QVERIFY(capture.error().message.find("CUPTI_ERROR_FAKE") != std::string::npos);
    }

    void whatIsNoCuptiIsSaid()
    {
        const Result<GpuCapture> none = GpuCapture::attach({}, "/nowhere/libcupti.so");
        QVERIFY(!none.has_value());
        QVERIFY(none.error().message.find("was not found") != std::string::npos);
        const Result<GpuCapture> other = GpuCapture::attach({}, "libz.so.1");
        QVERIFY(!other.has_value());
        QVERIFY(other.error().message.find("CUPTI") != std::string::npos);
    }

    void anotherToolKeepsTheGpu()
    {
        qputenv("CUDA_INJECTION64_PATH", "/opt/nvidia/libToolsInjection64.so");
        const Result<GpuCapture> capture = attachFake();
        qunsetenv("CUDA_INJECTION64_PATH");
        QVERIFY(!capture.has_value());
        QVERIFY(capture.error().message.find("another tool") != std::string::npos);
    }

    void theRealCuptiWorksOrSaysWhyNot_data()
    {
        QTest::addColumn<QString>("library");
        QTest::newRow("wherever it is") << QString();
        QTest::newRow("of the toolkit") << QStringLiteral("/usr/local/cuda/lib64/libcupti.so");
    }

    void theRealCuptiWorksOrSaysWhyNot()
    {
        QFETCH(QString, library);
        Result<GpuCapture> capture = GpuCapture::attach({}, library.toStdString());
        if (capture) { // a machine with a GPU
            capture->start();
            capture->stop();
            return;
        }
        const std::string& why = capture.error().message;
        QVERIFY2(why.starts_with("GPU activity is not recorded: "), why.c_str());
        QVERIFY2(why.find("no NVIDIA driver") != std::string::npos ||
                     why.find("not found") != std::string::npos ||
                     why.find("CUPTI says") != std::string::npos,
                 why.c_str());
    }

    void nvtxAndGpuComeInOneStream()
    {
        if (!nvtxBuiltIn())
            QSKIP("built without NVTX");
        Result<TracedRanges> ranges = TracedRanges::attach(VITRINE_CUPTI_FAKE);
        QVERIFY2(ranges.has_value(), ranges ? "" : ranges.error().message.c_str());
        ranges->start();
        QCOMPARE(ranges->note(), std::string());
        OtherLibrary(VITRINE_NVTX_OTHER).work(1);
        const std::int64_t now = nowNs();
        kernel("shared", 7, now, now + 5);
        ranges->stop();
        const std::vector<NvtxEvent> events = ranges->take();
        QCOMPARE(events.size(), 4U); // two ranges and a mark
        QCOMPARE(ranges->names().at(events.back().message), std::string("shared"));
        QCOMPARE(ranges->names().at(events.front().domain), std::string("other"));
        QCOMPARE(ranges->threads().at(events.back().thread), std::string("GPU 0 stream 7"));
        QCOMPARE(ranges->dropped(), 0U);
    }
};

QTEST_APPLESS_MAIN(GpuCaptureTest)
#include "gpu_capture_test.moc"
