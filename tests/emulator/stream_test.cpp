// SPDX-License-Identifier: GPL-3.0-or-later
// Streams and events: what CUDA promises holds in every order, and what it does not promise goes wrong in
// some.
#include "cuda_emulator/control.h"
#include "support.h"
#include "work_kernels.h"

#include <QtTest>
#include <functional>
#include <thread>

using namespace vitrine;

class StreamTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { cuda_emulator::reset(); }

    void workOfAStreamKeepsItsOrder();
    void workWaitsUntilSomebodyWaitsForIt();
    void anEventOrdersTwoStreams();
    void aMissingEventIsSeen();
    void theLegacyStreamWaitsForBlockingStreamsAndTheyForIt();
    void theLegacyStreamDoesNotWaitForNonBlockingStreams();
    void aPinnedBufferOverwrittenTooEarlyIsSeen();
    void aPageableBufferMayBeOverwrittenAtOnce();
    void whatIsReadBeforeTheWaitIsStale();
    void askingIsEnoughToGetOn();
    void eventsMeasureTime();
    void hostFunctionsRunInOrderAndMayNotCallCuda();
    void workOfADestroyedStreamRuns();
    void severalThreadsMayCall();
    void errorsOfHandlesAndArguments();
    void anErrorWhileRunningStaysUntilTheReset();
    void callsAreCounted();
};

namespace {

struct Streams
{
    explicit Streams(unsigned flags = cudaStreamNonBlocking)
    {
        cudaStreamCreateWithFlags(&first, flags);
        cudaStreamCreateWithFlags(&second, flags);
        cudaEventCreateWithFlags(&event, cudaEventDisableTiming);
    }
    ~Streams()
    {
        cudaEventDestroy(event);
        cudaStreamDestroy(first);
        cudaStreamDestroy(second);
    }
    cudaStream_t first = nullptr;
    cudaStream_t second = nullptr;
    cudaEvent_t event = nullptr;
};

// How many of 40 orders gave another result than the expected one.
int wrongOrders(const std::vector<int>& expected, const std::function<std::vector<int>()>& run)
{
    int wrong = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        cuda_emulator::setSeed(seed);
        wrong += run() != expected ? 1 : 0;
    }
    return wrong;
}

// Two steps in two streams; the second one depends on the first.
std::vector<int> twoSteps(bool wait)
{
    const Streams streams;
    const DeviceVector<int> values({1, 2, 3});
    launchScale(values.data(), 3, 1, 10, streams.first);
    cudaEventRecord(streams.event, streams.first);
    if (wait)
        cudaStreamWaitEvent(streams.second, streams.event, 0);
    launchScale(values.data(), 3, 2, 0, streams.second);
    cudaDeviceSynchronize();
    return values.read();
}

int* pinned(int count)
{
    void* place = nullptr;
    return cudaMallocHost(&place, std::size_t(count) * sizeof(int)) == cudaSuccess ? static_cast<int*>(place)
                                                                                   : nullptr;
}

} // namespace

void StreamTest::workOfAStreamKeepsItsOrder()
{
    QCOMPARE(wrongOrders({(1 + 10) * 2 + 3},
                         [] {
                             const Streams streams;
                             const DeviceVector<int> values({1});
                             launchScale(values.data(), 1, 1, 10, streams.first);
                             launchScale(values.data(), 1, 2, 0, streams.first);
                             launchScale(values.data(), 1, 1, 3, streams.first);
                             cudaStreamSynchronize(streams.first);
                             return values.read();
                         }),
             0);
}

void StreamTest::workWaitsUntilSomebodyWaitsForIt()
{
    const DeviceVector<int> values({1});
    cudaDeviceSynchronize();
    launchScale(values.data(), 1, 1, 1);
    QCOMPARE(cuda_emulator::pendingOperations(), std::size_t(1));
    QCOMPARE(cudaDeviceSynchronize(), cudaSuccess);
    QCOMPARE(cuda_emulator::pendingOperations(), std::size_t(0));
}

void StreamTest::anEventOrdersTwoStreams()
{
    QCOMPARE(wrongOrders({22, 24, 26}, [] { return twoSteps(true); }), 0);
}

void StreamTest::aMissingEventIsSeen()
{
    const int wrong = wrongOrders({22, 24, 26}, [] { return twoSteps(false); });
    QVERIFY2(wrong > 5 && wrong < 35, qPrintable(QString::number(wrong)));
}

