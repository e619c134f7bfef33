// SPDX-License-Identifier: GPL-3.0-or-later
// Steps launched behind the one under way, on the emulator: tokens that the host has not seen yet feed the
// next step, and nothing about them differs from steps that wait for each other.
#include <QtTest>

#include <memory>
#include <set>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
namespace emulator = vitrine::cuda_emulator;

namespace {

constexpr std::size_t kSequences = 3;
using Tokens = std::vector<TokenId>;

/// Replies to three prompts in one batch; batches live until the executor has been asked for them.
struct Replies
{
    explicit Replies(std::uint32_t blocks = 48)
        : rig(tinyModel("llama"), makeCudaExecutor(tinyModel("llama"), {}, {}), 8, blocks),
          sequences(kSequences), tokens(kSequences)
    {
        for (std::uint32_t i = 0; i < kSequences; ++i) {
            sequences[i].tokens = randomTokens(200, 9 + i, i + 1);
            const RigChunk chunk{&sequences[i], 8 + i};
            rig.step(std::span(&chunk, 1), keepAll);
        }
    }

    /// The next decode step of all; its last tokens are known.
    ForwardBatch next(bool best = false)
    {
        std::vector<RigChunk> chunks;
        for (RigSequence& sequence : sequences)
            chunks.push_back({&sequence, 1});
        ForwardBatch batch = rig.build(chunks, keepAll);
        batch.bestOnly = best;
        for (std::size_t i = 0; i < kSequences && !best; ++i)
            batch.choices.push_back({false, 0.9F, 0, 1.0F, 0.0F, 5, i, ++sequences[i].computed});
        for (std::size_t i = 0; i < kSequences && best; ++i)
            ++sequences[i].computed;
        return batch;
    }

    /// The input of the step after the one under way.
    void feed()
    {
        for (std::size_t i = 0; i < kSequences; ++i)
            sequences[i].tokens.push_back(fedToken(static_cast<std::uint32_t>(i)));
    }

    bool take()
    {
        if (!rig.executor().await())
            return false;
        for (std::size_t i = 0; i < kSequences; ++i)
            tokens[i].push_back(rig.executor().chosenTokens()[i]);
        return true;
    }

    /// Each step waits for the one before it.
    bool runApart(int steps)
    {
        for (int step = 0; step < steps; ++step) {
            const ForwardBatch batch = next();
            if (!rig.executor().launch(batch) || !take())
                return false;
            for (std::size_t i = 0; i < kSequences; ++i)
                sequences[i].tokens.push_back(tokens[i].back());
        }
        return true;
    }

    /// Each step is launched while the one before it computes, where that is allowed; counts those.
    int runBehind(int steps)
    {
        std::unique_ptr<ForwardBatch> under = std::make_unique<ForwardBatch>(next());
        int followed = 0;
        VT_CHECK(rig.executor().launch(*under).has_value());
        for (int step = 1; step < steps; ++step) {
            feed();
            auto behind = std::make_unique<ForwardBatch>(next());
            const bool follows = rig.executor().mayFollow(*behind);
            followed += follows ? 1 : 0;
            if (follows)
                VT_CHECK(rig.executor().launch(*behind).has_value());
            VT_CHECK(take());
            for (std::size_t i = 0; i < kSequences; ++i)
                sequences[i].tokens.back() = tokens[i].back();
            if (!follows) { // with what is known now
                for (std::size_t i = 0; i < kSequences; ++i)
                    behind->tokenIds[i] = tokens[i].back();
                VT_CHECK(rig.executor().launch(*behind).has_value());
            }
            under = std::move(behind);
        }
        VT_CHECK(take());
        return followed;
    }

    ExecutorRig rig;
    std::vector<RigSequence> sequences;
    std::vector<Tokens> tokens; ///< chosen
};

} // namespace

class FollowingStepsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }

    /// In several orders of the emulator, over the border of a block and of a table's shape.
    void tokensFeedTheNextStepUnseen_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 0; seed < vitrine::tests::effort(2U, 1U); ++seed)
            QTest::addRow("order %u", seed) << seed;
    }
    void tokensFeedTheNextStepUnseen()
    {
        QFETCH(unsigned, seed);
        emulator::setSeed(seed);
        constexpr int kSteps = vitrine::tests::effort(70, 30);
        Replies apart, behind;
        QVERIFY(apart.runApart(kSteps));
        const int followed = behind.runBehind(kSteps);
        QVERIFY2(followed >= kSteps - 5, qPrintable(QString::number(followed)));
        for (std::size_t i = 0; i < kSequences; ++i) {
            QCOMPARE(behind.tokens[i], apart.tokens[i]);
            QVERIFY(std::set<TokenId>(apart.tokens[i].begin(), apart.tokens[i].end()).size() > 5);
        }
    }

    void aStepBehindAnotherIsOneLaunchToo()
    {
        Replies replies;
        for (int i = 0; i < 2; ++i) { // shapes come again in both places
            replies.runBehind(8);
            for (std::size_t sequence = 0; sequence < kSequences; ++sequence)
                replies.sequences[sequence].tokens.push_back(replies.tokens[sequence].back());
        }
        emulator::resetCounts();
        QCOMPARE(replies.runBehind(6), 5);
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{6});
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.allocations + counts.captures, std::size_t{0});
        QCOMPARE(counts.copiesToDevice + counts.copiesToHost, std::size_t{0});
    }

    void onlyWhatFitsMayFollow()
    {
        Replies replies;
        Executor& executor = replies.rig.executor();
        const ForwardBatch first = replies.next();
        QVERIFY(!executor.mayFollow(first)); // nothing is under way
        QVERIFY(executor.launch(first).has_value());
        replies.feed();
        ForwardBatch batch = replies.next();
        QVERIFY(executor.mayFollow(batch));
        ForwardBatch logits = batch;
        logits.choices.clear();
        QVERIFY(!executor.mayFollow(logits));
        logits.bestOnly = true;
        QVERIFY(executor.mayFollow(logits));
        batch.choices[1].onHost = true;
        QVERIFY(!executor.mayFollow(batch));
        ForwardBatch wide = batch;
        wide.choices[1].onHost = false;
        wide.maxBlocksPerSequence = 1U << 16U; // its tables have no room
        QVERIFY(!executor.mayFollow(wide));
        batch.choices[1].onHost = false;
        QVERIFY(executor.launch(batch).has_value());
        QVERIFY(!executor.mayFollow(batch)); // one does already
        QVERIFY(executor.await() && executor.await());
    }

    void tokensOfTheFirstStayUntilTheSecondIsAwaited()
    {
        Replies replies;
        Executor& executor = replies.rig.executor();
        const ForwardBatch first = replies.next(true);
        QVERIFY(executor.launch(first).has_value());
        replies.feed();
        const ForwardBatch second = replies.next(true);
        QVERIFY(executor.launch(second).has_value());
        QVERIFY(executor.await().has_value());
        const std::span<const TokenId> found = executor.bestTokens();
        const Tokens before(found.begin(), found.end());
        QVERIFY(executor.await().has_value());
        Replies apart;
        const ForwardBatch alone = apart.next(true);
        QVERIFY(apart.rig.executor().forward(alone).has_value());
        const std::span<const TokenId> expected = apart.rig.executor().bestTokens();
        QCOMPARE(before, Tokens(expected.begin(), expected.end()));
    }

    void aFailureEndsBothSteps()
    {
        Replies replies;
        Executor& executor = replies.rig.executor();
        const ForwardBatch first = replies.next();
        emulator::failExecution(2);
        QVERIFY(executor.launch(first).has_value());
        replies.feed();
        const ForwardBatch second = replies.next();
        const bool launched = executor.launch(second).has_value(); // the device may have died by now
        QVERIFY(!executor.await());
        if (launched)
            QVERIFY(!executor.await());
        QVERIFY(!executor.launch(second));
    }
};

QTEST_APPLESS_MAIN(FollowingStepsTest)
#include "following_steps_test.moc"
