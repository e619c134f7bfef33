// SPDX-License-Identifier: GPL-3.0-or-later
// Sums in pieces, by ranks of several threads: the bits of a sum at once, whatever comes before and after
// them; whoever stays away between two pieces is named to all, and the group goes on once it was renewed.
#include <QtTest>

#include <atomic>
#include <barrier>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/check.h"
#include "engine/parallel/pieced_sum.h"
#include "engine/parallel/rank_group.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;

namespace {

constexpr std::int64_t kLong = 60'000, kShort = 60; // milliseconds

Deadline soon()
{
    return Deadline::inMilliseconds(kLong);
}

std::shared_ptr<RankGroup> groupOf(std::uint32_t ranks, std::size_t place = 1U << 16U)
{
    Result<std::shared_ptr<RankGroup>> group = RankGroup::create({ranks, place, 64});
    VT_CHECK(group.has_value());
    return *group;
}

std::vector<float> numbers(std::uint32_t rank, std::uint32_t call, std::size_t count)
{
    std::mt19937 random(call * 131 + rank);
    std::normal_distribution<float> normal(0.0F, 100.0F);
    std::vector<float> values(count);
    for (float& value : values)
        value = normal(random);
    return values;
}

std::vector<float> summed(std::uint32_t ranks, std::uint32_t call, std::size_t count)
{
    std::vector<float> sum = numbers(0, call, count);
    for (std::uint32_t rank = 1; rank < ranks; ++rank) {
        const std::vector<float> one = numbers(rank, call, count);
        for (std::size_t i = 0; i < count; ++i)
            sum[i] += one[i];
    }
    return sum;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

struct Shape
{
    std::size_t values = 1, pieceValues = 1;
    std::size_t begin(std::size_t piece) const { return std::min(piece * pieceValues, values); }
};

/// A rank with some compute threads, which call work(thread) together.
class Threads
{
public:
    explicit Threads(std::uint32_t count) : m_count(count), m_barrier(static_cast<std::ptrdiff_t>(count)) {}

    std::uint32_t count() const { return m_count; }
    void meet() { m_barrier.arrive_and_wait(); }
    void run(const std::function<void(std::uint32_t)>& work)
    {
        std::vector<std::thread> threads;
        for (std::uint32_t thread = 1; thread < m_count; ++thread)
            threads.emplace_back([&work, thread] { work(thread); });
        work(0); // where there is no other, a forked process starts no thread
        for (std::thread& thread : threads)
            thread.join();
    }

private:
    std::uint32_t m_count;
    std::barrier<> m_barrier;
};

/// This thread's part of [begin, end).
std::pair<std::size_t, std::size_t> partOf(std::size_t begin, std::size_t end, std::uint32_t thread,
                                           std::uint32_t threads)
{
    return {begin + (end - begin) * thread / threads, begin + (end - begin) * (thread + 1) / threads};
}

/// Each thread writes and adds its part of each piece, as layers do.
bool sumInPieces(PiecedSum& sum, const Shape& shape, const std::vector<float>& mine, std::vector<float>& out,
                 std::uint32_t thread, std::uint32_t threads)
{
    std::uint32_t added = 0;
    const auto add = [&](std::uint32_t piece) {
        const auto [begin, end] = partOf(shape.begin(piece), shape.begin(piece + 1), thread, threads);
        sum.add(piece, begin, std::span(out).subspan(begin, end - begin), thread);
    };
    for (std::uint32_t piece = 0; piece < sum.pieces(); ++piece) {
        const auto [begin, end] = partOf(shape.begin(piece), shape.begin(piece + 1), thread, threads);
        std::copy(mine.begin() + static_cast<std::ptrdiff_t>(begin),
                  mine.begin() + static_cast<std::ptrdiff_t>(end), sum.room() + begin);
        sum.filled(piece);
        while (added < piece && sum.isThere(added))
            add(added++);
    }
    for (; added < sum.pieces(); ++added) {
        if (!sum.await(added, thread, soon()))
            return false;
        add(added);
    }
    return true;
}

/// One call of a random sequence, which all threads of all ranks draw alike.
bool call(Communicator& all, PiecedSum*& sum, Threads& rank, std::uint32_t thread, std::uint32_t number,
          std::mt19937& random, std::vector<float>& out)
{
    const std::size_t values = 1 + random() % 3000;
    const Shape shape{values, (values - 1) / (1 + random() % kMostPieces) + 1};
    const bool inPieces = random() % 3 != 0;
    rank.meet();
    bool right = true;
    if (thread == 0) {
        out = numbers(all.rank(), number, values);
        sum = inPieces ? all.beginPieces(values, shape.pieceValues, rank.count()) : nullptr;
        if (!inPieces)
            right = all.allReduce(out, soon()).has_value();
    }
    rank.meet();
    if (inPieces)
        right = sumInPieces(*sum, shape, numbers(all.rank(), number, values), out, thread, rank.count());
    rank.meet();
    return right && sameBits(out, summed(all.ranks(), number, values));
}

std::uint32_t chosenSeed()
{
    const std::uint32_t seed =
        qEnvironmentVariableIsSet("VITRINE_RANDOM_SEED")
            ? static_cast<std::uint32_t>(qEnvironmentVariableIntValue("VITRINE_RANDOM_SEED"))
            : std::random_device()();
    qInfo("seed %u", seed);
    return seed;
}

/// So many calls by a rank of so many threads; the number of threads' calls that were right.
unsigned calls(RankGroup& group, std::uint32_t rank, std::uint32_t threads, std::uint32_t seed,
               std::uint32_t count)
{
    const std::unique_ptr<Communicator> all = group.communicator(rank);
    Threads own(threads);
    PiecedSum* sum = nullptr;
    std::vector<float> out;
    std::atomic<unsigned> right{0};
    own.run([&](std::uint32_t thread) {
        std::mt19937 random(seed);
        for (std::uint32_t number = 0; number < count; ++number)
            right += call(*all, sum, own, thread, number, random, out) ? 1 : 0;
    });
    return right;
}

/// Two ranks of one thread each at a sum of 300 values in three pieces.
struct Pair
{
    static constexpr Shape kShape{300, 100};

    explicit Pair(std::shared_ptr<RankGroup> both)
        : group(std::move(both)), first(group->communicator(0)), second(group->communicator(1)),
          mine(first->beginPieces(kShape.values, kShape.pieceValues, 1)),
          theirs(second->beginPieces(kShape.values, kShape.pieceValues, 1))
    {
        std::fill_n(mine->room(), kShape.values, 1.0F);
        std::fill_n(theirs->room(), kShape.values, 2.0F);
    }

    std::shared_ptr<RankGroup> group;
    std::unique_ptr<Communicator> first, second;
    PiecedSum *mine, *theirs;
};

} // namespace

class PiecedSumTest : public QObject
{
    Q_OBJECT

private slots:
    void sumsInPiecesHaveTheBitsOfSumsAtOnce_data()
    {
        QTest::addColumn<quint32>("ranks");
        QTest::addColumn<quint32>("threads");
        for (const quint32 ranks : {2U, 3U, 5U})
            for (const quint32 threads : {1U, 2U, 3U})
                QTest::addRow("%u ranks of %u threads", ranks, threads) << ranks << threads;
    }
    void sumsInPiecesHaveTheBitsOfSumsAtOnce()
    {
        QFETCH(quint32, ranks);
        QFETCH(quint32, threads);
        const std::uint32_t seed = chosenSeed(), count = vitrine::tests::effort(60U, 20U);
        const std::shared_ptr<RankGroup> group = groupOf(ranks);
        std::atomic<unsigned> right{0};
        Threads all(ranks);
        all.run([&](std::uint32_t rank) { right += calls(*group, rank, threads, seed, count); });
        QCOMPARE(right.load(), ranks * threads * count);
    }

