// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks of a group as threads and as processes: everybody gets the same right numbers, and whoever is late,
// gone, elsewhere or hostile is named to all within the deadline.
#include <QtTest>

#include <atomic>
#include <bit>
#include <cstring>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/parallel/rank_group.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;

namespace {

constexpr std::int64_t kLong = 60'000, kShort = 60; // milliseconds

Deadline soon()
{
    return Deadline::inMilliseconds(kLong);
}

std::shared_ptr<RankGroup> groupOf(std::uint32_t ranks, std::size_t place = 256)
{
    Result<std::shared_ptr<RankGroup>> group = RankGroup::create({ranks, place, place});
    VT_CHECK(group.has_value());
    return *group;
}

/// Each rank on a thread of its own; all are over on return.
void onAll(RankGroup& group, const std::function<void(Communicator&)>& work)
{
    std::vector<std::thread> threads;
    for (std::uint32_t rank = 0; rank < group.shape().ranks; ++rank)
        threads.emplace_back([&group, &work, rank] { work(*group.communicator(rank)); });
    for (std::thread& thread : threads)
        thread.join();
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
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

bool reduces(Communicator& all, std::uint32_t call, std::size_t count)
{
    std::vector<float> values = numbers(all.rank(), call, count);
    return all.allReduce(values, soon()) && sameBits(values, summed(all.ranks(), call, count));
}

std::vector<std::byte> text(std::uint32_t rank, std::uint32_t call, std::size_t count)
{
    std::vector<std::byte> bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::byte>(rank * 59 + call * 7 + i);
    return bytes;
}

bool gathers(Communicator& all, std::uint32_t call, std::size_t most)
{
    std::vector<std::size_t> sizes;
    std::vector<std::byte> expected;
    for (std::uint32_t rank = 0; rank < all.ranks(); ++rank) {
        sizes.push_back(most * (rank + call) / (all.ranks() + call));
        const std::vector<std::byte> one = text(rank, call, sizes.back());
        expected.insert(expected.end(), one.begin(), one.end());
    }
    std::vector<std::byte> found(expected.size());
    return all.allGather(text(all.rank(), call, sizes[all.rank()]), sizes, found, soon()) &&
           found == expected;
}

bool broadcasts(Communicator& all, std::uint32_t call, std::size_t count)
{
    const std::uint32_t root = call % all.ranks();
    std::vector<std::byte> bytes = text(all.rank(), call, count);
    return all.broadcast(bytes, root, soon()) && bytes == text(root, call, count);
}

/// Around the ring, each to the next; the messages are shorter than what two places hold, or rank 0 receives
/// first.
bool passesOn(Communicator& all, std::uint32_t call, std::size_t count)
{
    const std::uint32_t next = (all.rank() + 1) % all.ranks();
    const std::uint32_t before = (all.rank() + all.ranks() - 1) % all.ranks();
    std::vector<std::byte> bytes(count);
    const auto receive = [&] {
        return all.receive(bytes, before, soon()) && bytes == text(before, call, count);
    };
    if (next == all.rank())
        return true;
    if (all.rank() == 0)
        return all.send(text(0, call, count), next, soon()) && receive();
    return receive() && all.send(text(all.rank(), call, count), next, soon());
}

bool call(Communicator& all, std::uint32_t number, std::mt19937& random)
{
    const std::size_t count = random() % 1500;
    switch (random() % 5) {
    case 0:
        return reduces(all, number, count);
    case 1:
        return gathers(all, number, count);
    case 2:
        return broadcasts(all, number, count);
    case 3:
        return passesOn(all, number, count);
    default:
        return all.barrier(soon()).has_value();
    }
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

/// A rank as a process of its own; its result is whether the work said true.
class RankProcess
{
public:
    RankProcess(const RankGroup& group, std::uint32_t rank, const std::function<bool(Communicator&)>& work)
        : m_id(fork())
    {
        if (m_id != 0)
            return;
        Result<std::shared_ptr<RankGroup>> joined = RankGroup::join(dup(group.memory().descriptor()));
        _exit(joined && work(*(*joined)->communicator(rank)) ? 0 : 1);
    }
    ~RankProcess()
    {
        kill();
        static_cast<void>(succeeded());
    }
    RankProcess(const RankProcess&) = delete;
    RankProcess& operator=(const RankProcess&) = delete;
    void kill() const
    {
        if (!m_over)
            ::kill(m_id, SIGKILL);
    }
    bool succeeded()
    {
        int status = 0;
        const bool over = std::exchange(m_over, true);
        return !over && waitpid(m_id, &status, 0) == m_id && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private:
    pid_t m_id;
    bool m_over = false; ///< waited for
};

} // namespace

class CommunicatorTest : public QObject
{
    Q_OBJECT

private slots:
    void ranksGetTheSameSums_data()
    {
        QTest::addColumn<quint32>("ranks");
        QTest::addColumn<qulonglong>("values");
        for (const quint32 ranks : {1U, 2U, 3U, 4U, 7U})
            for (const qulonglong values : {0ULL, 1ULL, 63ULL, 1000ULL, 20'001ULL})
                QTest::addRow("%u ranks, %llu values", ranks, values) << ranks << values;
    }
    void ranksGetTheSameSums()
    {
        QFETCH(quint32, ranks);
        QFETCH(qulonglong, values);
        const std::shared_ptr<RankGroup> group = groupOf(ranks, 49'152); // in slices, and in several pieces
        std::atomic<unsigned> right{0};
        onAll(*group, [&](Communicator& all) {
            for (std::uint32_t round = 0; round < 3; ++round)
                right += reduces(all, round, values) ? 1 : 0;
        });
        QCOMPARE(right.load(), 3 * ranks);
    }

    void callsOfAllKindsFollowEachOther_data()
    {
        QTest::addColumn<quint32>("ranks");
        QTest::addColumn<qulonglong>("place");
        for (const quint32 ranks : {1U, 2U, 3U, 5U, 8U})
            for (const qulonglong place : {64ULL, 4096ULL})
                QTest::addRow("%u ranks, places of %llu", ranks, place) << ranks << place;
    }
    void callsOfAllKindsFollowEachOther()
    {
        QFETCH(quint32, ranks);
        QFETCH(qulonglong, place);
        const std::uint32_t seed = chosenSeed();
        const std::shared_ptr<RankGroup> group = groupOf(ranks, place);
        const std::uint32_t calls = vitrine::tests::effort(200U, 60U);
        std::atomic<unsigned> right{0};
        onAll(*group, [&](Communicator& all) {
            std::mt19937 random(seed);
            for (std::uint32_t number = 0; number < calls; ++number)
                right += call(all, number, random) ? 1 : 0;
        });
        QCOMPARE(right.load(), calls * ranks);
    }

    void processesAreRanksToo()
    {
        const std::uint32_t seed = chosenSeed();
        const std::shared_ptr<RankGroup> group = groupOf(3);
        const auto work = [seed](Communicator& all) {
            std::mt19937 random(seed);
            for (std::uint32_t number = 0; number < 60; ++number)
                if (!call(all, number, random))
                    return false;
            return true;
        };
        RankProcess one(*group, 1, work), two(*group, 2, work);
        QVERIFY(work(*group->communicator(0)));
        QVERIFY(one.succeeded() && two.succeeded());
    }

    void whoIsLateIsNamedToAll()
    {
        const std::shared_ptr<RankGroup> group = groupOf(3), both = groupOf(2);
        std::atomic<unsigned> told{0};
        onAll(*group, [&](Communicator& all) {
            std::vector<float> values(5);
            if (!all.allReduce(values, soon()) || all.rank() == 2)
                return; // goes away
            if (!both->communicator(all.rank())->barrier(soon()))
                return; // none of these two is late
            const Result<void> late = all.allReduce(values, Deadline::inMilliseconds(20 * kShort));
            const bool named =
                !late && late.error().message.find("rank 2 did not come to an all-reduce of 20 bytes") !=
                             std::string::npos;
            const Result<void> again = all.barrier(soon()); // at once
            told += named && !again && again.error().message == late.error().message ? 1 : 0;
            if (all.culprit())
                told += *all.culprit() == 2 ? 10 : 100;
        });
        QVERIFY2(told == 12 || told == 22, qPrintable(QString::number(told.load())));
        const Result<void> third = group->communicator(2)->barrier(soon());
        QVERIFY(!third && third.error().message.find("rank 2 did not come") != std::string::npos);
    }

    void aProcessThatDiesIsNamed()
    {
        const std::shared_ptr<RankGroup> group = groupOf(2);
        RankProcess other(*group, 1, [](Communicator& all) {
            std::vector<float> values(900);
            while (all.allReduce(values, soon())) {
            }
            return true;
        });
        const std::unique_ptr<Communicator> own = group->communicator(0);
        std::vector<float> values(900);
        for (int i = 0; i < 50; ++i)
            QVERIFY(own->allReduce(values, soon()).has_value());
        other.kill();
        Result<void> reduced;
        while (reduced)
            reduced = own->allReduce(values, Deadline::inMilliseconds(kShort));
        QVERIFY(!other.succeeded());
        QVERIFY(own->culprit() && *own->culprit() == 1);
    }

    void whoDoesSomethingElseIsNamed()
    {
        const std::shared_ptr<RankGroup> group = groupOf(2);
        std::atomic<unsigned> found{0};
        onAll(*group, [&](Communicator& all) {
            std::vector<std::byte> bytes(12);
            const Result<void> result =
                all.rank() == 0 ? all.broadcast(bytes, 0, soon()) : all.barrier(soon());
            const std::string& words = result ? std::string() : result.error().message;
            found += words.find("a barrier") != std::string::npos &&
                             words.find("a broadcast of 12 bytes") != std::string::npos
                         ? 1
                         : 0;
        });
        QCOMPARE(found.load(), 2U);
    }

    void messagesOfAnotherSizeAreRefused()
    {
        const std::shared_ptr<RankGroup> group = groupOf(2);
        QVERIFY(group->communicator(0)->send(text(0, 1, 8), 1, soon()).has_value());
        std::vector<std::byte> room(4);
        const std::unique_ptr<Communicator> other = group->communicator(1);
        const Result<void> received = other->receive(room, 0, soon());
        QVERIFY(!received && received.error().message.find("8 bytes instead of 4") != std::string::npos);
        QVERIFY(other->culprit() && *other->culprit() == 0);
    }

    void whoSendsWaitsForThePlacesToBeTaken()
    {
        const std::shared_ptr<RankGroup> group = groupOf(2, 64);
        const std::unique_ptr<Communicator> own = group->communicator(0);
        QVERIFY(own->send(text(0, 1, 128), 1, Deadline::inMilliseconds(kShort)).has_value());
        const Result<void> full = own->send(text(0, 1, 1), 1, Deadline::inMilliseconds(kShort));
        QVERIFY(!full && full.error().message.find("rank 1 did not take a message") != std::string::npos);
        const Result<void> other = group->communicator(1)->barrier(soon());
        QVERIFY(!other && other.error().message.find("did not take a message") != std::string::npos);
    }

    void whatWasSentBeforeTheEndIsReceived()
    {
        const std::shared_ptr<RankGroup> group = groupOf(2);
        const std::unique_ptr<Communicator> own = group->communicator(0), other = group->communicator(1);
        QVERIFY(own->send(text(0, 1, 20), 1, soon()).has_value());
        own->abort("gone");
        std::vector<std::byte> room(20);
        QVERIFY(other->receive(room, 0, soon()).has_value());
        QVERIFY(room == text(0, 1, 20));
        const Result<void> next = other->receive(room, 0, soon());
        QVERIFY(!next && next.error().message == "gone");
    }

    void anAbortWakesEverybody()
    {
        const std::shared_ptr<RankGroup> group = groupOf(4);
        std::atomic<unsigned> told{0};
        onAll(*group, [&](Communicator& all) {
            if (all.rank() == 3) {
                std::this_thread::sleep_for(std::chrono::milliseconds(20)); // others sleep by now
                return all.abort("the window closes");
            }
            std::vector<std::byte> room(9);
            const Result<void> result = all.rank() == 0 ? all.receive(room, 1, soon()) : all.barrier(soon());
            told += !result && result.error().message == "the window closes" && !all.culprit() ? 1 : 0;
        });
        QCOMPARE(told.load(), 3U);
    }

    void descriptorsOfOthersAreNoGroups()
    {
        QVERIFY(!RankGroup::join(-1));
        QVERIFY(!RankGroup::join(open("/dev/null", O_RDONLY | O_CLOEXEC)));
        const int unsealed = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        QVERIFY(ftruncate(unsealed, 1 << 16) == 0);
        QVERIFY(!RankGroup::join(unsealed));
        Result<SharedMemory> zeros = SharedMemory::create("test", 1 << 16);
        QVERIFY(zeros && !RankGroup::join(dup(zeros->descriptor())));
        Result<SharedMemory> small = SharedMemory::create("test", 8);
        QVERIFY(small && !RankGroup::join(dup(small->descriptor())));
        QVERIFY(!RankGroup::create({0, 64, 64}) && !RankGroup::create({kMostRanks + 1, 64, 64}));
        QVERIFY(!RankGroup::create({2, 63, 64}) && !RankGroup::create({2, 64, 0}));
    }

    void aDamagedHeaderIsRefused()
    {
        const std::uint32_t seed = chosenSeed();
        std::mt19937 random(seed);
        for (int round = 0; round < 300; ++round) {
            const std::shared_ptr<RankGroup> group = groupOf(1 + random() % 3, 64);
            const std::size_t place = random() % offsetof(GroupHeader, ending);
            std::byte& byte = group->memory().data()[place];
            byte ^= std::byte{1} << (random() % 8);
            QVERIFY(!RankGroup::join(dup(group->memory().descriptor())));
        }
    }

    /// Another rank writes what it likes: this one errs, but stays within its memory and its time.
    void aHostileRankHarmsNobody()
    {
        const std::uint32_t seed = chosenSeed();
        std::mt19937 random(seed);
        for (int round = 0; round < vitrine::tests::effort(60, 20); ++round) {
            const std::shared_ptr<RankGroup> group = groupOf(2, 64);
            std::byte* lines = group->memory().data() + sizeof(GroupHeader);
            const std::size_t bytes = group->memory().size() - sizeof(GroupHeader);
            for (std::size_t i = 0; i < bytes; i += 1 + random() % 40)
                lines[i] = static_cast<std::byte>(random());
            if (round % 4 == 0)
                group->header().reason.fill('y');
            const std::unique_ptr<Communicator> own = group->communicator(0);
            std::vector<float> values(100);
            std::vector<std::byte> room(100);
            const Deadline deadline = Deadline::inMilliseconds(5);
            (void)own->receive(room, 1, deadline);
            (void)own->send(room, 1, deadline);
            (void)own->allReduce(values, deadline);
            own->abort(std::string(1000, 'x'));
            QVERIFY(!own->barrier(deadline));
            QVERIFY(group->reason().size() <= GroupHeader::kReasonBytes);
        }
    }
};

QTEST_APPLESS_MAIN(CommunicatorTest)
#include "communicator_test.moc"
