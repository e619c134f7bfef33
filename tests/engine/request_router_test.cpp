// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets which request: the replica that has its beginning, unless its queue costs more; never one that is
// too far ahead. Made-up conversations against replicas whose caches are kept exactly.
#include <QtTest>

#include <deque>
#include <map>
#include <random>

#include "engine/replicas/request_router.h"

using namespace vitrine::engine;

namespace {

constexpr std::uint32_t kBlock = 16;

RouterOptions options(std::uint32_t replicas, std::uint64_t blocks = 4096)
{
    RouterOptions options;
    options.replicas = replicas;
    options.blockSize = kBlock;
    options.cachedBlocks = blocks;
    options.seed = 7;
    return options;
}

std::vector<TokenId> tokens(std::size_t count, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::vector<TokenId> list(count);
    for (TokenId& token : list)
        token = static_cast<TokenId>(random() % 49'152);
    return list;
}

/// The prefix cache of one replica as it really is: whole blocks by their beginning, those used last.
class ExactCache
{
public:
    explicit ExactCache(std::size_t blocks) : m_most(blocks) {}

    std::size_t found(const std::vector<TokenId>& prompt) const
    {
        std::size_t end = kBlock;
        while (end < prompt.size() && m_used.contains({prompt.begin(), prompt.begin() + long(end)}))
            end += kBlock;
        return end - kBlock;
    }
    void keep(const std::vector<TokenId>& path)
    {
        for (std::size_t end = path.size() / kBlock * kBlock; end >= kBlock; end -= kBlock)
            m_used[{path.begin(), path.begin() + long(end)}] = ++m_clock;
        while (m_used.size() > m_most)
            m_used.erase(std::min_element(m_used.begin(), m_used.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; }));
    }

private:
    std::size_t m_most;
    std::uint64_t m_clock = 0;
    std::map<std::vector<TokenId>, std::uint64_t> m_used;
};

struct Outcome
{
    std::uint64_t hits = 0, prompts = 0;
    std::vector<std::uint64_t> requests;
};

using Choose = std::function<std::uint32_t(const RoutedRequest&)>;

/// Conversations that take turns in a random order, each turn after the one before has ended; some begin with
/// one of a few instructions. `ended`: what was routed has been answered.
Outcome converse(std::uint32_t seed, std::uint32_t replicas, std::size_t blocks, const Choose& choose,
                 const std::function<void(RequestId, const std::vector<TokenId>&)>& ended)
{
    std::mt19937 random(seed);
    std::vector<ExactCache> caches(replicas, ExactCache(blocks));
    std::vector<std::vector<TokenId>> histories(12);
    for (std::size_t i = 0; i < histories.size(); ++i)
        histories[i] = i % 3 == 0 ? std::vector<TokenId>() : tokens(20 + random() % 120, seed + i % 3);
    std::deque<std::pair<RequestId, std::vector<TokenId>>> running;
    Outcome outcome{0, 0, std::vector<std::uint64_t>(replicas)};
    for (std::uint64_t turn = 1; turn <= 240; ++turn) {
        std::vector<TokenId>& history = histories[random() % histories.size()];
        const std::vector<TokenId> said = tokens(5 + random() % 60, random());
        history.insert(history.end(), said.begin(), said.end());
        const std::uint32_t replica = choose({RequestId{turn}, 1, history, {}, 40});
        outcome.hits += caches[replica].found(history);
        outcome.prompts += history.size();
        ++outcome.requests[replica];
        const std::vector<TokenId> reply = tokens(random() % 40, random());
        history.insert(history.end(), reply.begin(), reply.end());
        caches[replica].keep(history);
        running.emplace_back(RequestId{turn}, history);
        while (running.size() > 4 || (turn == 240 && !running.empty())) {
            ended(running.front().first, running.front().second);
            running.pop_front();
        }
    }
    return outcome;
}

} // namespace

class RequestRouterTest : public QObject
{
    Q_OBJECT

private slots:
    void aConversationStaysWhereItsBeginningIs()
    {
        RequestRouter router(options(3));
        std::vector<TokenId> history = tokens(100, 1);
        const std::uint32_t home = router.route({RequestId{1}, 1, history, {}, 20});
        router.finished(RequestId{1}, history, {});
        for (std::uint64_t turn = 2; turn < 10; ++turn) {
            const std::vector<TokenId> more = tokens(30, static_cast<std::uint32_t>(turn));
            history.insert(history.end(), more.begin(), more.end());
            QCOMPARE(router.route({RequestId{turn}, 1, history, {}, 20}), home);
            router.said(RequestId{turn});
            router.finished(RequestId{turn}, history, {});
        }
        QVERIFY(router.expectedHits(home) > 8 * 80);
    }

