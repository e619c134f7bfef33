// SPDX-License-Identifier: GPL-3.0-or-later
// Captures and graphs: what is captured, what a capture forbids, replay, update.
#include "cuda_emulator/control.h"
#include "support.h"
#include "work_kernels.h"

#include <QtTest>
#include <functional>

using namespace vitrine;

class GraphTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aCapturedGraphRunsOnlyWhenLaunched();
    void aReplayCountsAsOneLaunch();
    void argumentsAreThoseOfTheCapture();
    void aCaptureGoesAcrossStreamsByEvents();
    void aMissingJoinIsAnError();
    void aMissingDependencyInAGraphIsSeen();
    void anAllocationInACaptureEndsIt_data();
    void anAllocationInACaptureEndsIt();
    void waitingInACaptureEndsIt();
    void theLegacyStreamIsClosedWhileABlockingStreamIsCaptured();
    void waitingForAnEventFromOutsideIsAnError();
    void anEventOfACaptureCannotBeWaitedFor();
    void onlyTheOriginEndsACapture();
    void anUpdateKeepsTheTopology();
    void aGraphMayBeDestroyedBeforeItsInstance();
    void pinnedMemoryIsReadAtEveryReplay();
    void aFailureInAGraphNamesTheNode();
    void anInstanceTakesMemoryWhereThatIsAsked();

private:
    // The graph of what is given to m_first.
    cudaGraph_t capture(const std::function<void()>& work);
    cudaGraphExec_t instance(cudaGraph_t graph);

    cudaStream_t m_first = nullptr;
    cudaStream_t m_second = nullptr;
    cudaEvent_t m_event = nullptr;
    cudaEvent_t m_joined = nullptr;
};

void GraphTest::init()
{
    cuda_emulator::reset();
    cudaStreamCreateWithFlags(&m_first, cudaStreamNonBlocking);
    cudaStreamCreateWithFlags(&m_second, cudaStreamNonBlocking);
    cudaEventCreateWithFlags(&m_event, cudaEventDisableTiming);
    cudaEventCreateWithFlags(&m_joined, cudaEventDisableTiming);
}

void GraphTest::cleanup()
{
    cuda_emulator::reset();
}

cudaGraph_t GraphTest::capture(const std::function<void()>& work)
{
    cudaGraph_t graph = nullptr;
    if (cudaStreamBeginCapture(m_first, cudaStreamCaptureModeThreadLocal) != cudaSuccess)
        return nullptr;
    work();
    cudaStreamEndCapture(m_first, &graph);
    return graph;
}

cudaGraphExec_t GraphTest::instance(cudaGraph_t graph)
{
    cudaGraphExec_t result = nullptr;
    cudaGraphInstantiate(&result, graph, 0);
    return result;
}

void GraphTest::aCapturedGraphRunsOnlyWhenLaunched()
{
    const DeviceVector<int> values({1, 2});
    const cudaGraph_t graph = capture([&] {
        launchScale(values.data(), 2, 1, 10, m_first);
        launchScale(values.data(), 2, 2, 0, m_first);
    });
    std::size_t count = 0;
    QCOMPARE(cudaGraphGetNodes(graph, nullptr, &count), cudaSuccess);
    QCOMPARE(count, std::size_t(2));
    QCOMPARE(values.read(), (std::vector<int>{1, 2}));
    const cudaGraphExec_t exec = instance(graph);
    QCOMPARE(cudaGraphUpload(exec, m_first), cudaSuccess);
    for (int i = 0; i < 2; ++i)
        QCOMPARE(cudaGraphLaunch(exec, m_first), cudaSuccess);
    cudaStreamSynchronize(m_first);
    QCOMPARE(values.read(), (std::vector<int>{(22 + 10) * 2, (24 + 10) * 2}));
    QCOMPARE(cudaGraphExecDestroy(exec), cudaSuccess);
    QCOMPARE(cudaGraphDestroy(graph), cudaSuccess);
    QCOMPARE(cudaGraphLaunch(exec, m_first), cudaErrorInvalidValue);
}

