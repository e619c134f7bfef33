// SPDX-License-Identifier: GPL-3.0-or-later
// The executor's threads, small enough to run under ThreadSanitizer: packing, prefill, decode and attention
// split over keys, with more threads than CPUs too, always with the same bits; and a caller that prepares the
// next step, moves blocks and resizes the pool around steps that compute beside it.
#include <QtTest>

#include <algorithm>
#include <cstring>
#include <new>
#include <numeric>
#include <thread>

#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/family_rows.h"
#include "tests/engine/support/model_files.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

/// Two sequences through prefill and decode; the logits of all tokens.
std::vector<float> runAll(const std::shared_ptr<const Model>& model, std::uint32_t threads, bool precise,
                          bool changing = false)
{
    ExecutorOptions options;
    options.threads = threads;
    options.precise = precise;
    ExecutorRig rig(model, options, 16, 64);
    RigSequence sequences[2];
    for (std::size_t s = 0; s < 2; ++s)
        for (int i = 0; i < 200; ++i)
            sequences[s].tokens.push_back(3 + (i * 37 + static_cast<int>(s) * 11) % 300);
    const RigChunk prefill[] = {{&sequences[0], 140}, {&sequences[1], 190}};
    rig.step(prefill, keepAll);
    for (int step = 0; step < 4; ++step) {
        if (changing)
            VT_CHECK(rig.executor().setThreads(static_cast<std::uint32_t>(1 + step * 2)).has_value());
        const RigChunk decode[] = {{&sequences[0], 1}, {&sequences[1], 1}};
        rig.step(decode, keepAll);
    }
    std::vector<float> all;
    for (const RigSequence& sequence : sequences)
        for (const auto& [position, logits] : sequence.logits)
            all.insert(all.end(), logits.begin(), logits.end());
    return all;
}

/// One sequence, token by token, each step in two halves. The caller writes to its own memory while a step
/// computes, and between steps to that of the executor.
std::vector<float> runInHalves(const std::shared_ptr<const Model>& model, std::uint32_t threads, bool busy)
{
    constexpr std::uint32_t kBlocks = 64;
    ExecutorOptions options;
    options.threads = threads;
    ExecutorRig rig(model, options, 16, kBlocks);
    Executor& executor = rig.executor();
    VT_CHECK(executor.reserveHost(1).has_value());
    RigSequence sequence;
    for (int i = 0; i < 60; ++i)
        sequence.tokens.push_back(3 + i * 37 % 300);
    std::vector<float> all;
    while (sequence.computed < sequence.tokens.size()) {
        const std::uint32_t tokens = sequence.computed == 0 ? 33 : 1;
        const RigChunk chunk{&sequence, tokens};
        const auto batch = std::make_unique<ForwardBatch>(rig.build(std::span(&chunk, 1), keepAll));
        VT_CHECK(executor.launch(*batch).has_value());
        sequence.computed += tokens;
        const ForwardBatch other = busy ? *batch : ForwardBatch(); // reads beside the threads
        const Result<std::span<const float>> logits = executor.await();
        VT_CHECK(logits.has_value());
        all.insert(all.end(), logits->begin(), logits->end());
        if (!busy)
            continue;
        const std::int32_t block = sequence.table.front();
        const KvTransfer moves[] = {{KvTransfer::Kind::SwapOut, block, 0},
                                    {KvTransfer::Kind::SwapIn, 0, block}};
        VT_CHECK(executor.transfer(moves).has_value());
        VT_CHECK(executor.resizeKv(kBlocks + sequence.computed % 3).has_value());
    }
    return all;
}

} // namespace