void StreamTest::theLegacyStreamWaitsForBlockingStreamsAndTheyForIt()
{
    QCOMPARE(wrongOrders({(1 + 10) * 2 + 3},
                         [] {
                             const Streams streams(cudaStreamDefault);
                             const DeviceVector<int> values({1});
                             launchScale(values.data(), 1, 1, 10, streams.first);
                             launchScale(values.data(), 1, 2, 0);
                             launchScale(values.data(), 1, 1, 3, streams.second);
                             cudaDeviceSynchronize();
                             return values.read();
                         }),
             0);
}

void StreamTest::theLegacyStreamDoesNotWaitForNonBlockingStreams()
{
    const int wrong = wrongOrders({11}, [] {
        const Streams streams;
        const DeviceVector<int> values({1});
        cudaDeviceSynchronize();
        launchScale(values.data(), 1, 1, 10, streams.first);
        return values.read();
    });
    QVERIFY2(wrong > 5, qPrintable(QString::number(wrong)));
}

void StreamTest::aPinnedBufferOverwrittenTooEarlyIsSeen()
{
    const Streams streams;
    const DeviceVector<int> values({0});
    int* buffer = pinned(1);
    QVERIFY(buffer != nullptr);
    buffer[0] = 5;
    cudaMemcpyAsync(values.data(), buffer, sizeof(int), cudaMemcpyHostToDevice, streams.first);
    buffer[0] = 6; // before the copy has run
    cudaStreamSynchronize(streams.first);
    QCOMPARE(values.read(), std::vector<int>{6});
    QCOMPARE(cudaFreeHost(buffer), cudaSuccess);
}

void StreamTest::aPageableBufferMayBeOverwrittenAtOnce()
{
    const Streams streams;
    const DeviceVector<int> values({0});
    int buffer = 5;
    cudaMemcpyAsync(values.data(), &buffer, sizeof(int), cudaMemcpyHostToDevice, streams.first);
    buffer = 6;
    cudaStreamSynchronize(streams.first);
    QCOMPARE(values.read(), std::vector<int>{5});
}

void StreamTest::whatIsReadBeforeTheWaitIsStale()
{
    const Streams streams;
    const DeviceVector<int> values({7});
    int* buffer = pinned(1);
    buffer[0] = 0;
    cudaDeviceSynchronize();
    cudaMemcpyAsync(buffer, values.data(), sizeof(int), cudaMemcpyDeviceToHost, streams.first);
    QCOMPARE(buffer[0], 0);
    QCOMPARE(cudaStreamSynchronize(streams.first), cudaSuccess);
    QCOMPARE(buffer[0], 7);
    cudaFreeHost(buffer);
}

void StreamTest::askingIsEnoughToGetOn()
{
    const Streams streams;
    const DeviceVector<int> values({1});
    for (int i = 0; i < 5; ++i)
        launchScale(values.data(), 1, 1, 1, streams.first);
    cudaEventRecord(streams.event, streams.first);
    QCOMPARE(cudaEventQuery(streams.event), cudaErrorNotReady);
    int questions = 1;
    while (cudaEventQuery(streams.event) == cudaErrorNotReady)
        ++questions;
    QVERIFY(questions >= 5);
    QCOMPARE(cudaStreamQuery(streams.first), cudaSuccess);
    QCOMPARE(cudaGetLastError(), cudaErrorNotReady);
    QCOMPARE(values.read(), std::vector<int>{6});
}

void StreamTest::eventsMeasureTime()
{
    const Streams streams;
    cudaEvent_t begin = nullptr;
    cudaEvent_t end = nullptr;
    cudaEventCreate(&begin);
    cudaEventCreate(&end);
    const DeviceVector<int> values({1});
    cudaEventRecord(begin, streams.first);
    launchScale(values.data(), 1, 1, 1, streams.first);
    cudaEventRecord(end, streams.first);
    float milliseconds = 0;
    QCOMPARE(cudaEventElapsedTime(&milliseconds, begin, end), cudaErrorNotReady);
    cudaEventSynchronize(end);
    QCOMPARE(cudaEventElapsedTime(&milliseconds, begin, end), cudaSuccess);
    QVERIFY(milliseconds > 0);
    cudaEventRecord(streams.event, streams.first);
    QCOMPARE(cudaEventElapsedTime(&milliseconds, begin, streams.event), cudaErrorInvalidResourceHandle);
    cudaEventDestroy(begin);
    cudaEventDestroy(end);
}