void GraphTest::aReplayCountsAsOneLaunch()
{
    const DeviceVector<int> values({1});
    const cudaGraphExec_t exec = instance(capture([&] {
        for (int i = 0; i < 7; ++i)
            launchScale(values.data(), 1, 1, 1, m_first);
    }));
    cuda_emulator::resetCounts();
    cudaGraphLaunch(exec, m_first);
    cudaStreamSynchronize(m_first);
    const cuda_emulator::Counts counts = cuda_emulator::counts();
    QCOMPARE(counts.graphs, std::size_t(1));
    QCOMPARE(counts.kernels, std::size_t(0));
    QCOMPARE(values.read(), std::vector<int>{8});
}

void GraphTest::argumentsAreThoseOfTheCapture()
{
    const DeviceVector<int> values({1});
    int summand = 5;
    const cudaGraphExec_t exec =
        instance(capture([&] { launchScale(values.data(), 1, 1, summand, m_first); }));
    summand = 100;
    cudaGraphLaunch(exec, m_first);
    cudaStreamSynchronize(m_first);
    QCOMPARE(values.read(), std::vector<int>{6});
}

void GraphTest::aCaptureGoesAcrossStreamsByEvents()
{
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        cuda_emulator::setSeed(seed);
        const DeviceVector<int> values({1});
        const cudaGraph_t graph = capture([&] {
            launchScale(values.data(), 1, 1, 10, m_first);
            cudaEventRecord(m_event, m_first);
            cudaStreamWaitEvent(m_second, m_event, 0);
            launchScale(values.data(), 1, 2, 0, m_second);
            cudaEventRecord(m_joined, m_second);
            cudaStreamWaitEvent(m_first, m_joined, 0);
            launchScale(values.data(), 1, 1, 3, m_first);
        });
        const cudaGraphExec_t exec = instance(graph);
        cudaGraphLaunch(exec, m_first);
        cudaStreamSynchronize(m_first);
        QCOMPARE(values.read(), std::vector<int>{25});
        cudaStreamCaptureStatus status = cudaStreamCaptureStatusActive;
        QCOMPARE(cudaStreamIsCapturing(m_second, &status), cudaSuccess);
        QCOMPARE(status, cudaStreamCaptureStatusNone);
        cudaGraphExecDestroy(exec);
        cudaGraphDestroy(graph);
    }
}

void GraphTest::aMissingJoinIsAnError()
{
    const DeviceVector<int> values({1});
    cudaDeviceSynchronize();
    cudaStreamBeginCapture(m_first, cudaStreamCaptureModeThreadLocal);
    cudaEventRecord(m_event, m_first);
    cudaStreamWaitEvent(m_second, m_event, 0);
    launchScale(values.data(), 1, 2, 0, m_second);
    cudaGraph_t graph = nullptr;
    QCOMPARE(cudaStreamEndCapture(m_first, &graph), cudaErrorStreamCaptureUnjoined);
    QVERIFY(graph == nullptr);
}

void GraphTest::aMissingDependencyInAGraphIsSeen()
{
    int wrong = 0;
    for (std::uint64_t seed = 1; seed < 40; ++seed) {
        cuda_emulator::setSeed(seed);
        const DeviceVector<int> values({1});
        const cudaGraph_t graph = capture([&] {
            cudaEventRecord(m_event, m_first);
            cudaStreamWaitEvent(m_second, m_event, 0);
            launchScale(values.data(), 1, 1, 10,
                        m_first); // behind the event that the other stream waited for
            launchScale(values.data(), 1, 2, 0, m_second);
            cudaEventRecord(m_joined, m_second);
            cudaStreamWaitEvent(m_first, m_joined, 0);
        });
        const cudaGraphExec_t exec = instance(graph);
        cudaGraphLaunch(exec, m_first);
        cudaStreamSynchronize(m_first);
        wrong += values.read() != std::vector<int>{22} ? 1 : 0;
        cudaGraphExecDestroy(exec);
        cudaGraphDestroy(graph);
    }
    QVERIFY2(wrong > 5 && wrong < 35, qPrintable(QString::number(wrong)));
}

void GraphTest::anAllocationInACaptureEndsIt_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("forbidden");
    QTest::newRow("global") << int(cudaStreamCaptureModeGlobal) << true;
    QTest::newRow("thread") << int(cudaStreamCaptureModeThreadLocal) << true;
    QTest::newRow("relaxed") << int(cudaStreamCaptureModeRelaxed) << false;
}

