// SPDX-License-Identifier: GPL-3.0-or-later
// Processes that share a model, for as long as VITRINE_SOAK_SECONDS says (an hour without it), one plan after
// the other under a load, while ranks are killed, aborted, stopped and held up: every reply is that of a
// quiet run, the bookkeeping holds after every step, and neither memory nor descriptors nor processes add up.
#include <QtTest>

#include <csignal>
#include <random>
#include <thread>

#include <malloc.h>

#include "tests/engine/support/ranked_load.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr qint64 kPhaseMs = 20'000; ///< of one plan
constexpr long kMostGrowthKb = 8'192;

struct Plan
{
    std::uint32_t stages, ranks;
};
constexpr Plan kPlans[] = {{1, 2}, {1, 3}, {2, 1}, {2, 2}, {1, 4}};

EngineOptions optionsOf(const Plan& plan)
{
    EngineOptions options = engineOptions(plan.ranks, kNeverFewer);
    options.executor.stageCount = plan.stages;
    options.executor.threads = plan.ranks * plan.stages;
    return options;
}

/// What this process holds in memory of its own, in KB.
long ownMemory()
{
    malloc_trim(0);
    QFile file("/proc/self/status");
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith("RssAnon:"))
            return line.simplified().split(' ').at(1).toLong();
    return -1;
}

qsizetype openDescriptors()
{
    return QDir("/proc/self/fd")
        .entryList(QDir::NoDotAndDotDot | QDir::System | QDir::Files | QDir::Dirs)
        .size();
}

/// Somebody who does harm to a rank now and then, and takes back what is taken back.
class Mischiefs
{
public:
    explicit Mischiefs(unsigned seed) : m_random(seed) {}
    ~Mischiefs() { settle(); }

    void operator()(std::uint64_t step)
    {
        if (step < m_next)
            return;
        m_next = step + 1 + m_random() % 40;
        const std::vector<pid_t> ranks = workerIds();
        if (ranks.empty())
            return;
        const pid_t rank = ranks[m_random() % ranks.size()];
        const unsigned kind = m_random() % 5;
        ::kill(rank, kind == 0 ? SIGKILL : kind == 1 ? SIGABRT : kind == 2 ? SIGSEGV : SIGSTOP);
        ++m_done;
        if (kind == 4)
            m_wakes.emplace_back([rank, pause = m_random() % 300] {
                std::this_thread::sleep_for(std::chrono::milliseconds(pause));
                ::kill(rank, SIGCONT);
            });
    }
    /// Between two loads, whose steps are counted anew.
    void settle()
    {
        for (std::thread& wake : m_wakes)
            wake.join();
        m_wakes.clear();
        m_next = 3;
    }
    std::size_t done() const { return m_done; }

private:
    std::mt19937 m_random;
    std::uint64_t m_next = 3;
    std::size_t m_done = 0;
    std::vector<std::thread> m_wakes;
};

} // namespace

class RanksSoak : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_state.isValid());
        qputenv("XDG_STATE_HOME", m_state.path().toUtf8());
    }

    void nothingAddsUpAndNoReplyChanges()
    {
        const qint64 wantedMs =
            1'000 * std::max(1, qEnvironmentVariable("VITRINE_SOAK_SECONDS", "3600").toInt());
        const auto seed = static_cast<unsigned>(QDateTime::currentMSecsSinceEpoch());
        qInfo("seed %u", seed);
        Mischiefs mischief(seed);
        QElapsedTimer clock;
        clock.start();
        for (std::size_t phase = 0; phase < std::size(kPlans) || clock.elapsed() < wantedMs; ++phase) {
            const Plan plan = kPlans[phase % std::size(kPlans)];
            const qint64 untilMs = std::min(wantedMs, clock.elapsed() + kPhaseMs);
            onePlan(plan, mischief, [&] { return clock.elapsed() < untilMs; });
            if (QTest::currentTestFailed())
                return;
            checkNothingIsLeft(phase);
            qInfo("%lld s: %u stages of %u ranks, %zu loads, %zu faults, %zu recoveries, %ld KB",
                  clock.elapsed() / 1000, plan.stages, plan.ranks, m_loads, mischief.done(), m_recoveries,
                  ownMemory());
        }
        QVERIFY(mischief.done() > 0 && m_recoveries > 0);
    }

private:
    template<class GoesOn>
    void onePlan(const Plan& plan, Mischiefs& mischief, GoesOn goesOn)
    {
        const std::vector<GenerationRequest> load = mixedLoad(16, tinyModel("llama")->config().vocab);
        const auto engine = rankedEngine(optionsOf(plan));
        QVERIFY(engine);
        const Replies quiet = runLoad(*engine, load);
        QCOMPARE(quiet.finished, load.size());
        std::size_t round = 0;
        do {
            ++round;
            mischief.settle();
            const Replies replies = runLoad(*engine, load, [&](std::uint64_t step) { mischief(step); });
            QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
            QCOMPARE(replies.finished, load.size());
            for (const auto& [id, tokens] : quiet.tokens)
                QCOMPARE(replies.tokens.at(id + round * load.size()), tokens);
            m_recoveries += engine->takeRecoveries().size();
        } while (goesOn());
        m_loads += round;
        mischief.settle();
        engine->unload();
    }

    /// The first time through all plans is for what grows once.
    void checkNothingIsLeft(std::size_t phase)
    {
        QVERIFY(workerIds().empty());
        QVERIFY(QDir(m_state.path() + "/vitrine/ranks").entryList(QDir::Files).size() <= 10);
        if (phase < std::size(kPlans)) {
            m_memory = std::max(m_memory, ownMemory());
            m_descriptors = std::max(m_descriptors, openDescriptors());
            return;
        }
        QVERIFY2(ownMemory() <= m_memory + kMostGrowthKb, qPrintable(QString("%1 KB").arg(ownMemory())));
        QVERIFY(openDescriptors() <= m_descriptors);
    }

    QTemporaryDir m_state;
    std::size_t m_loads = 0, m_recoveries = 0;
    long m_memory = 0; ///< KB
    qsizetype m_descriptors = 0;
};

QTEST_GUILESS_MAIN(RanksSoak)
#include "ranks_soak.moc"