void StreamTest::hostFunctionsRunInOrderAndMayNotCallCuda()
{
    const Streams streams;
    const DeviceVector<int> values({1});
    struct Seen
    {
        int* buffer;
        int value = 0;
        cudaError_t error = cudaSuccess;
    } seen{pinned(1)};
    launchScale(values.data(), 1, 1, 1, streams.first);
    cudaMemcpyAsync(seen.buffer, values.data(), sizeof(int), cudaMemcpyDeviceToHost, streams.first);
    cudaLaunchHostFunc(
        streams.first,
        [](void* data) {
            auto* mine = static_cast<Seen*>(data);
            mine->value = *mine->buffer;
            mine->error = cudaDeviceSynchronize();
        },
        &seen);
    QCOMPARE(seen.value, 0);
    cudaStreamSynchronize(streams.first);
    QCOMPARE(seen.value, 2);
    QCOMPARE(seen.error, cudaErrorNotPermitted);
    cudaFreeHost(seen.buffer);
}

void StreamTest::workOfADestroyedStreamRuns()
{
    const DeviceVector<int> values({1});
    {
        const Streams streams(cudaStreamDefault);
        launchScale(values.data(), 1, 1, 1, streams.first);
    }
    QCOMPARE(values.read(), std::vector<int>{2});
}

void StreamTest::severalThreadsMayCall()
{
    std::vector<std::vector<int>> results(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < results.size(); ++i) {
            threads.emplace_back([&results, i] {
                const Streams streams;
                const DeviceVector<int> values({int(i)});
                cudaDeviceSynchronize();
                for (int step = 0; step < 50; ++step) {
                    launchScale(values.data(), 1, 1, 1, streams.first);
                    cudaStreamSynchronize(streams.first);
                }
                results[i] = values.read();
            });
        }
    }
    for (std::size_t i = 0; i < results.size(); ++i)
        QCOMPARE(results[i], std::vector<int>{int(i) + 50});
}

void StreamTest::errorsOfHandlesAndArguments()
{
    Streams streams;
    const DeviceVector<int> values({1});
    const auto nobody = reinterpret_cast<cudaStream_t>(&streams);
    QCOMPARE(cudaStreamSynchronize(nobody), cudaErrorInvalidResourceHandle);
    QCOMPARE(cudaPeekAtLastError(), cudaErrorInvalidResourceHandle);
    QCOMPARE(cudaGetLastError(), cudaErrorInvalidResourceHandle);
    QCOMPARE(cudaGetLastError(), cudaSuccess);
    launchScale(values.data(), 1, 1, 1, nobody);
    QCOMPARE(cudaGetLastError(), cudaErrorInvalidResourceHandle);
    QCOMPARE(cudaEventDestroy(nullptr), cudaErrorInvalidResourceHandle);
    QCOMPARE(QString(cudaGetErrorName(cudaErrorNotReady)), QString("cudaErrorNotReady"));
}

void StreamTest::anErrorWhileRunningStaysUntilTheReset()
{
    const Streams streams;
    const DeviceVector<int> values({1});
    cudaDeviceSynchronize();
    cuda_emulator::failExecution(2);
    launchScale(values.data(), 1, 1, 1, streams.first);
    launchScale(values.data(), 1, 1, 1, streams.first);
    launchScale(values.data(), 1, 1, 1, streams.first);
    QCOMPARE(cudaGetLastError(), cudaSuccess); // nothing has run
    QCOMPARE(cudaStreamSynchronize(streams.first), cudaErrorIllegalAddress);
    QCOMPARE(cudaGetLastError(), cudaErrorIllegalAddress);
    QCOMPARE(cudaGetLastError(), cudaErrorIllegalAddress);
    void* place = nullptr;
    QCOMPARE(cudaMalloc(&place, 16), cudaErrorIllegalAddress);
    QCOMPARE(cudaDeviceReset(), cudaSuccess);
    QCOMPARE(cudaGetLastError(), cudaSuccess);
}

void StreamTest::callsAreCounted()
{
    const Streams streams;
    const DeviceVector<int> values({1});
    cuda_emulator::resetCounts();
    launchScale(values.data(), 1, 1, 1, streams.first);
    cudaMemsetAsync(values.data(), 0, sizeof(int), streams.first);
    cudaStreamSynchronize(streams.first);
    values.read();
    const cuda_emulator::Counts counts = cuda_emulator::counts();
    QCOMPARE(counts.kernels, std::size_t(1));
    QCOMPARE(counts.sets, std::size_t(1));
    QCOMPARE(counts.copiesToHost, std::size_t(1));
    QCOMPARE(counts.copiesToDevice, std::size_t(0));
}

QTEST_APPLESS_MAIN(StreamTest)
#include "stream_test.moc"
