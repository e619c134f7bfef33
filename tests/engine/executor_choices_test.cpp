// SPDX-License-Identifier: GPL-3.0-or-later
// What a caller of the executor chooses between: all logits or the best token, one numeric path or the
// fastest.
#include <QtTest>

#include <algorithm>

#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

class ExecutorChoicesTest : public QObject
{
    Q_OBJECT

private slots:
    void theNumericPathChangesBetweenSteps()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const auto prompt = [&](ExecutorRig& rig) {
            RigSequence sequence;
            sequence.tokens = randomTokens(model->config().vocab, 60, 9);
            rig.run(sequence, 60, keepAll);
            return sequence.logits;
        };
        ExecutorOptions options;
        options.deterministic = true;
        ExecutorRig onePath(model, options, 8, 64), fastest(model, {}, 8, 64), changing(model, {}, 8, 64);
        const auto slow = prompt(onePath), fast = prompt(fastest);
        for (const bool deterministic : {true, false, true}) {
            changing.executor().setDeterministic(deterministic);
            QVERIFY(sameBits(prompt(changing), deterministic ? slow : fast));
            QCOMPARE(changing.executor().info().device,
                     (deterministic ? onePath : fastest).executor().info().device);
        }
    }

    void theBestTokenAloneIsTheLargestLogits_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("threads");
        QTest::addColumn<bool>("precise");
        for (const int rows : {1, 5, 16, 33})
            for (const int threads : {1, 2, 5}) {
                const std::string name =
                    std::to_string(rows) + " rows, " + std::to_string(threads) + " threads";
                QTest::newRow(name.c_str()) << rows << threads << false;
                QTest::newRow((name + ", precise").c_str()) << rows << threads << true;
            }
    }
    void theBestTokenAloneIsTheLargestLogits()
    {
        QFETCH(int, rows);
        QFETCH(int, threads);
        QFETCH(bool, precise);
        ExecutorOptions options;
        options.threads = static_cast<std::uint32_t>(threads);
        options.precise = precise;
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorRig rig(model, options, 8, 64);
        RigSequence sequence;
        sequence.tokens = randomTokens(model->config().vocab, 60, 6);
        const RigChunk chunk{&sequence, 60};
        ForwardBatch batch = rig.build(std::span(&chunk, 1), [rows](std::uint32_t position) {
            return position >= 60 - static_cast<std::uint32_t>(rows);
        });
        const auto logits = rig.executor().forward(batch);
        QVERIFY(logits.has_value());
        std::vector<TokenId> expected;
        for (std::size_t row = 0; row < batch.logitsRows.size(); ++row) {
            const auto own = logits->subspan(row * model->config().vocab, model->config().vocab);
            expected.push_back(static_cast<TokenId>(std::max_element(own.begin(), own.end()) - own.begin()));
        }
        QVERIFY(rig.executor().bestTokens().empty());
        batch.bestOnly = true;
        const auto none = rig.executor().forward(batch);
        QVERIFY(none.has_value() && none->empty());
        const std::span<const TokenId> best = rig.executor().bestTokens();
        QVERIFY(std::equal(best.begin(), best.end(), expected.begin(), expected.end()));
    }
};

QTEST_APPLESS_MAIN(ExecutorChoicesTest)
#include "executor_choices_test.moc"
