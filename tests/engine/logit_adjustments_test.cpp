// SPDX-License-Identifier: GPL-3.0-or-later
// The list of what penalties and biases look at, kept up while a reply grows.
#include <QtTest>

#include <limits>

#include "engine/base/check.h"
#include "engine/sampling/logit_adjustments.h"

using namespace vitrine::engine;

namespace {

using Tokens = std::vector<TokenId>;

const LogitAdjustment* entryOf(const LogitAdjustments& adjustments, TokenId token)
{
    const LogitAdjustment* found = nullptr;
    for (const LogitAdjustment& entry : adjustments.entries())
        if (entry.token == token) {
            VT_CHECK(found == nullptr);
            found = &entry;
        }
    return found;
}

} // namespace

class LogitAdjustmentsTest : public QObject
{
    Q_OBJECT

private slots:
    void everyTokenStandsOnceWithAllThatIsKnownOfIt()
    {
        SamplingParams params;
        params.repetitionPenalty = 1.1F;
        params.frequencyPenalty = 0.5F;
        params.bias = {{5, 1.5F}, {9, -std::numeric_limits<float>::infinity()}, {5, 2.0F}};
        const Tokens prompt{1, 2, 1, 3, 5}, reply{4, 3, 4};
        LogitAdjustments adjustments;
        adjustments.update(params, prompt, 2, reply);
        QCOMPARE(adjustments.entries().size(), std::size_t{6});
        QCOMPARE(entryOf(adjustments, 1)->uses, 0U);
        QVERIFY(entryOf(adjustments, 1)->seen);
        QCOMPARE(entryOf(adjustments, 3)->uses, 2U); // continued, and said again
        QCOMPARE(entryOf(adjustments, 4)->uses, 2U);
        QCOMPARE(entryOf(adjustments, 5)->uses, 1U);
        QCOMPARE(entryOf(adjustments, 5)->bias, 3.5F);
        QVERIFY(!entryOf(adjustments, 9)->seen);
    }

    void whatGrowsIsWhatIsMadeAtOnce()
    {
        SamplingParams params;
        params.repetitionPenalty = 1.1F;
        params.presencePenalty = 0.5F;
        const Tokens prompt{1, 2, 3};
        Tokens reply;
        LogitAdjustments growing;
        for (TokenId token = 0; token < 40; ++token) {
            reply.push_back(token * token % 13);
            growing.update(params, prompt, 1, reply);
            if (token % 3 == 0)
                growing.update(params, prompt, 1, reply); // a step that was planned and dropped
        }
        LogitAdjustments whole;
        whole.update(params, prompt, 1, reply);
        QCOMPARE(growing.entries().size(), whole.entries().size());
        for (const LogitAdjustment& entry : whole.entries()) {
            QCOMPARE(entryOf(growing, entry.token)->uses, entry.uses);
            QCOMPARE(entryOf(growing, entry.token)->seen, entry.seen);
        }
    }

    /// A long prompt costs nothing where only the reply is looked at, and nothing at all beside a bias.
    void whatNoSettingLooksAtIsLeftOut()
    {
        const Tokens prompt{1, 2, 3}, reply{4};
        SamplingParams params;
        params.presencePenalty = 1.0F;
        LogitAdjustments uses;
        uses.update(params, prompt, 0, reply);
        QCOMPARE(uses.entries().size(), std::size_t{1});
        QCOMPARE(uses.entries()[0].token, 4);
        params.presencePenalty = 0.0F;
        params.bias = {{7, 1.0F}};
        LogitAdjustments biases;
        biases.update(params, prompt, 0, reply);
        QCOMPARE(biases.entries().size(), std::size_t{1});
        QCOMPARE(biases.entries()[0].token, 7);
    }
};

QTEST_APPLESS_MAIN(LogitAdjustmentsTest)
#include "logit_adjustments_test.moc"
