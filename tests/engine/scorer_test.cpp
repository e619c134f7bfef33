// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include <QTest>

#include "engine/model/default_model.h"
#include "engine/prepared_model.h"
#include "engine/scoring/scorer.h"
#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;

class ScorerTest : public QObject
{
    Q_OBJECT

private slots:
    void normalisesLogits()
    {
        const std::vector<float> logits{1.0F, 2.0F, 3.0F};
        const double wanted = std::log(std::exp(1.0) + std::exp(2.0) + std::exp(3.0));
        QVERIFY(std::abs(logSumExp(logits) - wanted) < 1e-9);
        const std::vector<float> large{1e30F, 1e30F};
        QVERIFY(std::isfinite(logSumExp(large)));
        const std::vector<float> odd{std::nanf(""), 0.0F, -std::numeric_limits<float>::infinity()};
        QCOMPARE(logSumExp(odd), 0.0);
    }

    void listsTheBestFirst()
    {
        const std::vector<float> logits{0.5F, 2.0F, std::nanf(""), 2.0F, 1.0F};
        const std::vector<TokenProbability> best = bestTokens(logits, 0.0, 3);
        QCOMPARE(best.size(), std::size_t{3});
        QCOMPARE(best[0].id, 1); // a tie goes to the lower id
        QCOMPARE(best[1].id, 3);
        QCOMPARE(best[2].id, 4);
        QVERIFY(bestTokens(logits, 0.0, 0).empty());
        QCOMPARE(bestTokens(logits, 0.0, 100).size(), std::size_t{4});
    }

    void scoresTheSameInChunksAndRefusesWhatDoesNotFit()
    {
        const Result<std::string> path = findDefaultModel();
        if (!path)
            QFAIL("the default model is missing: ./installer/test brings it");
        EngineOptions options = vitrine::tests::testOptions();
        options.kvBlocks = 20;
        const Result<PreparedModel> prepared = prepareModel(*path, options);
        QVERIFY(prepared.has_value());
        const std::uint32_t vocab = prepared->model->config().vocab;
        // 300 tokens take two chunks; the first 40 of them must score as they do alone.
        const std::vector<TokenId> tokens = vitrine::tests::madeUpTokens(300, 1);
        const std::vector<TokenId> head(tokens.begin(), tokens.begin() + 40);
        const Result<TokenScores> all = scoreTokens(*prepared->executor, prepared->kv, vocab, tokens, 2);
        const Result<TokenScores> few = scoreTokens(*prepared->executor, prepared->kv, vocab, head, 2);
        QVERIFY(all.has_value() && few.has_value());
        QCOMPARE(all->top.size(), tokens.size());
        QCOMPARE(all->nextLogprob.size(), tokens.size() - 1);
        for (std::size_t i = 0; i + 1 < head.size(); ++i)
            QVERIFY(std::abs(all->nextLogprob[i] - few->nextLogprob[i]) < 1e-5);
        const std::vector<TokenId> tooMany = vitrine::tests::madeUpTokens(321, 1);
        const Result<TokenScores> refused = scoreTokens(*prepared->executor, prepared->kv, vocab, tooMany, 2);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::OutOfResources);
        const Result<TokenScores> stopped =
            scoreTokens(*prepared->executor, prepared->kv, vocab, tokens, 2, [] { return false; });
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(ScorerTest)
#include "scorer_test.moc"
