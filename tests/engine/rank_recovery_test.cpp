// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks in processes that are killed, stopped, delayed or that write nonsense, under a load: everybody's
// reply is that of a quiet run, and nobody ends for it.
#include <QtTest>

#include <csignal>
#include <random>
#include <thread>

#include "engine/execution/weight_share.h"
#include "tests/engine/support/ranked_load.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

class RankRecoveryTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_state.isValid());
        qputenv("XDG_STATE_HOME", m_state.path().toUtf8());
    }

    void aKilledRankIsReplacedAndNobodyNotices_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("killed") << SIGKILL;
        QTest::newRow("crashed") << SIGSEGV;
        QTest::newRow("stopped") << SIGSTOP;
    }
    void aKilledRankIsReplacedAndNobodyNotices()
    {
        QFETCH(int, signal);
        const std::vector<GenerationRequest> load = mixedLoad(6, tinyModel("llama")->config().vocab);
        const auto quiet = rankedEngine(engineOptions(3, kNeverFewer));
        QVERIFY(quiet);
        const Replies expected = runLoad(*quiet, load);
        QCOMPARE(expected.finished, load.size());
        quiet->unload();
        const auto engine = rankedEngine(engineOptions(3, kNeverFewer));
        QVERIFY(engine);
        const std::vector<pid_t> before = workerIds();
        QCOMPARE(before.size(), std::size_t{2});
        const Replies replies = runLoad(*engine, load, [&](std::uint64_t step) {
            if (step == 7)
                ::kill(before[1], signal);
        });
        QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
        QCOMPARE(replies.tokens, expected.tokens);
        QVERIFY(replies.lost > 0 && replies.lost <= load.size() && expected.lost == 0);
        const std::vector<RankRecovery> recoveries = engine->takeRecoveries();
        QCOMPARE(recoveries.size(), std::size_t{1});
        QCOMPARE(recoveries[0].replaced, std::vector<std::uint32_t>{2});
        QCOMPARE(recoveries[0].ranksNow, 3U);
        const std::vector<pid_t> after = workerIds();
        QVERIFY(after.size() == 2 && after[0] == before[0] && after[1] != before[1]);
        QVERIFY2(QString::fromStdString(sentenceOf(recoveries[0])).startsWith("the process of rank 2 "),
                 sentenceOf(recoveries[0]).c_str());
        QFile report(QString::fromStdString(recoveries[0].reportFile));
        QVERIFY(report.open(QIODevice::ReadOnly));
        const QByteArray text = report.readAll();
        QVERIFY2(text.contains("rank 0: process") && text.contains("rank 2: process"), text);
    }

    /// Prompts whose sums have several pieces, killed at any moment of a step by another thread.
    void aRankThatDiesWithinASumInPiecesIsReplaced()
    {
        EngineOptions options = engineOptions(2, kNeverFewer);
        options.scheduler.tokenBudget = 400;
        options.kvBlocks = 160;
        std::vector<GenerationRequest> load;
        for (std::uint32_t i = 0; i < 12; ++i) {
            GenerationRequest request;
            request.prompt = randomTokens(tinyModel("llama")->config().vocab, 380, 70 + i);
            request.maxTokens = 2;
            request.ignoreEndOfGeneration = true;
            load.push_back(std::move(request));
        }
        const auto quiet = rankedEngine(options);
        QVERIFY(quiet);
        const Replies expected = runLoad(*quiet, load);
        quiet->unload();
        const auto engine = rankedEngine(options);
        QVERIFY(engine);
        std::vector<std::thread> killers;
        const Replies replies = runLoad(*engine, load, [&](std::uint64_t step) {
            if (step % 4 == 1 && killers.size() < 3)
                killers.emplace_back([rank = workerIds().front(), pause = 200 * killers.size()] {
                    std::this_thread::sleep_for(std::chrono::microseconds(pause));
                    ::kill(rank, SIGKILL);
                });
        });
        for (std::thread& killer : killers)
            killer.join();
        QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
        QCOMPARE(replies.tokens, expected.tokens);
        QVERIFY(!engine->takeRecoveries().empty());
    }

    void aShortPauseIsNoFailure()
    {
        const auto engine = rankedEngine(engineOptions(2, kNeverFewer));
        QVERIFY(engine);
        std::thread wakes;
        const Replies replies =
            runLoad(*engine, mixedLoad(3, tinyModel("llama")->config().vocab), [&](std::uint64_t step) {
                if (step != 4)
                    return;
                const pid_t rank = workerIds().front();
                ::kill(rank, SIGSTOP);
                wakes = std::thread([rank] {
                    std::this_thread::sleep_for(std::chrono::milliseconds(30));
                    ::kill(rank, SIGCONT);
                });
            });
        wakes.join();
        QVERIFY(replies.errors.empty());
        QCOMPARE(replies.finished, std::size_t{3});
    }

    void nonsenseInTheSharedMemoryIsSurvived()
    {
        const auto engine = rankedEngine(engineOptions(3, kNeverFewer));
        QVERIFY(engine);
        const std::vector<GenerationRequest> load = mixedLoad(4, tinyModel("llama")->config().vocab);
        const Replies expected = runLoad(*engine, load);
        const GroupMemory memory(3);
        QVERIFY(memory.data != nullptr);
        std::mt19937 random(3);
        std::size_t done = 0;
        const Replies replies = runLoad(*engine, load, [&](std::uint64_t step) {
            if (step % 9 != 5 || done >= 4)
                return;
            ++done; // headers, counters, sizes: all that is not data
            for (std::size_t i = sizeof(std::uint64_t); i < GroupShape{.ranks = 3}.dataOffset(); ++i)
                memory.data[i] = static_cast<unsigned char>(random());
        });
        QVERIFY(done > 0);
        QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
        QCOMPARE(replies.finished, load.size());
        QVERIFY(!engine->takeRecoveries().empty());
        for (const auto& [id, tokens] : expected.tokens)
            QCOMPARE(replies.tokens.at(id + load.size()), tokens);
    }

    void whoFailsTooOftenLeavesFewerRanks()
    {
        const auto engine = rankedEngine(engineOptions(3, 3));
        QVERIFY(engine);
        const std::vector<GenerationRequest> load = mixedLoad(6, tinyModel("llama")->config().vocab);
        std::size_t kills = 0;
        const Replies replies = runLoad(*engine, load, [&](std::uint64_t step) {
            if (step % 6 != 5 || kills >= 3)
                return;
            ++kills;
            ::kill(workerIds().back(), SIGKILL);
        });
        QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
        QCOMPARE(replies.finished, load.size());
        const std::vector<RankRecovery> recoveries = engine->takeRecoveries();
        QCOMPARE(recoveries.size(), std::size_t{3});
        QCOMPARE(recoveries[1].ranksNow, 3U);
        QCOMPARE(recoveries[2].ranksNow, 2U);
        QCOMPARE(workerIds().size(), std::size_t{1});
        QVERIFY(engine->device().starts_with("2 ranks"));
        QVERIFY(sentenceOf(recoveries[2]).find("2 ranks instead of 3") != std::string::npos);
    }

    void atLastOneProcessGoesOnAlone()
    {
        const auto engine = rankedEngine(engineOptions(2, 1));
        QVERIFY(engine);
        const Replies replies =
            runLoad(*engine, mixedLoad(4, tinyModel("llama")->config().vocab), [&](std::uint64_t step) {
                if (step == 5)
                    ::kill(workerIds().front(), SIGKILL);
            });
        QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
        QCOMPARE(replies.finished, std::size_t{4});
        QVERIFY(workerIds().empty());
        QCOMPARE(engine->takeRecoveries().at(0).ranksNow, 1U);
        QVERIFY(!engine->hasToWatch());
        QCOMPARE(runLoad(*engine, mixedLoad(2, tinyModel("llama")->config().vocab)).finished, std::size_t{2});
        for (GenerationRequest request : mixedLoad(2, tinyModel("llama")->config().vocab))
            QVERIFY(engine->submit(std::move(request)).has_value());
        QVERIFY(engine->step()); // and it ends with the next one under way
    }

    /// As a replica has it, whose ranks find weights that another one has packed.
    void whatFewerRanksDoNotNeedIsGivenBack()
    {
        EngineOptions options = engineOptions(3, 1);
        options.executor.share = std::make_shared<WeightShare>();
        const auto engine = rankedEngine(options);
        QVERIFY(engine);
        QCOMPARE(sharedWeightsHeld(), std::size_t{2});
        for (const std::size_t left : {1U, 0U}) {
            const Replies replies =
                runLoad(*engine, mixedLoad(4, tinyModel("llama")->config().vocab), [&](std::uint64_t step) {
                    if (step == 5)
                        ::kill(workerIds().front(), SIGKILL);
                });
            QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
            QCOMPARE(workerIds().size(), left);
            QCOMPARE(sharedWeightsHeld(), left);
        }
    }

    void ranksComeAndGoUnderALoad()
    {
        const auto engine = rankedEngine(engineOptions(3, kNeverFewer));
        QVERIFY(engine);
        const std::vector<GenerationRequest> load = mixedLoad(8, tinyModel("llama")->config().vocab);
        const std::vector<std::uint32_t> counts{2, 1, 3};
        std::size_t done = 0;
        const Replies replies = runLoad(*engine, load, [&](std::uint64_t step) {
            if (step % 7 != 6 || done >= counts.size())
                return;
            const Result<void> changed = engine->setRanks(counts[done++]);
            QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
            QCOMPARE(workerIds().size(), std::size_t{counts[done - 1] - 1});
        });
        QCOMPARE(done, counts.size());
        QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
        QCOMPARE(replies.finished, load.size());
        for (std::size_t i = 0; i < load.size(); ++i)
            QCOMPARE(replies.tokens.at(i + 1).size(), std::size_t{load[i].maxTokens});
        const Result<void> refused = engine->setRanks(60);
        QVERIFY(!refused && refused.error().message.find("cannot be shared") != std::string::npos);
        QCOMPARE(runLoad(*engine, mixedLoad(2, tinyModel("llama")->config().vocab)).finished, std::size_t{2});
    }

    void whoTakesThePlaceOfAnotherMayFailToo()
    {
        QTemporaryDir folder;
        const QString flag = folder.filePath("fails"), script = folder.filePath("worker");
        QFile file(script);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\nif [ -e '" + flag.toUtf8() + "' ]; then rm '" + flag.toUtf8() +
                   "'; exit 3; fi\nexec '" VITRINE_CLI "' \"$@\"\n");
        file.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        file.close();
        const auto engine = rankedEngine(engineOptions(2, kNeverFewer), script.toStdString());
        QVERIFY(engine);
        const Replies replies =
            runLoad(*engine, mixedLoad(4, tinyModel("llama")->config().vocab), [&](std::uint64_t step) {
                if (step != 5)
                    return;
                QVERIFY(QFile(flag).open(QIODevice::WriteOnly));
                ::kill(workerIds().front(), SIGKILL);
            });
        QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
        QCOMPARE(replies.finished, std::size_t{4});
        QVERIFY(!QFile::exists(flag));
        const std::vector<RankRecovery> recoveries = engine->takeRecoveries();
        QCOMPARE(recoveries.size(), std::size_t{1});
        QCOMPARE(recoveries[0].ranksNow, 2U);
        QVERIFY(recoveries[0].reason.find("signal 9") != std::string::npos);
    }

    /// Another file has its name by the time a rank has to load it again.
    void anotherFileIsNotMixedIn()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("model.gguf");
        const QString families = QStringLiteral(VITRINE_TEST_DATA "/families/");
        QVERIFY(QFile::copy(families + "llama/model.gguf", path));
        const auto engine = rankedEngine(engineOptions(2, 3), VITRINE_CLI, loadModel(path.toStdString()));
        QVERIFY(engine);
        const std::vector<GenerationRequest> load = mixedLoad(4, tinyModel("llama")->config().vocab);
        const Replies replies = runLoad(*engine, load, [&](std::uint64_t step) {
            if (step != 5)
                return;
            QVERIFY(QFile::copy(families + "llama/model.gguf", path + ".new")); // the same, but not the one
            QVERIFY(QFile::remove(path) && QFile::rename(path + ".new", path));
            ::kill(workerIds().front(), SIGKILL);
        });
        QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
        QCOMPARE(replies.finished, load.size());
        QVERIFY(workerIds().empty()); // what is mapped still is all that there is
        QCOMPARE(engine->takeRecoveries().at(0).ranksNow, 1U);
    }

    void whoDiesWhileNobodyAsksIsReplacedInIdleTime()
    {
        const auto engine = rankedEngine(engineOptions(2, kNeverFewer));
        QVERIFY(engine);
        ::kill(workerIds().front(), SIGKILL);
        while (!engine->useIdleTime())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        QCOMPARE(engine->takeRecoveries().size(), std::size_t{1});
        QCOMPARE(runLoad(*engine, mixedLoad(2, tinyModel("llama")->config().vocab)).finished, std::size_t{2});
        QVERIFY(engine->takeRecoveries().empty());
    }

    /// Kills, stops and delays at random moments during a mixed load.
    void manyFailuresChangeNoReply()
    {
        const std::size_t failures = vitrine::tests::effort(100U, 3U);
        const std::vector<GenerationRequest> load = mixedLoad(16, tinyModel("llama")->config().vocab);
        const auto quiet = rankedEngine(engineOptions(3, kNeverFewer));
        QVERIFY(quiet);
        const Replies expected = runLoad(*quiet, load);
        quiet->unload();
        const auto engine = rankedEngine(engineOptions(3, kNeverFewer));
        QVERIFY(engine);
        const auto seed = static_cast<unsigned>(QDateTime::currentMSecsSinceEpoch());
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        std::size_t done = 0, rounds = 0, wrong = 0;
        std::uint64_t next = 3;
        std::vector<std::thread> wakes;
        const auto mischief = [&](std::uint64_t step) {
            if (step < next)
                return;
            next = step + 1 + random() % 12;
            const std::vector<pid_t> ranks = workerIds();
            if (ranks.empty())
                return;
            ++done;
            const pid_t rank = ranks[random() % ranks.size()];
            const unsigned kind = random() % 4;
            ::kill(rank, kind == 0 ? SIGKILL : kind == 1 ? SIGABRT : SIGSTOP);
            if (kind == 3)
                wakes.emplace_back([rank, pause = random() % 300] {
                    std::this_thread::sleep_for(std::chrono::milliseconds(pause));
                    ::kill(rank, SIGCONT);
                });
        };
        while (done < failures) {
            const Replies replies = runLoad(*engine, load, mischief);
            QVERIFY2(replies.errors.empty(), firstOf(replies.errors));
            QCOMPARE(replies.finished, load.size());
            for (const auto& [id, tokens] : expected.tokens)
                wrong += replies.tokens.at(id + rounds * load.size()) != tokens ? 1 : 0;
            ++rounds;
            next = 3;
        }
        for (std::thread& wake : wakes)
            wake.join();
        QCOMPARE(wrong, std::size_t{0});
        const std::vector<RankRecovery> recoveries = engine->takeRecoveries();
        qInfo("%zu failures, %zu recoveries", done, recoveries.size());
    }

private:
    QTemporaryDir m_state;
};

QTEST_GUILESS_MAIN(RankRecoveryTest)
#include "rank_recovery_test.moc"
