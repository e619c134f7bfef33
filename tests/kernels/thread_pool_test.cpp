// SPDX-License-Identifier: GPL-3.0-or-later
// The pool runs every rank once, its barrier separates what comes before from what comes after, and a pool
// without work takes no processor time.
#include <QtTest>

#include <atomic>
#include <ctime>
#include <fstream>
#include <memory>
#include <numeric>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

#include "kernels/cpu/thread_pool.h"
#include "tests/support/sanitizer.h"

using vitrine::kernels::cpu::ThreadPool;
using vitrine::kernels::cpu::usableCpus;
using vitrine::tests::effort;
using vitrine::tests::kSanitized;

namespace {

double processorSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// The process gets no more address space than this beside what it has, while it lives.
class FewAddresses
{
public:
    explicit FewAddresses(std::size_t bytes)
    {
        std::ifstream file("/proc/self/statm");
        std::size_t pages = 0;
        file >> pages;
        getrlimit(RLIMIT_AS, &m_before);
        rlimit few = m_before;
        few.rlim_cur = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + bytes;
        setrlimit(RLIMIT_AS, &few);
    }
    ~FewAddresses() { setrlimit(RLIMIT_AS, &m_before); }

private:
    rlimit m_before{};
};

/// A job with barriers that counts who has run it.
struct Calls
{
    explicit Calls(ThreadPool& runs) : pool(runs) {}

    static void count(void* context, std::uint32_t /*rank*/)
    {
        Calls& calls = *static_cast<Calls*>(context);
        calls.pool.barrier();
        ++calls.sum;
        if (calls.shared != nullptr)
            calls.seen += *calls.shared;
        calls.pool.barrier();
    }

    ThreadPool& pool;
    std::atomic<std::uint64_t> sum{0}, seen{0};
    const std::uint64_t* shared = nullptr;
};

} // namespace

class ThreadPoolTest : public QObject
{
    Q_OBJECT

private slots:
    void runsEveryRankOnce_data() { sizes(); }
    void runsEveryRankOnce()
    {
        QFETCH(int, threads);
        ThreadPool pool(static_cast<std::uint32_t>(threads));
        QCOMPARE(pool.size(), static_cast<std::uint32_t>(std::max(threads, 1)));
        std::vector<int> calls(pool.size(), 0);
        for (int round = 0; round < 200; ++round)
            pool.run([&](std::uint32_t rank) { ++calls[rank]; });
        for (const int count : calls)
            QCOMPARE(count, 200);
    }

    void callerThatWaitsIsFreeWhileTheJobRuns_data() { sizes(); }
    void callerThatWaitsIsFreeWhileTheJobRuns()
    {
        QFETCH(int, threads);
        ThreadPool pool(static_cast<std::uint32_t>(threads), ThreadPool::Caller::Waits);
        struct Job
        {
            ThreadPool* pool;
            std::thread::id caller;
            std::atomic<bool> released{false};
            std::vector<int> calls;
            std::atomic<int> onCaller{0};
        } job{&pool, std::this_thread::get_id(), {}, std::vector<int>(pool.size(), 0), {}};
        for (int round = 1; round <= effort(200, 50); ++round) {
            job.released = false;
            pool.launch(
                [](void* context, std::uint32_t rank) {
                    Job& shared = *static_cast<Job*>(context);
                    while (!shared.released.load())
                        std::this_thread::yield();
                    shared.onCaller += std::this_thread::get_id() == shared.caller ? 1 : 0;
                    ++shared.calls[rank];
                    shared.pool->barrier();
                },
                &job);
            job.released = true; // were the caller a rank, nobody would ever say so
            pool.finish();
            QCOMPARE(job.calls, std::vector<int>(pool.size(), round));
        }
        QCOMPARE(job.onCaller.load(), 0);
    }

    void callerThatWorksRunsTheJobWhenItFinishes_data() { sizes(); }
    void callerThatWorksRunsTheJobWhenItFinishes()
    {
        QFETCH(int, threads);
        ThreadPool pool(static_cast<std::uint32_t>(threads));
        Calls calls(pool);
        for (int round = 1; round <= effort(500, 100); ++round) {
            pool.launch(Calls::count, &calls);
            QCOMPARE(calls.sum.load(), std::uint64_t(round - 1) * pool.size());
            pool.finish();
            QCOMPARE(calls.sum.load(), std::uint64_t(round) * pool.size());
        }
        QVERIFY(pool.callerWorks());
    }

    /// Every job is finished before the next one, whatever the caller does in between.
    void manyJobsOneAfterAnother_data() { sizes(); }
    void manyJobsOneAfterAnother()
    {
        QFETCH(int, threads);
        ThreadPool pool(static_cast<std::uint32_t>(threads), ThreadPool::Caller::Waits);
        QVERIFY(!pool.callerWorks());
        Calls calls(pool);
        std::uint64_t mine = 0; // changed by the caller between jobs only, read by the ranks
        calls.shared = &mine;
        for (std::uint64_t round = 1; round <= effort(2000U, 300U); ++round) {
            mine = round;
            pool.launch(Calls::count, &calls);
            if (round % 3 == 0)
                std::this_thread::yield();
            pool.finish();
            QCOMPARE(calls.sum.load(), round * pool.size());
            QCOMPARE(calls.seen.load(), round * (round + 1) / 2 * pool.size());
        }
    }