    void repliesBelongToTheBeginningOfTheNextTurn()
    {
        RequestRouter router(options(2));
        const std::vector<TokenId> prompt = tokens(10, 1);
        const std::uint32_t home = router.route({RequestId{1}, 1, prompt, {}, 200});
        std::vector<TokenId> path = tokens(210, 1);
        router.said(RequestId{1});
        router.finished(RequestId{1}, path, {});
        // Something else for the home, so that fairness alone would send the next one away.
        router.route({RequestId{2}, 1, tokens(8, 3), {}, 1});
        router.route({RequestId{3}, 1, tokens(8, 4), {}, 1});
        path.push_back(5);
        QCOMPARE(router.route({RequestId{4}, 1, path, {}, 10}), home);
    }

    void aLongQueueCostsMoreThanComputingAgain()
    {
        RequestRouter router(options(2));
        const std::vector<TokenId> prompt = tokens(320, 1);
        const std::uint32_t home = router.route({RequestId{1}, 1, prompt, {}, 1});
        std::uint64_t id = 1;
        while (router.load(home) <= 320 + router.load(1 - home)) // until it has more than the prefix saves
            QCOMPARE(router.route({RequestId{++id}, 8, prompt, {}, 20}), home);
        QCOMPARE(router.route({RequestId{++id + 100}, 1, prompt, {}, 20}), 1 - home);
    }

    void anotherScopeSharesNothing()
    {
        RequestRouter router(options(2));
        const std::vector<TokenId> prompt = tokens(320, 1);
        CacheScope salted;
        salted.salt = 9;
        const std::uint32_t home = router.route({RequestId{1}, 1, prompt, {}, 20});
        QCOMPARE(router.route({RequestId{2}, 1, prompt, salted, 20}), 1 - home);
        QCOMPARE(router.expectedHits(0) + router.expectedHits(1), std::uint64_t{0});
    }

    void withoutACacheRequestsAreSharedOutByLoad()
    {
        RequestRouter router(options(4, 0));
        const std::vector<TokenId> prompt = tokens(200, 1);
        for (std::uint64_t id = 1; id <= 40; ++id)
            router.route({RequestId{id}, 1, prompt, {}, 20});
        for (std::uint32_t replica = 0; replica < 4; ++replica)
            QCOMPARE(router.requests(replica), std::uint64_t{10});
    }

    void forgetsWhatTheReplicaCannotHoldAnyMore()
    {
        RequestRouter router(options(2, 32));
        std::uint64_t id = 0;
        const std::vector<TokenId> early = tokens(10 * kBlock + 1, 1);
        const std::uint32_t home = router.route({RequestId{++id}, 1, early, {}, 1});
        router.finished(RequestId{id}, early, {});
        while (router.requests(home) < 12) {
            const std::vector<TokenId> other = tokens(10 * kBlock + 1, static_cast<std::uint32_t>(100 + id));
            router.route({RequestId{++id}, 1, other, {}, 1});
            router.finished(RequestId{id}, other, {});
        }
        const std::uint64_t before = router.expectedHits(0) + router.expectedHits(1);
        router.route({RequestId{++id}, 1, early, {}, 1});
        QCOMPARE(router.expectedHits(0) + router.expectedHits(1), before);
    }

    void whoFailsGetsNothingWhileAnotherIsLeft()
    {
        RequestRouter router(options(3));
        const std::vector<TokenId> prompt = tokens(320, 1);
        const std::uint32_t home = router.route({RequestId{1}, 1, prompt, {}, 20});
        router.finished(RequestId{1}, prompt, {});
        router.takeOut(home); // empty and with the whole prompt, and yet
        for (std::uint64_t id = 2; id < 60; ++id)
            QVERIFY(router.route({RequestId{id}, 1, prompt, {}, 20}) != home);
        for (std::uint32_t other = 0; other < 3; ++other)
            router.takeOut(other);
        QCOMPARE(router.route({RequestId{60}, 1, prompt, {}, 20}), home);
    }