    void processesSumInPiecesToo()
    {
        const std::uint32_t seed = chosenSeed();
        const std::shared_ptr<RankGroup> group = groupOf(2);
        const pid_t other = fork();
        if (other == 0) {
            Result<std::shared_ptr<RankGroup>> joined = RankGroup::join(dup(group->memory().descriptor()));
            _exit(joined && calls(**joined, 1, 1, seed, 40) == 40 ? 0 : 1);
        }
        QCOMPARE(calls(*group, 0, 1, seed, 40), 40U);
        int status = 0;
        QVERIFY(waitpid(other, &status, 0) == other && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }

    void whatFitsNoPlaceIsNotTaken()
    {
        const std::unique_ptr<Communicator> small = groupOf(2, 64)->communicator(0);
        QVERIFY(small->beginPieces(17, 17, 1) == nullptr); // 16 have room
        QVERIFY(small->beginPieces(16, 16, 1) != nullptr);
        QVERIFY(small->beginPieces(0, 1, 1) == nullptr && small->beginPieces(4, 0, 1) == nullptr);
        const std::unique_ptr<Communicator> many = groupOf(2)->communicator(0);
        QVERIFY(many->beginPieces(kMostPieces + 1, 1, 1) == nullptr);
        QVERIFY(many->beginPieces(kMostPieces, 1, 1) != nullptr);
        QVERIFY(groupOf(1)->communicator(0)->beginPieces(4, 4, 1) == nullptr); // nobody to add
    }

    void whoStaysAwayBetweenTwoPiecesIsNamed()
    {
        Pair pair(groupOf(2));
        for (std::uint32_t piece = 0; piece < 3; ++piece)
            pair.mine->filled(piece);
        pair.theirs->filled(0);
        QVERIFY(pair.mine->await(0, 0, soon()) && !pair.mine->isThere(1) && !pair.mine->stopped());
        QVERIFY(!pair.mine->await(1, 0, Deadline::inMilliseconds(kShort)) && pair.mine->stopped());
        const Result<void> late = pair.first->endPieces();
        QVERIFY(!late);
        QCOMPARE(late.error().message,
                 std::string("rank 0: rank 1 did not come to an all-reduce in pieces of 1200 bytes in time"));
        QVERIFY(pair.first->culprit() && *pair.first->culprit() == 1);
        QVERIFY(!pair.theirs->await(1, 0, soon()) && pair.theirs->stopped());
        QVERIFY(!pair.second->barrier(soon()));
    }

    void aRenewedGroupSumsAgain()
    {
        const std::shared_ptr<RankGroup> group = groupOf(2);
        Pair pair(group);
        pair.mine->filled(0);
        pair.mine->filled(1);
        pair.theirs->filled(0);
        QVERIFY(!pair.mine->await(1, 0, Deadline::inMilliseconds(kShort)));
        group->renew();
        pair.first->restart();
        pair.second->restart();
        QVERIFY(!pair.mine->stopped());
        Threads both(2);
        std::atomic<unsigned> right{0};
        both.run([&](std::uint32_t rank) {
            Communicator& all = rank == 0 ? *pair.first : *pair.second;
            const std::vector<float> mine = numbers(rank, 1, 300);
            std::vector<float> out(300);
            PiecedSum* sum = all.beginPieces(300, 100, 1);
            right += sumInPieces(*sum, Pair::kShape, mine, out, 0, 1) && sameBits(out, summed(2, 1, 300));
        });
        QCOMPARE(right.load(), 2U);
    }

    void whoDoesSomethingElseIsNamed()
    {
        const std::shared_ptr<RankGroup> group = groupOf(2);
        const std::unique_ptr<Communicator> first = group->communicator(0);
        PiecedSum* sum = first->beginPieces(20, 10, 1);
        std::thread other([&] {
            std::vector<float> values(20);
            VT_CHECK(!group->communicator(1)->allReduce(values, soon()));
        });
        sum->filled(0);
        const bool there = sum->await(0, 0, soon());
        other.join();
        QVERIFY(!there);
        const std::string words = first->endPieces().error().message;
        QVERIFY2(words.find("an all-reduce of 80 bytes") != std::string::npos &&
                     words.find("an all-reduce in pieces of 80 bytes") != std::string::npos,
                 words.c_str());
    }

    void anAbortWakesAllThreads()
    {
        const std::shared_ptr<RankGroup> group = groupOf(2);
        const std::unique_ptr<Communicator> first = group->communicator(0), second = group->communicator(1);
        Threads own(3);
        PiecedSum* sum = first->beginPieces(30, 10, own.count());
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(20)); // the others sleep by now
            second->abort("the window closes");
        });
        std::atomic<unsigned> told{0};
        own.run([&](std::uint32_t thread) {
            sum->filled(0);
            told += sum->await(0, thread, soon()) ? 0 : 1;
        });
        other.join();
        QCOMPARE(told.load(), 3U);
        QVERIFY(sum->stopped() && !first->culprit());
        QCOMPARE(first->endPieces().error().message, std::string("the window closes"));
    }

    void timeInWhichARankComputesOnIsHidden()
    {
        Pair pair(groupOf(2));
        std::vector<float> out(100);
        pair.mine->filled(0);
        std::this_thread::sleep_for(std::chrono::milliseconds(3)); // "computing" the next piece
        pair.theirs->filled(0);
        QVERIFY(pair.mine->isThere(0));
        pair.mine->add(0, 0, out, 0);
        QCOMPARE(out.front(), 3.0F);
        const RankTimes times = pair.first->takeTimes();
        QVERIFY(times.hiddenNs >= 3'000'000 && times.waitNs == 0 && times.sumNs > 0);
        QCOMPARE(times.bytes, std::uint64_t{300 * sizeof(float)});
        QCOMPARE(hiddenShare(times), 1.0);
        pair.theirs->add(0, 0, out, 0);
        QCOMPARE(pair.second->takeTimes().hiddenNs, std::int64_t{0}); // it came last
        QVERIFY(pair.first->takeTimes() == RankTimes());
    }

    void timeInWhichARankOnlyWaitsIsSeen()
    {
        Pair pair(groupOf(2));
        std::vector<float> out(100);
        pair.mine->filled(0);
        std::thread other([&] { // once the first one sleeps for it
            while (pair.group->line(1).pieces.sleepers.load() == 0)
                std::this_thread::yield();
            pair.theirs->filled(0);
        });
        const bool there = pair.mine->await(0, 0, soon());
        other.join();
        QVERIFY(there);
        pair.mine->add(0, 0, out, 0);
        const RankTimes times = pair.first->takeTimes();
        QVERIFY(times.waitNs > 0 && hiddenShare(times) < 1);
    }

    /// Their clock is data in shared memory, like everything else there.
    void aRankWhoseClockIsNonsenseMovesNoFiguresBeyondOnesOwn()
    {
        for (const std::int64_t nonsense :
             {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
            Pair pair(groupOf(2));
            std::vector<float> out(100);
            const std::int64_t before = nowNs();
            pair.mine->filled(0);
            pair.theirs->filled(0);
            for (auto& place : pair.group->line(1).toldNs)
                for (std::atomic<std::int64_t>& told : place)
                    told = nonsense;
            pair.mine->add(0, 0, out, 0);
            const std::int64_t hidden = pair.first->takeTimes().hiddenNs;
            QVERIFY(hidden >= 0 && hidden <= nowNs() - before);
        }
    }
};

QTEST_APPLESS_MAIN(PiecedSumTest)
#include "pieced_sum_test.moc"
