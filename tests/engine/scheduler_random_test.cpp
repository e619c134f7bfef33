// SPDX-License-Identifier: GPL-3.0-or-later
// Random load on random pools: invariants after every step, and every reply equal to the one computed without
// any cache. VITRINE_RANDOM_SEED repeats a run, VITRINE_RANDOM_STEPS makes it longer.
#include <QtTest>

#include <random>

#include "tests/engine/support/scheduler_rig.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using vitrine::tests::effort;

namespace {

using Random = std::mt19937_64;

std::uint32_t pick(Random& random, std::uint32_t low, std::uint32_t high)
{
    return std::uniform_int_distribution<std::uint32_t>(low, high)(random);
}

RigOptions randomOptions(Random& random)
{
    RigOptions options;
    options.pool.blocks = pick(random, 2, 40);
    options.pool.blockSize = pick(random, 1, 8);
    options.pool.prefixCache = pick(random, 0, 7) != 0;
    options.pool.hostBlocks = pick(random, 0, 2) == 0 ? pick(random, 1, 60) : 0;
    if (pick(random, 0, 2) == 0)
        options.pool.shape = {pick(random, 1, 3), pick(random, 1, 4), pick(random, 1, 40)};
    options.scheduler.maxRunning = pick(random, 1, 8);
    options.scheduler.tokenBudget = pick(random, 0, 3) == 0 ? pick(random, 1, 4) : pick(random, 1, 40);
    options.scheduler.watermark = std::array{0.0, 0.01, 0.2}[pick(random, 0, 2)];
    options.scheduler.contextLength = pick(random, 0, 3) == 0 ? pick(random, 2, 100) : 0;
    options.scheduler.policy = static_cast<PolicyKind>(pick(random, 0, 3));
    options.scheduler.mode = static_cast<BatchMode>(pick(random, 0, 1));
    options.scheduler.victim = static_cast<VictimChoice>(pick(random, 0, 1));
    options.scheduler.preemption = static_cast<PreemptionChoice>(pick(random, 0, 2));
    options.scheduler.itlTarget = pick(random, 0, 3) == 0 ? 0.01 : 0.0;
    options.scheduler.kvBytesPerToken = 1024;
    if (!options.pool.shape.mixed() && pick(random, 0, 7) == 0)
        options.scheduler.slidingWindow = pick(random, 4, 40);
    options.vocab = pick(random, 2, 5);
    return options;
}

/// Prompts of a few families that share their beginnings, over a small vocabulary.
RequestSpec randomSpec(Random& random, const RigOptions& options)
{
    const std::uint32_t blocks = options.pool.blocks * options.pool.blockSize;
    const std::uint32_t room = options.pool.shape.mixed() ? 3 * blocks / 2 : blocks; // may be refused
    const std::uint32_t most =
        std::min(room, options.scheduler.contextLength != 0 ? options.scheduler.contextLength : room);
    RequestSpec spec;
    spec.maxTokens = pick(random, 1, std::max(1U, std::min(most - 1, 30U)));
    const std::uint32_t length =
        pick(random, 1, std::max(1U, std::min(most - spec.maxTokens, room > blocks ? 120U : 60U)));
    Random family(pick(random, 0, 2));
    const std::uint32_t shared = pick(random, 0, length);
    for (std::uint32_t i = 0; i < length; ++i)
        spec.prompt.push_back(static_cast<TokenId>(pick(i < shared ? family : random, 0, options.vocab - 1)));
    if (pick(random, 0, 4) == 0)
        spec.stopTokens = {static_cast<TokenId>(pick(random, 0, options.vocab - 1))};
    spec.scope.salt = pick(random, 0, 5) == 0 ? 1 : 0;
    spec.priority = static_cast<std::int32_t>(pick(random, 0, 4)) - 2;
    spec.client = std::string(1, static_cast<char>('a' + pick(random, 0, 3)));
    spec.sampleKey = pick(random, 0, 1);
    if (pick(random, 0, 11) == 0)
        spec.keepTokens = pick(random, 1, 30);
    else if (pick(random, 0, 11) == 0)
        spec.endless = {pick(random, 0, 6), pick(random, 1, 30)};
    return spec;
}

std::uint64_t fromEnvironment(const char* name, std::uint64_t otherwise)
{
    const QByteArray value = qgetenv(name);
    return value.isEmpty() ? otherwise : value.toULongLong();
}

/// One rig under random arrivals and cancels, then drained.
class RandomRun
{
public:
    explicit RandomRun(std::uint64_t seed)
        : m_random(seed), m_options(randomOptions(m_random)), m_rig(m_options)
    {
        const std::uint32_t way = pick(m_random, 0, 2);
        m_rig.ahead = way > 0;
        m_rig.follows = way > 1;
        m_rig.duringStep = [this] {
            if (pick(m_random, 0, 60) == 0)
                cancelOne();
            if (pick(m_random, 0, 60) == 0)
                submitOne();
            noteAttention();
        };
    }

