// SPDX-License-Identifier: GPL-3.0-or-later
#include <thread>

#include <QTest>

#include "engine/telemetry/spsc_ring.h"

using vitrine::engine::SpscRing;

class SpscRingTest : public QObject
{
    Q_OBJECT

private slots:
    void givesBackInOrder()
    {
        SpscRing<int> ring(3);
        std::vector<int> out;
        for (int round = 0; round < 5; ++round) {
            QVERIFY(ring.push(round) && ring.push(round + 100));
            QCOMPARE(ring.drain(out), std::size_t{2});
        }
        QCOMPARE(out, (std::vector<int>{0, 100, 1, 101, 2, 102, 3, 103, 4, 104}));
        QCOMPARE(ring.drain(out), std::size_t{0});
    }

    void dropsAndCountsWhatDoesNotFit()
    {
        SpscRing<int> ring(2);
        QVERIFY(ring.push(1) && ring.push(2));
        QVERIFY(!ring.push(3) && !ring.push(4));
        QCOMPARE(ring.dropped(), std::uint64_t{2});
        std::vector<int> out;
        ring.drain(out);
        QCOMPARE(out, (std::vector<int>{1, 2}));
        QVERIFY(ring.push(5));
    }

    void carriesWholeValuesBetweenTwoThreads()
    {
        struct Pair
        {
            std::uint64_t value, check;
        };
        constexpr std::uint64_t kCount = 200'000;
        SpscRing<Pair> ring(64);
        std::uint64_t pushed = 0;
        std::atomic<bool> done{false};
        std::thread writer([&] {
            for (std::uint64_t i = 1; i <= kCount; ++i)
                pushed += ring.push({i, ~i}) ? 1 : 0;
            done.store(true, std::memory_order_release);
        });
        std::vector<Pair> out;
        std::uint64_t received = 0, last = 0;
        bool whole = true, rising = true, ended = false;
        while (!ended) {
            ended = done.load(std::memory_order_acquire); // then one more look
            out.clear();
            received += ring.drain(out);
            for (const Pair& pair : out) {
                whole = whole && pair.check == ~pair.value;
                rising = rising && pair.value > last;
                last = pair.value;
            }
            std::this_thread::yield();
        }
        writer.join();
        QVERIFY(whole && rising);
        QCOMPARE(received, pushed);
        QCOMPARE(received + ring.dropped(), kCount);
    }
};

QTEST_APPLESS_MAIN(SpscRingTest)
#include "spsc_ring_test.moc"