    void runIsTheSameForACallerThatWaits_data() { sizes(); }
    void runIsTheSameForACallerThatWaits()
    {
        QFETCH(int, threads);
        ThreadPool pool(static_cast<std::uint32_t>(threads), ThreadPool::Caller::Waits);
        std::vector<int> calls(pool.size(), 0);
        for (int round = 0; round < 200; ++round)
            pool.run([&](std::uint32_t rank) { ++calls[rank]; });
        QCOMPARE(calls, std::vector<int>(pool.size(), 200));
    }

    void goesAwayAfterALaunch_data() { sizes(); }
    void goesAwayAfterALaunch()
    {
        QFETCH(int, threads);
        for (int round = 0; round < effort(100, 30); ++round) {
            auto pool =
                std::make_unique<ThreadPool>(static_cast<std::uint32_t>(threads), ThreadPool::Caller::Waits);
            Calls calls(*pool);
            if (round % 2 == 1)
                pool->run([](std::uint32_t) {});
            pool->launch(Calls::count, &calls);
            const std::uint64_t size = pool->size();
            pool.reset();
            QCOMPARE(calls.sum.load(), size); // the whole job, with its barriers
        }
    }

    void aJobOfACallerThatWorksIsDroppedWithThePool_data() { sizes(); }
    void aJobOfACallerThatWorksIsDroppedWithThePool()
    {
        QFETCH(int, threads);
        auto pool = std::make_unique<ThreadPool>(static_cast<std::uint32_t>(threads));
        Calls calls(*pool);
        pool->launch(Calls::count, &calls);
        pool.reset();
        QCOMPARE(calls.sum.load(), std::uint64_t{0});
    }

    void theBarrierShowsWhatOthersWrote_data() { sizes(); }
    void theBarrierShowsWhatOthersWrote()
    {
        QFETCH(int, threads);
        ThreadPool pool(static_cast<std::uint32_t>(threads));
        const std::uint32_t size = pool.size();
        std::vector<std::uint64_t> mine(size, 0);
        std::vector<int> faults(size, 0);
        pool.run([&](std::uint32_t rank) {
            for (std::uint64_t round = 1; round <= effort(300U, 100U); ++round) {
                mine[rank] = round * (rank + 1);
                pool.barrier();
                const std::uint64_t sum = std::accumulate(mine.begin(), mine.end(), std::uint64_t{0});
                faults[rank] += sum != round * size * (size + 1) / 2 ? 1 : 0;
                pool.barrier();
            }
        });
        for (const int count : faults)
            QCOMPARE(count, 0);
    }

    void poolsComeAndGo()
    {
        for (std::uint32_t i = 0; i < 50; ++i) {
            ThreadPool pool(1 + i % 4);
            std::atomic<std::uint32_t> sum{0};
            if (i % 3 != 0) // some never run anything
                pool.run([&](std::uint32_t rank) { sum += rank + 1; });
            QCOMPARE(sum.load(), i % 3 != 0 ? pool.size() * (pool.size() + 1) / 2 : 0U);
        }
    }

    void anIdlePoolSleeps()
    {
        ThreadPool pool(4);
        pool.run([](std::uint32_t) {});
        QTest::qSleep(50); // the spinning before sleep is over
        const double before = processorSeconds();
        QTest::qSleep(400);
        // Three threads that spun would have taken more than this even on one busy CPU; sleeping ones take
        // none.
        QVERIFY(processorSeconds() - before < 0.05);
    }

    void wakesAfterSleeping()
    {
        ThreadPool pool(3);
        for (int round = 0; round < 5; ++round) {
            std::atomic<int> ran{0};
            pool.run([&](std::uint32_t) { ++ran; });
            QCOMPARE(ran.load(), 3);
            QTest::qSleep(5);
        }
    }

    void threadsThatCannotStartAreDoneWithout_data()
    {
        QTest::addColumn<bool>("waits");
        QTest::addColumn<int>("room");
        QTest::addRow("some start, caller works") << false << 100;
        QTest::addRow("some start, caller waits") << true << 100;
        QTest::addRow("none starts, caller works") << false << 1;
        QTest::addRow("none starts, caller waits") << true << 1;
    }
    void threadsThatCannotStartAreDoneWithout()
    {
        if (kSanitized)
            QSKIP("a sanitizer needs more address space than the limit leaves");
        QFETCH(bool, waits);
        QFETCH(int, room);
        std::unique_ptr<ThreadPool> pool;
        {
            ThreadPool busy(16); // it has the stacks that the library keeps of threads that ended
            const FewAddresses limit(std::size_t(room) << 20U); // a thread's stack takes 8 MiB
            pool = std::make_unique<ThreadPool>(200, waits ? ThreadPool::Caller::Waits
                                                           : ThreadPool::Caller::Works);
        }
        QCOMPARE(pool->wanted(), 200U);
        QVERIFY2(pool->size() >= 1 && pool->size() < 200, qPrintable(QString::number(pool->size())));
        QCOMPARE(pool->callerWorks(), !waits || room == 1);
        QCOMPARE(pool->size() > 1, room > 1);
        for (int round = 0; round < 20; ++round) {
            std::atomic<std::uint32_t> ran{0};
            pool->run([&](std::uint32_t) {
                pool->barrier();
                ++ran;
            });
            QCOMPARE(ran.load(), pool->size());
        }
    }

    void countsAtLeastOneCpu() { QVERIFY(usableCpus() >= 1); }

private:
    static void sizes()
    {
        QTest::addColumn<int>("threads");
        for (const int threads : {0, 1, 2, 3, 4, 8})
            QTest::addRow("%d threads", threads) << threads;
    }
};

QTEST_APPLESS_MAIN(ThreadPoolTest)
#include "thread_pool_test.moc"