    /// Returns the first fault.
    std::string run(std::uint32_t steps)
    {
        const std::uint32_t arrivalOneIn = pick(m_random, 1, 12);
        for (m_steps = 0; m_steps < steps && m_rig.fault.empty(); ++m_steps) {
            if (pick(m_random, 1, arrivalOneIn) == 1)
                submitOne();
            if (pick(m_random, 0, 40) == 0)
                cancelOne();
            if (pick(m_random, 0, 300) == 0)
                m_rig.cache.dropPrefixes();
            if (pick(m_random, 0, 80) == 0)
                reconfigure();
            if (pick(m_random, 0, 120) == 0)
                resize();
            if (pick(m_random, 0, 40) == 0)
                prefetch();
            pick(m_random, 0, 250) == 0 ? failStep() : advance();
        }
        const auto works = [this] { return m_rig.scheduler.hasWork() || m_rig.behind; };
        for (; works() && m_rig.fault.empty() && m_steps < 100 * steps; ++m_steps)
            advance();
        m_rig.note(m_rig.scheduler.hasWork() ? "work never ends" : "");
        m_rig.note(m_rig.cache.usage().referenced == 0 ? "" : "blocks leak");
        return m_rig.fault;
    }

    std::uint64_t steps() const { return m_steps; }
    std::uint64_t followed() const { return m_rig.followed; }
    std::uint64_t preemptions = 0, swaps = 0, cachedTokens = 0, finished = 0, forks = 0;

private:
    void submitOne()
    {
        if (m_rig.scheduler.waiting() >= 20)
            return;
        RequestSpec spec = randomSpec(m_random, m_options);
        std::vector<std::uint64_t> keys(pick(m_random, 0, 4) == 0 ? pick(m_random, 2, 5) : 1);
        for (std::uint64_t& key : keys)
            key = pick(m_random, 0, 3);
        const auto ids = m_rig.scheduler.submitSamples(std::move(spec), keys);
        if (ids) // a pool that shrank may refuse
            m_live.insert(m_live.end(), ids->begin(), ids->end());
    }

    void noteAttention()
    {
        for (const std::int32_t sequence : m_rig.batch.forward.massRows) {
            const RequestId id = m_rig.batch.rows[static_cast<std::size_t>(sequence)].request;
            std::vector<float> mass(m_rig.cache.table(id).size());
            for (float& part : mass)
                part = static_cast<float>(pick(m_random, 0, 100)) / 100.0F;
            if (m_rig.scheduler.find(id) != nullptr &&
                m_rig.scheduler.find(id)->state == RequestState::Running)
                m_rig.scheduler.noteAttention(id, mass);
        }
    }

    void prefetch()
    {
        if (m_live.empty())
            return;
        const RequestId id = m_live[pick(m_random, 0, static_cast<std::uint32_t>(m_live.size()) - 1)];
        if (const Request* request = m_rig.scheduler.find(id))
            m_rig.cache.prefetch(request->spec.prompt, request->spec.scope, pick(m_random, 0, 5));
        m_rig.check();
    }

    void cancelOne()
    {
        if (!m_live.empty())
            m_rig.scheduler.cancel(m_live[pick(m_random, 0, static_cast<std::uint32_t>(m_live.size()) - 1)]);
    }

    void reconfigure()
    {
        SchedulerOptions options = randomOptions(m_random).scheduler;
        options.contextLength = m_options.scheduler.contextLength;
        options.slidingWindow = m_options.scheduler.slidingWindow;
        // Fewer than run already: nobody is thrown out, and nobody comes in.
        options.maxRunning = std::max(options.maxRunning, m_rig.scheduler.running());
        m_rig.note(m_rig.scheduler.configure(options) ? "" : "good options were refused");
    }

    void resize()
    {
        m_rig.settle();
        const std::uint32_t blocks = pick(m_random, 2, 40);
        std::vector<PreemptionEvent> events;
        std::vector<RequestId> ended;
        m_rig.executor.resize(std::max(blocks, m_rig.cache.options().blocks));
        if (!m_rig.scheduler.resizePool(blocks, events, ended))
            m_rig.note("the pool could not be resized");
        m_rig.executor.transfer(m_rig.cache.takeTransfers());
        m_rig.executor.resize(m_rig.cache.options().blocks);
        m_rig.check();
    }

    void failStep()
    {
        if (m_rig.behind && pick(m_random, 0, 1) == 0)
            m_rig.settle();
        if (m_rig.behind)
            m_rig.batch = std::move(*m_rig.behind);
        else
            m_rig.batch = m_rig.scheduler.schedule();
        m_rig.behind.reset();
        if (m_rig.follows && !m_rig.batch.empty() && m_rig.scheduler.planAhead())
            if (std::optional<ScheduledBatch> behind = m_rig.scheduler.draft())
                m_rig.scheduler.follow(*behind); // goes down with it
        m_rig.scheduler.abandon(m_rig.batch);
        m_rig.check();
    }

