// SPDX-License-Identifier: GPL-3.0-or-later
// The sampler against plain double-precision arithmetic.
#include <QtTest>

#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "engine/sampling/counter_rng.h"
#include "engine/sampling/sampler.h"
#include "engine/sampling/softmax.h"

using namespace vitrine::engine;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::vector<double> softmax(const std::vector<float>& logits, double temperature = 1.0)
{
    const double top = *std::max_element(logits.begin(), logits.end());
    std::vector<double> result;
    for (const float logit : logits)
        result.push_back(std::exp((logit - top) / temperature));
    const double sum = std::accumulate(result.begin(), result.end(), 0.0);
    for (double& value : result)
        value /= sum;
    return result;
}

std::vector<float> randomLogits(std::size_t vocab, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 3.0F);
    std::vector<float> logits(vocab);
    for (float& logit : logits)
        logit = normal(random);
    return logits;
}

TokenId sampleOnce(const std::vector<float>& logits, const SamplingParams& params,
                   const SamplingContext& context = {})
{
    return Sampler().sample(logits, params, context).id;
}

/// Share of each token over many seeds.
std::map<TokenId, double> frequencies(const std::vector<float>& logits, SamplingParams params,
                                      int draws = 40'000)
{
    Sampler sampler;
    std::map<TokenId, double> result;
    for (int i = 0; i < draws; ++i) {
        params.seed = static_cast<std::uint64_t>(i);
        result[sampler.sample(logits, params, {}).id] += 1.0 / draws;
    }
    return result;
}

std::set<TokenId> support(const std::vector<float>& logits, const SamplingParams& params)
{
    std::set<TokenId> result;
    for (const auto& [id, share] : frequencies(logits, params, 5000))
        result.insert(id);
    return result;
}

SamplingParams warm(float temperature = 1.0F)
{
    SamplingParams params;
    params.temperature = temperature;
    return params;
}

/// logits whose softmax is `probabilities`
std::vector<float> logsOf(std::initializer_list<double> probabilities)
{
    std::vector<float> logits;
    for (const double p : probabilities)
        logits.push_back(static_cast<float>(std::log(p)));
    return logits;
}

const std::vector<float> kFive = logsOf({0.05, 0.4, 0.1, 0.25, 0.2});

} // namespace

class SamplerTest : public QObject
{
    Q_OBJECT

private slots:
    // Greedy