    void nothingIsLeftOfTheLoadWhenAllHasEnded()
    {
        std::mt19937 random(3);
        RequestRouter router(options(3));
        for (std::uint64_t id = 1; id < 400; id += 4) {
            const std::vector<TokenId> prompt = tokens(1 + random() % 300, random());
            const auto samples = static_cast<std::uint32_t>(1 + random() % 4);
            router.route({RequestId{id}, samples, prompt, {}, random() % 3 == 0 ? 0U : 50U});
            for (std::uint32_t i = 0; i < samples; ++i) {
                const RequestId request{id + i};
                if (random() % 2 == 0)
                    router.computed(request, static_cast<std::uint32_t>(random() % 300));
                for (std::uint32_t said = random() % 200; said > 0; --said)
                    router.said(request);
                router.finished(request, prompt, {});
                router.said(request); // late, and no longer of interest
                router.finished(request, prompt, {});
            }
        }
        for (std::uint32_t replica = 0; replica < 3; ++replica)
            QCOMPARE(router.load(replica), std::uint64_t{0});
    }

    void findsAtLeastWhatRandomRoutingFinds_data()
    {
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<quint32>("replicas");
        QTest::addColumn<quint32>("blocks");
        for (const quint32 seed : {1U, 2U, 3U, 4U, 5U})
            for (const quint32 replicas : {2U, 3U, 5U})
                for (const quint32 blocks : {60U, 200U, 2000U})
                    QTest::addRow("%u: %u replicas of %u blocks", seed, replicas, blocks)
                        << seed << replicas << blocks;
    }
    void findsAtLeastWhatRandomRoutingFinds()
    {
        QFETCH(quint32, seed);
        QFETCH(quint32, replicas);
        QFETCH(quint32, blocks);
        RequestRouter router(options(replicas, blocks));
        const Outcome routed = converse(
            seed, replicas, blocks, [&](const RoutedRequest& request) { return router.route(request); },
            [&](RequestId id, const std::vector<TokenId>& path) {
                router.said(id);
                router.finished(id, path, {});
            });
        std::mt19937 random(seed + 99);
        const Outcome scattered = converse(
            seed, replicas, blocks,
            [&](const RoutedRequest&) { return static_cast<std::uint32_t>(random() % replicas); },
            [](RequestId, const std::vector<TokenId>&) {});
        QCOMPARE(routed.prompts, scattered.prompts);
        QVERIFY2(
            routed.hits >= scattered.hits,
            qPrintable(QString("%1 and %2 of %3").arg(routed.hits).arg(scattered.hits).arg(routed.prompts)));
        for (const std::uint64_t requests : routed.requests) // nobody is left idle
            QVERIFY(requests * replicas * 5 >= 240);
    }

    void whoGetsARequestIsNeverFarAhead_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 20; ++seed)
            QTest::addRow("%u", seed) << seed;
    }
    /// Even where all requests have one long beginning in common, which tempts to send all to one.
    void whoGetsARequestIsNeverFarAhead()
    {
        QFETCH(quint32, seed);
        std::mt19937 random(seed);
        RouterOptions bounded = options(2 + random() % 4);
        bounded.mostAhead = 200 + random() % 3000;
        RequestRouter router(bounded);
        const std::vector<TokenId> beginning = tokens(6'000, seed);
        std::vector<RequestId> running;
        std::uint64_t last = 0;
        for (int i = 0; i < 400; ++i) {
            if (!running.empty() && random() % 3 == 0) {
                const std::size_t which = random() % running.size();
                router.finished(running[which], {}, {});
                running.erase(running.begin() + long(which));
                continue;
            }
            std::vector<TokenId> prompt = beginning;
            const std::vector<TokenId> own = tokens(random() % 400, random());
            prompt.insert(prompt.end(), own.begin(), own.end());
            std::vector<std::uint64_t> before;
            for (std::uint32_t replica = 0; replica < bounded.replicas; ++replica)
                before.push_back(router.load(replica));
            const std::uint64_t least = router.leastLoad();
            running.push_back(RequestId{++last});
            const std::uint32_t chosen = router.route({running.back(), 1, prompt, {}, 60});
            QVERIFY(before[chosen] <= least + bounded.mostAhead);
        }
        for (std::uint32_t replica = 0; replica < bounded.replicas; ++replica)
            QVERIFY(router.requests(replica) > 0);
    }
};

QTEST_APPLESS_MAIN(RequestRouterTest)
#include "request_router_test.moc"
