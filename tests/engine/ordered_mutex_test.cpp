// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <csignal>
#include <random>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/ordered_mutex.h"

using namespace vitrine::engine;

namespace {

/// How a child ends that does `work`; its words go nowhere.
template<class Work>
int endOf(Work work)
{
    const pid_t child = fork();
    if (child == 0) {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);
        std::signal(SIGABRT, SIG_DFL);
        if (std::freopen("/dev/null", "w", stderr) == nullptr)
            _exit(2);
        work();
        _exit(0);
    }
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

} // namespace

class OrderedMutexTest : public QObject
{
    Q_OBJECT

private slots:
    void placesInOrderAreTaken()
    {
        OrderedMutex outer(LockOrder::Commands), inner(LockOrder::Records);
        const std::lock_guard first(outer);
        const std::lock_guard second(inner);
        QVERIFY(!HeldLocks::ofThisThread().against(LockOrder::NvtxAttach));
        QCOMPARE(HeldLocks::ofThisThread().against(LockOrder::Team).has_value(), kChecksLockOrder);
    }

    void theOtherOrderStopsTheProgram()
    {
        const int status = endOf([] {
            OrderedMutex outer(LockOrder::Commands), inner(LockOrder::Records);
            const std::lock_guard second(inner);
            const std::lock_guard first(outer);
        });
        QCOMPARE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, kChecksLockOrder);
    }

    void twoOfOnePlaceStopTheProgram()
    {
        const int status = endOf([] {
            OrderedMutex one(LockOrder::Team), other(LockOrder::Team);
            const std::lock_guard first(one);
            const std::lock_guard second(other);
        });
        QCOMPARE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, kChecksLockOrder);
    }

    void itsThreadMayTakeARecursiveOneAgain()
    {
        OrderedRecursiveMutex lock(LockOrder::NvtxAttach);
        const std::lock_guard once(lock);
        const std::lock_guard again(lock);
        QVERIFY(!HeldLocks::ofThisThread().against(LockOrder::NvtxReader));
    }

    void whatNeverWaitsHasNoOrder()
    {
        OrderedMutex outer(LockOrder::Commands), inner(LockOrder::Records);
        const std::lock_guard second(inner);
        const std::unique_lock first(outer, std::try_to_lock);
        QVERIFY(first.owns_lock());
    }

    void anotherThreadHasItsOwnPlaces()
    {
        OrderedMutex inner(LockOrder::Records);
        const std::lock_guard held(inner);
        std::thread other([] {
            OrderedMutex outer(LockOrder::Commands);
            const std::lock_guard first(outer);
        });
        other.join();
    }

    /// Taken and given back in random order, beside a plain list.
    void heldPlacesAreThoseOfAList()
    {
        std::mt19937 random(9);
        HeldLocks held;
        std::vector<LockOrder> model;
        for (int i = 0; i < 20'000; ++i) {
            const auto order = static_cast<LockOrder>(random() % 26);
            const auto stronger =
                std::find_if(model.begin(), model.end(), [&](LockOrder each) { return each >= order; });
            QCOMPARE(held.against(order).has_value(), stronger != model.end());
            if (!model.empty() && random() % 2 == 0) {
                const std::size_t gone = random() % model.size();
                held.remove(model[gone]);
                model.erase(model.begin() + static_cast<std::ptrdiff_t>(gone));
            } else if (stronger == model.end()) {
                QCOMPARE(held.add(order), model.size() < HeldLocks::kMost);
                if (model.size() < HeldLocks::kMost)
                    model.push_back(order);
            }
        }
    }
};

QTEST_GUILESS_MAIN(OrderedMutexTest)
#include "ordered_mutex_test.moc"