    void greedyTakesTheLargestAndTheLowestIdOnTies()
    {
        QCOMPARE(sampleOnce({1, 5, 2, 5}, {}), 1);
        std::vector<float> logits = randomLogits(50'000, 1);
        logits[49'999] = 100.0F;
        QCOMPARE(sampleOnce(logits, {}), 49'999);
        logits[4'096] = 100.0F;
        QCOMPARE(sampleOnce(logits, {}), 4'096);
    }

    void oddLogitsAreSafe()
    {
        for (SamplingParams params : {SamplingParams{}, warm(), warm(1e-9F), warm(100.0F)}) {
            params.logprobs = 3;
            for (const bool filtered : {false, true}) {
                params.topK = filtered ? 2 : 0;
                params.topP = filtered ? 0.9F : 1.0F;
                params.typicalP = filtered ? 0.9F : 1.0F;
                QCOMPARE(sampleOnce({kNan, kNan}, params), 0);
                QCOMPARE(sampleOnce({-kInfinity, -kInfinity}, params), 0);
                QCOMPARE(sampleOnce({kNan, -kInfinity, -5.0F}, params), 2);
                QCOMPARE(sampleOnce({1.0F, kInfinity, kNan}, params), 1);
                QCOMPARE(sampleOnce({-3e38F, 3e38F}, params), 1);
                QCOMPARE(sampleOnce({7.0F}, params), 0);
            }
        }
    }

    // Distribution

    void drawsFromTheSoftmaxAtTheTemperature()
    {
        for (const float temperature : {0.5F, 1.0F, 2.0F}) {
            const std::vector<double> expected = softmax(kFive, temperature);
            const auto seen = frequencies(kFive, warm(temperature));
            for (const auto& [id, share] : seen)
                QVERIFY2(std::abs(share - expected[static_cast<std::size_t>(id)]) < 0.012,
                         qPrintable(QString::number(id)));
        }
    }

    void filteredDrawIsProportionalAmongWhatIsLeft()
    {
        SamplingParams params = warm();
        params.topK = 2;
        const auto seen = frequencies(kFive, params);
        QCOMPARE(seen.size(), 2U);
        QVERIFY(std::abs(seen.at(1) - 0.4 / 0.65) < 0.012);
    }

    void topKKeepsTheBestAndLowerIdsAmongEquals()
    {
        SamplingParams params = warm();
        params.topK = 3;
        QCOMPARE(support(kFive, params), (std::set<TokenId>{1, 3, 4}));
        QCOMPARE(support({2, 2, 2, 2, 2}, params), (std::set<TokenId>{0, 1, 2}));
        params.topK = 100;
        QCOMPARE(support(kFive, params).size(), 5U);
    }

    void topPKeepsTheFewestThatReachTheShare()
    {
        SamplingParams params = warm();
        const std::pair<float, std::set<TokenId>> cases[] = {
            {0.3F, {1}}, {0.5F, {1, 3}}, {0.7F, {1, 3, 4}}, {0.9F, {1, 2, 3, 4}}, {1e-6F, {1}}};
        for (const auto& [share, expected] : cases) {
            params.topP = share;
            QCOMPARE(support(kFive, params), expected);
        }
    }

    void topPIsTakenOfWhatTopKLeft()
    {
        SamplingParams params = warm();
        params.topK = 2; // 0.4 and 0.25: shares 0.62 and 0.38
        params.topP = 0.6F;
        QCOMPARE(support(kFive, params), (std::set<TokenId>{1}));
    }

    void minPIsRelativeToTheBest()
    {
        SamplingParams params = warm();
        params.minP = 0.45F; // of 0.4
        QCOMPARE(support(kFive, params), (std::set<TokenId>{1, 3, 4}));
        params.minP = 1.0F;
        QCOMPARE(support(kFive, params), (std::set<TokenId>{1}));
    }

    void typicalKeepsWhatIsNearestToTheEntropy()
    {
        // Entropy 0.94 nats; surprises 0.51, 1.20, 2.30: the second is nearest, then the first.
        const std::vector<float> logits = logsOf({0.6, 0.3, 0.1});
        SamplingParams params = warm();
        params.typicalP = 0.25F;
        QCOMPARE(support(logits, params), (std::set<TokenId>{1}));
        params.typicalP = 0.5F;
        QCOMPARE(support(logits, params), (std::set<TokenId>{0, 1}));
    }

    void filtersAgreeWithSortingAWholeVocabulary()
    {
        const std::vector<float> logits = randomLogits(20'000, 3);
        const std::vector<double> probabilities = softmax(logits);
        std::vector<std::size_t> order(logits.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return logits[a] > logits[b]; });
        for (const float share : {0.2F, 0.9F, 0.999F, 0.99999F}) {
            double mass = 0.0;
            std::set<TokenId> nucleus;
            for (std::size_t i = 0; mass < share; ++i) {
                mass += probabilities[order[i]];
                nucleus.insert(static_cast<TokenId>(order[i]));
            }
            SamplingParams params = warm();
            params.topP = share;
            Sampler sampler;
            for (params.seed = 0; params.seed < 300; ++params.seed)
                QVERIFY(nucleus.contains(sampler.sample(logits, params, {}).id));
        }
    }

    // Penalties

    void repetitionPenaltyWeakensPromptAndReplyOnceEach()
    {
        SamplingParams params;
        params.repetitionPenalty = 2.0F;
        const std::vector<TokenId> prompt{0, 0, 0, -1, 99}, reply{1};
        QCOMPARE(sampleOnce({3.0F, 2.9F, 1.6F}, params, {prompt, reply}), 2); // 1.5, 1.45
        QCOMPARE(sampleOnce({3.0F, 2.9F, 1.47F}, params, {prompt, reply}), 0);
        QCOMPARE(sampleOnce({-1.0F, -1.1F, -1.9F}, params, {prompt, reply}), 2); // negative ones go down, too
    }

    void presenceAndFrequencyLookAtTheReplyOnly()
    {
        const std::vector<TokenId> prompt{0, 0}, reply{1, 1, 2};
        SamplingParams params;
        params.presencePenalty = 1.0F;
        QCOMPARE(sampleOnce({1.0F, 1.9F, 1.95F}, params, {prompt, reply}), 0);
        QCOMPARE(sampleOnce({1.0F, 2.1F, 1.9F}, params, {prompt, reply}), 1);
        params.presencePenalty = 0.0F;
        params.frequencyPenalty = 0.5F;
        QCOMPARE(sampleOnce({0.9F, 2.0F, 1.6F}, params, {prompt, reply}), 2); // 0.9, 1.0, 1.1
    }

    void callsLeaveNoTraceOnTheNext()
    {
        Sampler sampler;
        SamplingParams params;
        params.repetitionPenalty = 2.0F;
        params.frequencyPenalty = 1.0F;
        params.logprobs = 2;
        const std::vector<TokenId> prompt{0}, reply{0, 1};
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(sampler.sample(std::vector<float>{3, 2, 1}, params, {prompt, reply}).id, 2);
            QCOMPARE(sampler.sample(std::vector<float>{3, 2}, {}, {prompt, reply}).id, 0);
        }
    }

    void biasMovesBansAndIgnoresUnknownTokens()
    {
        SamplingParams params;
        params.bias = {{2, 5.0F}, {77, 100.0F}};
        QCOMPARE(sampleOnce({1, 2, 0}, params), 2);
        params = warm(2.0F);
        params.bias = {{1, -kInfinity}};
        QCOMPARE(support({1, 50, 1}, params), (std::set<TokenId>{0, 2}));
    }

    // Random numbers

    void drawDependsOnSeedKeyAndPositionOnly()
    {
        const std::vector<float> logits(1000, 0.0F);
        const std::vector<TokenId> three{1, 2, 3}, two{8, 9}, one{7};
        SamplingParams params = warm();
        params.seed = 5;
        Sampler used;
        for (int i = 0; i < 10; ++i)
            used.sample(logits, params, {three, two});
        const TokenId id = used.sample(logits, params, {two, one}).id;
        QCOMPARE(sampleOnce(logits, params, {three, {}}), id); // position 3 as well
        QVERIFY(sampleOnce(logits, params, {three, one}) != id);
        QVERIFY(sampleOnce(logits, params, {three, {}, 1}) != id);
        params.seed = 6;
        QVERIFY(sampleOnce(logits, params, {three, {}}) != id);
    }

    void randomNumbersAreUniformAlongEachArgument()
    {
        for (int argument = 0; argument < 3; ++argument) {
            std::array<int, 16> bins{};
            for (std::uint64_t i = 0; i < 64'000; ++i) {
                const double u =
                    uniformAt(argument == 0 ? i : 1, argument == 1 ? i : 2, argument == 2 ? i : 3);
                QVERIFY(u >= 0.0 && u < 1.0);
                ++bins[static_cast<std::size_t>(u * 16)];
            }
            double chiSquare = 0.0;
            for (const int count : bins)
                chiSquare += (count - 4000.0) * (count - 4000.0) / 4000.0;
            QVERIFY2(chiSquare < 45.0, qPrintable(QString::number(chiSquare))); // 15 degrees: p about 1e-4
        }
    }

    // Log-probabilities

    void logprobsAreThoseOfTheRawLogits()
    {
        std::vector<float> logits = randomLogits(262'144, 9);
        for (float& logit : logits)
            logit += 500.0F; // exp() alone would overflow
        const std::vector<double> expected = softmax(logits);
        SamplingParams params = warm(0.3F);
        params.logprobs = 20;
        params.topK = 5;
        params.bias = {{17, 4.0F}};
        const SampledToken token = Sampler().sample(logits, params, {});
        QVERIFY(std::abs(token.logprob - std::log(expected[static_cast<std::size_t>(token.id)])) < 1e-4);
        QCOMPARE(token.top.size(), 20U);
        for (std::size_t i = 0; i < token.top.size(); ++i) {
            const auto id = static_cast<std::size_t>(token.top[i].id);
            QVERIFY(std::abs(token.top[i].logprob - std::log(expected[id])) < 1e-4);
            QCOMPARE(static_cast<std::size_t>(std::count_if(logits.begin(), logits.end(),
                                                            [&](float l) { return l > logits[id]; })),
                     i);
        }
    }

    void topListIsShorterWhenFewTokensArePossible()
    {
        SamplingParams params;
        params.logprobs = 5;
        const SampledToken token =
            Sampler().sample(std::vector<float>{kNan, 1.0F, -kInfinity, 1.0F}, params, {});
        QCOMPARE(token.top.size(), 2U);
        QCOMPARE(token.top[0].id, 1);
        QCOMPARE(token.top[1].id, 3);
        QVERIFY(std::abs(token.logprob - std::log(0.5F)) < 1e-6F);
    }

    void unaskedLogprobsAreNotComputed()
    {
        const SampledToken token = Sampler().sample(std::vector<float>{1, 2}, {}, {});
        QCOMPARE(token.logprob, 0.0F);
        QVERIFY(token.top.empty());
    }

    // Passes over the vocabulary

    void vectorPassesAgreeWithDoubles()
    {
        for (const std::size_t size : {1U, 15U, 16U, 4095U, 4096U, 4097U, 50'001U}) {
            std::vector<float> logits = randomLogits(size, static_cast<std::uint32_t>(size));
            logits[size / 2] = size > 20 ? kNan : 0.0F;
            float top = -kInfinity;
            double expected = 0.0;
            for (const float logit : logits)
                top = std::isnan(logit) ? top : std::max(top, logit);
            for (const float logit : logits)
                expected += std::isnan(logit) ? 0.0 : std::exp(double{logit} - top);
            QCOMPARE(largest(logits), top);
            QCOMPARE(logits[indexOfLargest(logits)], top);
            QVERIFY(std::abs(sumExp(logits, top) / expected - 1.0) < 1e-6);
        }
        const std::vector<float> far{0.0F, -86.0F, -88.5F, -1e30F, -kInfinity, kNan};
        ExpWeights weights;
        weights.compute(far, 0.0F, 1.0F);
        QCOMPARE(weights.values()[0], 1.0F);
        QVERIFY(weights.values()[1] > 0.0F);
        for (std::size_t i = 2; i < far.size(); ++i)
            QCOMPARE(weights.values()[i], 0.0F);
    }

    void aMassIsFoundWhereTheRunningSumPassesIt()
    {
        constexpr std::size_t kSize = 20'000;
        std::vector<float> logits(kSize, -kInfinity); // weights 1 at every 1,000th, 0 elsewhere
        for (std::size_t i = 500; i < kSize; i += 1000)
            logits[i] = 0.0F;
        ExpWeights weights;
        weights.compute(logits, 0.0F, 1.0F);
        QCOMPARE(weights.total(), 20.0);
        for (std::size_t i = 0; i < 20; ++i) {
            QCOMPARE(weights.find(static_cast<double>(i)), 500 + 1000 * i);
            QCOMPARE(weights.find(static_cast<double>(i) + 0.999), 500 + 1000 * i);
        }
        QCOMPARE(weights.find(20.0), std::size_t{19'500}); // rounding may ask for it all
        QCOMPARE(weights.find(21.0), std::size_t{19'500});
        logits.resize(16'385, -kInfinity); // a last stretch of one, without weight
        weights.compute(logits, 0.0F, 1.0F);
        QCOMPARE(weights.find(16.0), std::size_t{15'500});
    }
};

QTEST_APPLESS_MAIN(SamplerTest)
#include "sampler_test.moc"