    void advance()
    {
        const bool work = m_rig.scheduler.hasWork() && !m_rig.behind;
        if (!m_rig.step() && work && m_rig.batch.preemptions.empty())
            m_rig.note("work waits, but nothing was scheduled");
        preemptions += m_rig.batch.preemptions.size();
        for (const PreemptionEvent& event : m_rig.batch.preemptions)
            swaps += event.action == PreemptionAction::Swap ? 1 : 0;
        forks += m_rig.batch.forks.size();
        cachedTokens += m_rig.batch.cachedTokens;
        std::erase_if(m_live, [this](RequestId id) { return collect(id); });
    }

    bool collect(RequestId id)
    {
        const Request* request = m_rig.scheduler.find(id);
        if (request == nullptr || request->state != RequestState::Finished)
            return request == nullptr;
        const std::vector<TokenId> expected = m_rig.executor.reference(request->spec);
        const bool cutShort =
            request->finish == FinishReason::Length && request->reply.size() < expected.size();
        if (request->finish == FinishReason::Cancelled || request->finish == FinishReason::Error ||
            cutShort) {
            if (request->reply.size() > expected.size() ||
                !std::equal(request->reply.begin(), request->reply.end(), expected.begin()))
                m_rig.note("an unfinished reply is not the beginning of the right one");
        } else if (request->reply != expected) {
            m_rig.note("a reply differs from that computed without a cache");
        }
        ++finished;
        m_rig.scheduler.forget(id);
        return true;
    }

    Random m_random;
    RigOptions m_options;
    SchedulerRig m_rig;
    std::vector<RequestId> m_live;
    std::uint64_t m_steps = 0;
};

} // namespace

class SchedulerRandomTest : public QObject
{
    Q_OBJECT

private slots:
    void invariantsHoldAndRepliesAreRightUnderRandomLoad()
    {
        const std::uint64_t seed = fromEnvironment("VITRINE_RANDOM_SEED", std::random_device{}());
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        const std::uint64_t wanted = fromEnvironment("VITRINE_RANDOM_STEPS", effort(1'000'000, 80'000));
        std::uint64_t steps = 0, runs = 0, preemptions = 0, swaps = 0, cached = 0, finished = 0, forks = 0;
        std::uint64_t followed = 0;
        for (; steps < wanted; ++runs) {
            RandomRun run(seed + runs);
            const std::string fault = run.run(600);
            steps += run.steps();
            preemptions += run.preemptions;
            swaps += run.swaps;
            forks += run.forks;
            followed += run.followed();
            cached += run.cachedTokens;
            finished += run.finished;
            QVERIFY2(fault.empty(), qPrintable(QStringLiteral("seed %1, step %2: %3")
                                                   .arg(seed + runs)
                                                   .arg(run.steps())
                                                   .arg(QString::fromStdString(fault))));
        }
        qInfo("seed %llu: %llu steps, %llu runs, %llu requests, %llu preemptions (%llu by swap), %llu forks, "
              "%llu cached tokens, %llu steps behind others",
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(steps),
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(finished),
              static_cast<unsigned long long>(preemptions), static_cast<unsigned long long>(swaps),
              static_cast<unsigned long long>(forks), static_cast<unsigned long long>(cached),
              static_cast<unsigned long long>(followed));
        QVERIFY(preemptions > 100 && swaps > 100 && forks > 100 && cached > 1000 && followed > 1000 &&
                finished > 1000); // the load reaches what it is for
    }

    void repliesAreEqualWhateverPoolBudgetAndCache()
    {
        const std::uint64_t seed = fromEnvironment("VITRINE_RANDOM_SEED", std::random_device{}());
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        Random random(seed);
        RigOptions smallest = randomOptions(random);
        smallest.pool.blocks = 12;
        smallest.pool.blockSize = 4;
        smallest.pool.shape = {};
        smallest.scheduler.contextLength = 0;
        std::vector<RequestSpec> specs;
        for (int i = 0; i < 40; ++i)
            specs.push_back(randomSpec(random, smallest));
        for (RequestSpec& spec : specs) // whose replies a real model would change
            spec.endless = {}, spec.keepTokens = 0;
        for (int configuration = 0; configuration < effort(60, 8); ++configuration) {
            RigOptions options = randomOptions(random);
            options.pool.blocks = pick(random, 0, 1) == 0 ? 48 / options.pool.blockSize + 1 : 200;
            options.scheduler.contextLength = 0;
            options.vocab = smallest.vocab;
            SchedulerRig rig(options);
            std::vector<RequestId> ids;
            for (const RequestSpec& spec : specs)
                ids.push_back(rig.submit(spec));
            QVERIFY2(rig.drain(), rig.fault.c_str());
            for (std::size_t i = 0; i < ids.size(); ++i)
                QCOMPARE(rig.request(ids[i]).reply, rig.executor.reference(specs[i]));
        }
    }
};

QTEST_APPLESS_MAIN(SchedulerRandomTest)
#include "scheduler_random_test.moc"
