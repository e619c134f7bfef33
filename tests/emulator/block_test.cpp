// SPDX-License-Identifier: GPL-3.0-or-later
// Threads of a block: barriers, warps, atomics, shared memory, and what the emulator says of wrong kernels.
#include "block_kernels.h"
#include "cuda_emulator/control.h"
#include "support.h"

#include <QtTest>
#include <cmath>
#include <numeric>

using namespace vitrine;

class BlockTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { cuda_emulator::reset(); }

    void aTreeOfSumsIsRightInEveryOrder();
    void aMissingBarrierIsSeenInSomeOrder();
    void dynamicSharedMemoryHoldsARow();
    void sharedMemoryBeginsPoisonedInEveryBlock();
    void aDivergedBarrierIsAnErrorThatNamesItsThreads();
    void anExitedLaneInAMaskIsAnError();
    void theErrorStays();
    void atomicsCountEveryThreadOfEveryBlock();
    void shufflesKeepToTheirWidth();
    void votesCountTheLanes();
    void copiesLandAtTheWait();
    void launchesBeyondTheLimitsAreRefused();
    void aWriteBesideSharedMemoryIsSeen_data();
    void aWriteBesideSharedMemoryIsSeen();
};

namespace {

std::vector<float> ascending(int count)
{
    std::vector<float> values(static_cast<std::size_t>(count));
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

std::vector<float> rowSums(std::uint64_t seed, bool barrier)
{
    cuda_emulator::setSeed(seed);
    const DeviceVector<float> rows(ascending(3 * 100));
    const DeviceVector<float> sums(std::vector<float>(3));
    launchRowSums(sums.data(), rows.data(), 100, 3, barrier);
    return sums.read();
}

const std::vector<float> kRowSums{4950, 14950, 24950};

} // namespace

void BlockTest::aTreeOfSumsIsRightInEveryOrder()
{
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        QCOMPARE(rowSums(seed, true), kRowSums);
}

void BlockTest::aMissingBarrierIsSeenInSomeOrder()
{
    int wrong = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        wrong += rowSums(seed, false) != kRowSums ? 1 : 0;
    QVERIFY(wrong > 10);
}

void BlockTest::dynamicSharedMemoryHoldsARow()
{
    const DeviceVector<float> rows(ascending(3 * 100));
    const DeviceVector<float> sums(std::vector<float>(3));
    launchDynamicRowSums(sums.data(), rows.data(), 100, 3);
    QCOMPARE(sums.read(), kRowSums);
}

void BlockTest::sharedMemoryBeginsPoisonedInEveryBlock()
{
    const DeviceVector<float> contents(std::vector<float>(4));
    launchFirstContents(contents.data());
    for (const float value : contents.read())
        QVERIFY(std::isnan(value));
}

void BlockTest::aDivergedBarrierIsAnErrorThatNamesItsThreads()
{
    launchDivergedBarrier(64);
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
    const QString fault = QString::fromStdString(cuda_emulator::lastFault());
    QVERIFY2(fault.contains("divergedBarrier") && fault.contains("block (0, 0, 0)"), qPrintable(fault));
    QVERIFY2(fault.contains("0–31 at a block barrier, 32–63 exited"), qPrintable(fault));
}

void BlockTest::anExitedLaneInAMaskIsAnError()
{
    launchExitedLane();
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
    const QString fault = QString::fromStdString(cuda_emulator::lastFault());
    QVERIFY2(fault.contains("5 exited") && fault.contains("6–31 at a warp operation"), qPrintable(fault));
}

void BlockTest::theErrorStays()
{
    launchDivergedBarrier(64);
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
    QCOMPARE(cudaGetLastError(), cudaErrorLaunchFailure);
    launchNothing(1, 32, 0);
    QCOMPARE(cudaGetLastError(), cudaErrorLaunchFailure);
}

void BlockTest::atomicsCountEveryThreadOfEveryBlock()
{
    const DeviceVector<unsigned> counts(std::vector<unsigned>(4));
    launchCounts(counts.data(), 37, 160);
    QCOMPARE(counts.read(), (std::vector<unsigned>{37 * 160, 159, 1, 0}));
}

void BlockTest::shufflesKeepToTheirWidth()
{
    const DeviceVector<int> out(std::vector<int>(128));
    launchShuffles(out.data(), 8);
    const std::vector<int> lanes = out.read();
    QCOMPARE(lanes[13], 8 + 3);
    QCOMPARE(lanes[32 + 9], 9); // would lie below its part
    QCOMPARE(lanes[32 + 12], 9);
    QCOMPARE(lanes[64 + 12], 15);
    QCOMPARE(lanes[64 + 13], 13);
    QCOMPARE(lanes[96 + 8], 1); // a part below may be read
    QCOMPARE(lanes[96 + 1], 1); // a part above may not
}

void BlockTest::votesCountTheLanes()
{
    const DeviceVector<unsigned> out(std::vector<unsigned>(8));
    launchVotes(out.data());
    QCOMPARE(out.read(), (std::vector<unsigned>{0xAAAAAAAAU, 1, 0, 496, 0x88888888U, 1, 0, 32}));
}

void BlockTest::copiesLandAtTheWait()
{
    const std::vector<float> values = ascending(64);
    const DeviceVector<float> right(values);
    launchAsyncReverse(right.data(), true);
    QCOMPARE(right.read(), std::vector<float>(values.rbegin(), values.rend()));
    const DeviceVector<float> wrong(values);
    launchAsyncReverse(wrong.data(), false);
    for (const float value : wrong.read())
        QVERIFY(std::isnan(value));
}

void BlockTest::launchesBeyondTheLimitsAreRefused()
{
    launchNothing(dim3(1), dim3(1024), 0);
    QCOMPARE(cudaGetLastError(), cudaSuccess);
    launchNothing(dim3(1), dim3(33, 32), 0);
    QCOMPARE(cudaGetLastError(), cudaErrorInvalidConfiguration);
    QCOMPARE(cudaGetLastError(), cudaSuccess);
    launchNothing(dim3(1, 65536), dim3(1), 0);
    QCOMPARE(cudaGetLastError(), cudaErrorInvalidConfiguration);
    launchNothing(dim3(0), dim3(1), 0);
    QCOMPARE(cudaGetLastError(), cudaErrorInvalidConfiguration);
}

void BlockTest::aWriteBesideSharedMemoryIsSeen_data()
{
    QTest::addColumn<bool>("dynamic");
    QTest::newRow("static") << false;
    QTest::newRow("dynamic") << true;
}

void BlockTest::aWriteBesideSharedMemoryIsSeen()
{
    QFETCH(const bool, dynamic);
    const auto write = [&](int index) {
        launchSharedWrite(index, dynamic);
        return cudaDeviceSynchronize();
    };
    QCOMPARE(write(63), cudaSuccess);
#if defined(__SANITIZE_ADDRESS__)
    QVERIFY(dies([&] { write(64); }));
#else
    if (!dynamic)
        QSKIP("seen with AddressSanitizer only");
    QCOMPARE(write(64), cudaErrorLaunchFailure);
#endif
}

QTEST_APPLESS_MAIN(BlockTest)
#include "block_test.moc"
