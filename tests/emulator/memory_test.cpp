// SPDX-License-Identifier: GPL-3.0-or-later
// Memory and devices: limits, guards, pointers that are checked, leaks that are told.
#include "cuda_emulator/control.h"
#include "support.h"
#include "work_kernels.h"

#include <QtTest>

using namespace vitrine;

class MemoryTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { cuda_emulator::reset(); }

    void memoryBeginsPoisoned();
    void exhaustedMemoryIsAnErrorThatPasses();
    void aLimitBelowWhatIsUsedGivesNothingMore();
    void anAllocationFailsWhenATestWantsIt();
    void aWriteOutOfBoundsNamesKernelAndAllocation();
    void aHostPointerGivenToAKernelIsAnError();
    void copiesBeyondAnAllocationAreRefused();
    void copiesInAWrongDirectionAreRefused();
    void freedMemoryIsNoLongerKnown();
    void memoryFreedInStreamOrderServesTheWorkBefore();
    void rowsAreCopiedWithTheirPitch();
    void leaksAreTold();
    void registeredMemoryCountsAsPinned();
    void devicesAreWhatTheTestSays();
    void devicesUseEachOthersMemoryOnlyWhenAllowed();
    void withoutADriverOutputsStayUnset();
    void sharedMemoryIsLimited();
};

void MemoryTest::memoryBeginsPoisoned()
{
    void* place = nullptr;
    QCOMPARE(cudaMalloc(&place, sizeof(int)), cudaSuccess);
    int value = 0;
    cudaMemcpy(&value, place, sizeof(int), cudaMemcpyDeviceToHost);
    QCOMPARE(value, -1);
    cudaFree(place);
}

void MemoryTest::aLimitBelowWhatIsUsedGivesNothingMore()
{
    void* first = nullptr;
    void* second = nullptr;
    QCOMPARE(cudaMalloc(&first, 3000), cudaSuccess);
    cuda_emulator::setMemoryLimit(0, 2000);
    QCOMPARE(cudaMalloc(&second, 16), cudaErrorMemoryAllocation);
    cudaFree(first);
    QCOMPARE(cudaMalloc(&second, 16), cudaSuccess);
}

void MemoryTest::exhaustedMemoryIsAnErrorThatPasses()
{
    cuda_emulator::setMemoryLimit(0, 4096);
    void* first = nullptr;
    void* second = nullptr;
    QCOMPARE(cudaMalloc(&first, 3000), cudaSuccess);
    QCOMPARE(cudaMalloc(&second, 3000), cudaErrorMemoryAllocation);
    QVERIFY(second == nullptr);
    QCOMPARE(cudaGetLastError(), cudaErrorMemoryAllocation);
    std::size_t free = 0;
    std::size_t total = 0;
    QCOMPARE(cudaMemGetInfo(&free, &total), cudaSuccess);
    QCOMPARE(free, std::size_t(1024));
    cudaFree(first);
    QCOMPARE(cudaMalloc(&second, 3000), cudaSuccess);
    cudaFree(second);
    QCOMPARE(cuda_emulator::memoryUsed(0), std::size_t(0));
}

void MemoryTest::anAllocationFailsWhenATestWantsIt()
{
    cuda_emulator::failAllocation(2);
    void* place = nullptr;
    QCOMPARE(cudaMalloc(&place, 8), cudaSuccess);
    cudaFree(place);
    QCOMPARE(cudaMalloc(&place, 8), cudaErrorMemoryAllocation);
    QCOMPARE(cudaMalloc(&place, 8), cudaSuccess);
    cudaFree(place);
}

void MemoryTest::aWriteOutOfBoundsNamesKernelAndAllocation()
{
    const DeviceVector<int> values({1, 2, 3});
    const DeviceVector<int> target({0, 0, 0});
    const auto write = [&] { launchCopy(target.data(), values.data(), 3, 1); }; // target[3] too
#if defined(__SANITIZE_ADDRESS__)
    QVERIFY(dies([&] {
        write();
        cudaDeviceSynchronize();
    }));
    return;
#endif
    write();
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
    const QString fault = QString::fromStdString(cuda_emulator::lastFault());
    QVERIFY2(fault.contains("copyShifted") && fault.contains("byte 12 of an allocation of 12 bytes"),
             qPrintable(fault));
}

void MemoryTest::aHostPointerGivenToAKernelIsAnError()
{
    int values[3] = {1, 2, 3};
    launchScale(values, 3, 1, 1);
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
    QCOMPARE(values[0], 1);
}