class ExecutorThreadsTest : public QObject
{
    Q_OBJECT

private slots:
    void loadingTellsItsProgressOnItsOwnThread_data()
    {
        QTest::addColumn<int>("threads");
        QTest::newRow("the loading thread packs too") << 16;
        QTest::newRow("it waits, where there are CPUs to spare") << 1;
    }
    void loadingTellsItsProgressOnItsOwnThread()
    {
        QFETCH(int, threads);
        ExecutorOptions options;
        options.threads = static_cast<std::uint32_t>(threads);
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::thread::id own = std::this_thread::get_id();
        bool elsewhere = false;
        const auto watch = [&](LoadStage, double fraction) {
            elsewhere |= std::this_thread::get_id() != own;
            return fraction <= 1.0;
        };
        QVERIFY(makeCpuExecutor(model, options, watch).has_value());
        QVERIFY(!elsewhere);
        int asked = 0;
        const auto stop = [&](LoadStage, double) { return ++asked < 1; };
        const auto stopped = makeCpuExecutor(model, options, stop);
        QVERIFY(asked == 0 || !stopped.has_value());
        const auto fail = [](LoadStage, double) -> bool { throw std::bad_alloc(); };
        try { // thrown here, or the load was over before anybody was told
            QVERIFY(makeCpuExecutor(model, options, fail).has_value());
        } catch (const std::bad_alloc&) {
            qInfo("thrown on the loading thread");
        }
    }

    void everyJobRunsOnceOnSomeRank()
    {
        ExecutorOptions options;
        options.threads = 3;
        ExecutorRig rig(tinyModel("llama"), options, 16, 4);
        Executor& executor = rig.executor();
        QCOMPARE(executor.ranks(), 3U);
        for (const std::size_t count : {0U, 1U, 2U, 50U}) {
            std::vector<int> runs(count);
            std::vector<std::size_t> byRank(executor.ranks());
            executor.forEach(count, [&](std::size_t index, std::uint32_t rank) {
                ++runs[index];
                ++byRank[rank]; // one at a time, or ThreadSanitizer tells
            });
            QVERIFY(std::all_of(runs.begin(), runs.end(), [](int n) { return n == 1; }));
            QCOMPARE(std::accumulate(byRank.begin(), byRank.end(), std::size_t{0}), std::size_t{count});
        }
    }

    void everyThreadCountGivesTheSameBits_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<bool>("precise");
        for (const char* family : kFamilies)
            for (const bool precise : {false, true})
                QTest::addRow("%s, %s", family, precise ? "precise" : "default") << family << precise;
    }
    void everyThreadCountGivesTheSameBits()
    {
        QFETCH(QString, family);
        QFETCH(bool, precise);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        const std::vector<float> one = runAll(model, 1, precise);
        for (const std::uint32_t threads : {2U, 3U, 6U}) {
            const std::vector<float> many = runAll(model, threads, precise);
            QCOMPARE(many.size(), one.size());
            QVERIFY(std::memcmp(one.data(), many.data(), one.size() * sizeof(float)) == 0);
        }
        QVERIFY(runAll(model, 2, precise, true) == one);
    }

    void aBusyCallerChangesNothing_data()
    {
        QTest::addColumn<QString>("family");
        for (const char* family : {"llama", "gemma3", "qwen3moe"})
            QTest::newRow(family) << family;
    }
    void aBusyCallerChangesNothing()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        const std::vector<float> wanted = runInHalves(model, 1, false);
        for (const std::uint32_t threads : {1U, 2U, 4U})
            QVERIFY(runInHalves(model, threads, true) == wanted);
    }

    void anExecutorGoesWhileItsThreadsCompute()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        for (int round = 0; round < 20; ++round) {
            ExecutorOptions options;
            options.threads = 1;
            RigSequence sequence;
            sequence.tokens.assign(static_cast<std::size_t>(1 + round), 7);
            const RigChunk chunk{&sequence, static_cast<std::uint32_t>(sequence.tokens.size())};
            ForwardBatch batch;
            {
                ExecutorRig rig(model, options, 16, 8);
                batch = rig.build(std::span(&chunk, 1), keepAll);
                QVERIFY(rig.executor().launch(batch).has_value());
            }
            batch.tokenIds.assign(batch.tokenIds.size(), 0);
        }
    }
};

QTEST_APPLESS_MAIN(ExecutorThreadsTest)
#include "executor_threads_test.moc"