void GraphTest::anAllocationInACaptureEndsIt()
{
    QFETCH(const int, mode);
    QFETCH(const bool, forbidden);
    const DeviceVector<int> values({1});
    cudaDeviceSynchronize();
    cudaStreamBeginCapture(m_first, static_cast<cudaStreamCaptureMode>(mode));
    void* place = nullptr;
    QCOMPARE(cudaMalloc(&place, 16), forbidden ? cudaErrorStreamCaptureUnsupported : cudaSuccess);
    launchScale(values.data(), 1, 1, 1, m_first);
    QCOMPARE(cudaGetLastError() != cudaSuccess, forbidden);
    cudaGraph_t graph = nullptr;
    QCOMPARE(cudaStreamEndCapture(m_first, &graph),
             forbidden ? cudaErrorStreamCaptureInvalidated : cudaSuccess);
    QCOMPARE(graph == nullptr, forbidden);
    QCOMPARE(cudaFree(place), cudaSuccess);
}

void GraphTest::waitingInACaptureEndsIt()
{
    const std::function<cudaError_t()> calls[] = {
        [&] { return cudaStreamSynchronize(m_first); },
        [&] { return cudaStreamQuery(m_first); },
        [] { return cudaDeviceSynchronize(); },
    };
    for (const auto& wait : calls) {
        cudaStreamBeginCapture(m_first, cudaStreamCaptureModeThreadLocal);
        QCOMPARE(wait(), cudaErrorStreamCaptureUnsupported);
        cudaGraph_t graph = nullptr;
        QCOMPARE(cudaStreamEndCapture(m_first, &graph), cudaErrorStreamCaptureInvalidated);
    }
}

void GraphTest::theLegacyStreamIsClosedWhileABlockingStreamIsCaptured()
{
    cudaStream_t blocking = nullptr;
    cudaStreamCreate(&blocking);
    const DeviceVector<int> values({1});
    cudaDeviceSynchronize();
    cudaStreamBeginCapture(blocking, cudaStreamCaptureModeRelaxed);
    launchScale(values.data(), 1, 1, 1);
    QCOMPARE(cudaGetLastError(), cudaErrorStreamCaptureImplicit);
    cudaGraph_t graph = nullptr;
    QCOMPARE(cudaStreamEndCapture(blocking, &graph), cudaErrorStreamCaptureInvalidated);
    cudaStreamDestroy(blocking);
}

void GraphTest::waitingForAnEventFromOutsideIsAnError()
{
    cudaEventRecord(m_event, m_second);
    cudaStreamBeginCapture(m_first, cudaStreamCaptureModeThreadLocal);
    QCOMPARE(cudaStreamWaitEvent(m_first, m_event, 0), cudaErrorStreamCaptureIsolation);
    cudaGraph_t graph = nullptr;
    QCOMPARE(cudaStreamEndCapture(m_first, &graph), cudaErrorStreamCaptureInvalidated);
}

void GraphTest::anEventOfACaptureCannotBeWaitedFor()
{
    cudaStreamBeginCapture(m_first, cudaStreamCaptureModeThreadLocal);
    cudaEventRecord(m_event, m_first);
    QCOMPARE(cudaEventSynchronize(m_event), cudaErrorCapturedEvent);
    cudaGraph_t graph = nullptr;
    QCOMPARE(cudaStreamEndCapture(m_first, &graph), cudaErrorStreamCaptureInvalidated);
}

void GraphTest::onlyTheOriginEndsACapture()
{
    cudaStreamBeginCapture(m_first, cudaStreamCaptureModeThreadLocal);
    cudaEventRecord(m_event, m_first);
    cudaStreamWaitEvent(m_second, m_event, 0);
    cudaGraph_t graph = nullptr;
    QCOMPARE(cudaStreamEndCapture(m_second, &graph), cudaErrorStreamCaptureUnmatched);
    QCOMPARE(cudaStreamEndCapture(m_first, &graph), cudaErrorStreamCaptureInvalidated);
}