void MemoryTest::copiesBeyondAnAllocationAreRefused()
{
    const DeviceVector<int> values({1, 2, 3});
    std::vector<int> host(4);
    QCOMPARE(cudaMemcpy(host.data(), values.data(), 16, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
    QCOMPARE(cudaMemcpy(values.data() + 1, host.data(), 12, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
    QCOMPARE(cudaMemset(values.data() + 1, 0, 12), cudaErrorInvalidValue);
    QCOMPARE(cudaMemcpy(host.data(), values.data() + 1, 8, cudaMemcpyDeviceToHost), cudaSuccess);
    QCOMPARE(host[1], 3);
}

void MemoryTest::copiesInAWrongDirectionAreRefused()
{
    const DeviceVector<int> values({1});
    int host = 0;
    QCOMPARE(cudaMemcpy(&host, values.data(), 4, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
    QCOMPARE(cudaMemcpy(&host, values.data(), 4, cudaMemcpyDeviceToDevice), cudaErrorInvalidValue);
    QCOMPARE(cudaMemcpy(&host, values.data(), 4, cudaMemcpyDefault), cudaSuccess);
    QCOMPARE(host, 1);
}

void MemoryTest::freedMemoryIsNoLongerKnown()
{
    void* place = nullptr;
    cudaMalloc(&place, 64);
    QCOMPARE(cudaFree(static_cast<char*>(place) + 8), cudaErrorInvalidValue);
    QCOMPARE(cudaFree(place), cudaSuccess);
    QCOMPARE(cudaFree(place), cudaErrorInvalidValue);
    QCOMPARE(cudaFree(nullptr), cudaSuccess);
    launchScale(static_cast<int*>(place), 1, 1, 1);
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
}

void MemoryTest::memoryFreedInStreamOrderServesTheWorkBefore()
{
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        cuda_emulator::setSeed(seed);
        cudaStream_t stream = nullptr;
        cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
        const DeviceVector<int> values({1, 2});
        void* place = nullptr;
        cudaDeviceSynchronize();
        QCOMPARE(cudaMallocAsync(&place, 8, stream), cudaSuccess);
        cudaMemcpyAsync(place, values.data(), 8, cudaMemcpyDeviceToDevice, stream);
        launchScale(static_cast<int*>(place), 2, 1, 1, stream);
        cudaMemcpyAsync(values.data(), place, 8, cudaMemcpyDeviceToDevice, stream);
        QCOMPARE(cudaFreeAsync(place, stream), cudaSuccess);
        QCOMPARE(cudaStreamSynchronize(stream), cudaSuccess);
        QCOMPARE(values.read(), (std::vector<int>{2, 3}));
        cudaStreamDestroy(stream);
    }
}

void MemoryTest::rowsAreCopiedWithTheirPitch()
{
    const DeviceVector<int> values({1, 2, 3, 4, 5, 6});
    std::vector<int> host(4);
    QCOMPARE(cudaMemcpy2D(host.data(), 8, values.data(), 12, 8, 2, cudaMemcpyDeviceToHost), cudaSuccess);
    QCOMPARE(host, (std::vector<int>{1, 2, 4, 5}));
    QCOMPARE(cudaMemcpy2D(host.data(), 8, values.data() + 2, 12, 8, 2, cudaMemcpyDeviceToHost),
             cudaErrorInvalidValue);
}

void MemoryTest::leaksAreTold()
{
    void* place = nullptr;
    void* host = nullptr;
    cudaStream_t stream = nullptr;
    cudaMalloc(&place, 100);
    cudaMallocHost(&host, 50);
    cudaStreamCreate(&stream);
    QCOMPARE(cuda_emulator::leaks().size(), std::size_t(2));
    QCOMPARE(cuda_emulator::liveHandles(), std::size_t(1));
    cudaFree(place);
    const auto leaks = cuda_emulator::leaks();
    QCOMPARE(leaks.size(), std::size_t(1));
    QVERIFY(leaks[0].pinned && leaks[0].bytes == 50 && leaks[0].place == host);
    cudaFreeHost(host);
    cudaStreamDestroy(stream);
    QVERIFY(cuda_emulator::leaks().empty());
    QCOMPARE(cuda_emulator::liveHandles(), std::size_t(0));
}

void MemoryTest::registeredMemoryCountsAsPinned()
{
    std::vector<int> host{5};
    const DeviceVector<int> values({0});
    QCOMPARE(cudaHostRegister(host.data(), 4, cudaHostRegisterDefault), cudaSuccess);
    QCOMPARE(cudaHostRegister(host.data(), 4, cudaHostRegisterDefault), cudaErrorHostMemoryAlreadyRegistered);
    cudaMemcpyAsync(values.data(), host.data(), 4, cudaMemcpyHostToDevice, nullptr);
    host[0] = 6;
    QCOMPARE(values.read(), std::vector<int>{6});
    QCOMPARE(cudaHostUnregister(host.data()), cudaSuccess);
    QCOMPARE(cudaHostUnregister(host.data()), cudaErrorHostMemoryNotRegistered);
}

void MemoryTest::devicesAreWhatTheTestSays()
{
    cuda_emulator::setDevices({{"Small", 1 << 20}, {"Large", 4 << 20}});
    int count = 0;
    QCOMPARE(cudaGetDeviceCount(&count), cudaSuccess);
    QCOMPARE(count, 2);
    cudaDeviceProp facts{};
    QCOMPARE(cudaGetDeviceProperties(&facts, 1), cudaSuccess);
    QCOMPARE(QString(facts.name), QString("Large"));
    QCOMPARE(facts.totalGlobalMem, std::size_t(4) << 20);
    QCOMPARE(facts.major * 10 + facts.minor, 90);
    QCOMPARE(cudaSetDevice(2), cudaErrorInvalidDevice);
    void* place = nullptr;
    QCOMPARE(cudaMalloc(&place, 2 << 20), cudaErrorMemoryAllocation);
    QCOMPARE(cudaSetDevice(1), cudaSuccess);
    QCOMPARE(cudaMalloc(&place, 2 << 20), cudaSuccess);
    QCOMPARE(cuda_emulator::memoryUsed(1), std::size_t(2) << 20);
    cudaFree(place);
    cuda_emulator::setDevices({});
    QCOMPARE(cudaGetDeviceCount(&count), cudaErrorNoDevice);
}

void MemoryTest::devicesUseEachOthersMemoryOnlyWhenAllowed()
{
    cuda_emulator::setDevices({{"A", 1 << 20}, {"B", 1 << 20}});
    const DeviceVector<int> values({1, 2});
    cudaSetDevice(1);
    const DeviceVector<int> others({0, 0});
    QCOMPARE(cudaMemcpyPeerAsync(others.data(), 1, values.data(), 0, 8, nullptr), cudaSuccess);
    QCOMPARE(others.read(), (std::vector<int>{1, 2}));
    QCOMPARE(cudaMemcpyPeerAsync(others.data(), 0, values.data(), 1, 8, nullptr), cudaErrorInvalidValue);
    QCOMPARE(cudaDeviceEnablePeerAccess(0, 0), cudaSuccess);
    launchScale(values.data(), 2, 2, 0);
    QCOMPARE(cudaDeviceSynchronize(), cudaSuccess);
    QCOMPARE(values.read(), (std::vector<int>{2, 4}));
    QCOMPARE(cudaDeviceDisablePeerAccess(0), cudaSuccess);
    launchScale(values.data(), 2, 2, 0);
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
    cudaSetDevice(0);
    QCOMPARE(cudaDeviceSynchronize(), cudaSuccess); // the other device is well
}

void MemoryTest::withoutADriverOutputsStayUnset()
{
    cuda_emulator::setDriverError(cudaErrorInsufficientDriver);
    int count = 77;
    void* place = &count;
    QCOMPARE(cudaGetDeviceCount(&count), cudaErrorInsufficientDriver);
    QCOMPARE(count, 77);
    QCOMPARE(cudaMalloc(&place, 4), cudaErrorInsufficientDriver);
    QVERIFY(place == &count);
}

void MemoryTest::sharedMemoryIsLimited()
{
    const DeviceVector<int> out({0});
    QCOMPARE(largeSharedStaticBytes(), std::size_t(40960));
    launchLargeShared(out.data(), 8192);
    QCOMPARE(out.read(), std::vector<int>{3});
    launchLargeShared(out.data(), 16384);
    QCOMPARE(cudaGetLastError(), cudaErrorInvalidValue);
    QCOMPARE(allowLargeShared(200 << 10), cudaErrorInvalidValue);
    cudaGetLastError();
    QCOMPARE(allowLargeShared(16384), cudaSuccess);
    launchLargeShared(out.data(), 16384);
    QCOMPARE(cudaDeviceSynchronize(), cudaSuccess);
}

QTEST_APPLESS_MAIN(MemoryTest)
#include "memory_test.moc"