void GraphTest::anUpdateKeepsTheTopology()
{
    const DeviceVector<int> values({1});
    const auto scaled = [&](int summand) { launchScale(values.data(), 1, 1, summand, m_first); };
    const cudaGraphExec_t exec = instance(capture([&] { scaled(10); }));
    cudaGraphExecUpdateResultInfo info{};
    QCOMPARE(cudaGraphExecUpdate(exec, capture([&] { scaled(20); }), &info), cudaSuccess);
    cudaGraphLaunch(exec, m_first);
    cudaStreamSynchronize(m_first);
    QCOMPARE(values.read(), std::vector<int>{21});
    const cudaGraph_t longer = capture([&] {
        scaled(1);
        scaled(2);
    });
    QCOMPARE(cudaGraphExecUpdate(exec, longer, &info), cudaErrorGraphExecUpdateFailure);
    QCOMPARE(info.result, cudaGraphExecUpdateErrorTopologyChanged);
    const cudaGraph_t other = capture([&] { cudaMemsetAsync(values.data(), 0, 4, m_first); });
    QCOMPARE(cudaGraphExecUpdate(exec, other, &info), cudaErrorGraphExecUpdateFailure);
    QCOMPARE(info.result, cudaGraphExecUpdateErrorNodeTypeChanged);
}

void GraphTest::aGraphMayBeDestroyedBeforeItsInstance()
{
    const DeviceVector<int> values({1});
    const cudaGraph_t graph = capture([&] { launchScale(values.data(), 1, 1, 1, m_first); });
    const cudaGraphExec_t exec = instance(graph);
    cudaGraphDestroy(graph);
    cudaGraphLaunch(exec, m_first);
    cudaGraphExecDestroy(exec); // what was launched runs
    cudaStreamSynchronize(m_first);
    QCOMPARE(values.read(), std::vector<int>{2});
}

void GraphTest::pinnedMemoryIsReadAtEveryReplay()
{
    const DeviceVector<int> values({0});
    void* place = nullptr;
    cudaMallocHost(&place, sizeof(int));
    int* buffer = static_cast<int*>(place);
    const cudaGraphExec_t exec = instance(capture(
        [&] { cudaMemcpyAsync(values.data(), buffer, sizeof(int), cudaMemcpyHostToDevice, m_first); }));
    for (int i = 1; i < 3; ++i) {
        *buffer = i;
        cudaGraphLaunch(exec, m_first);
        cudaStreamSynchronize(m_first);
        QCOMPARE(values.read(), std::vector<int>{i});
    }
}

void GraphTest::aFailureInAGraphNamesTheNode()
{
    const DeviceVector<int> values({0});
    const cudaGraphExec_t exec = instance(capture([&] {
        launchScale(values.data(), 1, 1, 1, m_first);
        launchScale(values.data(), 1, 1, 1, m_first);
    }));
    cuda_emulator::failExecution(2);
    QCOMPARE(cudaGraphLaunch(exec, m_first), cudaSuccess);
    QCOMPARE(cudaStreamSynchronize(m_first), cudaErrorIllegalAddress);
    QVERIFY(QString::fromStdString(cuda_emulator::lastFault()).contains("node 1 of a graph"));
}

void GraphTest::anInstanceTakesMemoryWhereThatIsAsked()
{
    const DeviceVector<int> values({0});
    const cudaGraph_t graph = capture([&] {
        launchScale(values.data(), 1, 1, 1, m_first);
        launchScale(values.data(), 1, 1, 1, m_first);
    });
    const std::size_t before = cuda_emulator::memoryUsed(0);
    cuda_emulator::setGraphNodeBytes(1024);
    cudaGraphExec_t first = nullptr, second = nullptr;
    QCOMPARE(cudaGraphInstantiate(&first, graph, 0), cudaSuccess);
    QCOMPARE(cuda_emulator::memoryUsed(0), before + 2048);
    cuda_emulator::setMemoryLimit(0, before + 2048);
    QCOMPARE(cudaGraphInstantiate(&second, graph, 0), cudaErrorMemoryAllocation);
    QCOMPARE(cudaGraphExecDestroy(first), cudaSuccess);
    QCOMPARE(cuda_emulator::memoryUsed(0), before);
    QCOMPARE(cudaGraphInstantiate(&second, graph, 0), cudaSuccess);
}

QTEST_APPLESS_MAIN(GraphTest)
#include "graph_test.moc"
