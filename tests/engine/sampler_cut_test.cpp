// SPDX-License-Identifier: GPL-3.0-or-later
// What the sampler says about the alternatives it did not take: against plain arithmetic on sorted tokens.
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>

#include "engine/sampling/sampler.h"

using namespace vitrine::engine;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> randomLogits(std::size_t vocab, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 3.0F);
    std::vector<float> logits(vocab);
    for (float& logit : logits)
        logit = normal(random);
    return logits;
}

using Ids = std::vector<std::size_t>;

double massOf(const Ids& ids, const std::vector<double>& weights)
{
    double mass = 0.0;
    for (const std::size_t id : ids)
        mass += weights[id];
    return mass;
}

/// The first of `ids` that have `share` of `total`.
Ids firstWithShare(const Ids& ids, const std::vector<double>& weights, double share, double total)
{
    Ids kept;
    double mass = 0.0;
    for (const std::size_t id : ids) {
        if (mass >= share * total)
            break;
        kept.push_back(id);
        mass += weights[id];
    }
    return kept;
}

/// What each token was cut by, by the definition of the settings.
std::vector<SamplerCut> reference(const std::vector<float>& logits, const SamplingParams& params)
{
    const float top = *std::max_element(logits.begin(), logits.end());
    std::vector<double> weights;
    for (const float logit : logits)
        weights.push_back(std::exp((double{logit} - top) / params.temperature));
    Ids left(logits.size());
    std::iota(left.begin(), left.end(), std::size_t{0});
    std::sort(left.begin(), left.end(),
              [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
    std::vector<SamplerCut> cuts(logits.size(), SamplerCut::None);
    const auto keep = [&](const Ids& kept, SamplerCut stage) {
        const std::set<std::size_t> stays(kept.begin(), kept.end());
        for (const std::size_t id : left)
            if (!stays.contains(id))
                cuts[id] = stage;
        left = kept;
    };
    if (params.topK > 0)
        keep(Ids(left.begin(), left.begin() + params.topK), SamplerCut::TopK);
    if (params.topP < 1.0F)
        keep(firstWithShare(left, weights, double{params.topP}, massOf(left, weights)), SamplerCut::TopP);
    Ids heavy;
    std::copy_if(left.begin(), left.end(), std::back_inserter(heavy),
                 [&](std::size_t id) { return weights[id] >= double{params.minP}; });
    keep(heavy, SamplerCut::MinP);
    if (params.typicalP < 1.0F) {
        const double total = massOf(left, weights);
        double entropy = 0.0;
        for (const std::size_t id : left)
            entropy -= weights[id] / total * std::log(weights[id] / total);
        Ids typical = left;
        std::sort(typical.begin(), typical.end(), [&](std::size_t a, std::size_t b) {
            return std::abs(-std::log(weights[a] / total) - entropy) <
                   std::abs(-std::log(weights[b] / total) - entropy);
        });
        keep(firstWithShare(typical, weights, double{params.typicalP}, total), SamplerCut::Typical);
    }
    return cuts;
}

std::vector<SamplerCut> cutsOf(const SampledToken& token)
{
    std::vector<SamplerCut> cuts;
    for (const TokenProbability& entry : token.top)
        cuts.push_back(entry.cut);
    return cuts;
}

} // namespace

Q_DECLARE_METATYPE(SamplingParams)

class SamplerCutTest : public QObject
{
    Q_OBJECT

private slots:
    void eachAlternativeNamesWhatCutIt_data();
    void eachAlternativeNamesWhatCutIt();
    void whoWasDrawnWasNotCut();
    void greedyChoiceCutsNobody();
    void bannedTokenHasNoWeight();
    void coldTokenHasNoWeight_data();
    void coldTokenHasNoWeight();
    void watchingChangesNoChoice();
};

void SamplerCutTest::eachAlternativeNamesWhatCutIt_data()
{
    QTest::addColumn<SamplingParams>("params");
    const auto row = [](const char* name, std::uint32_t topK, float topP, float minP, float typicalP) {
        SamplingParams params;
        params.temperature = 1.3F;
        params.topK = topK;
        params.topP = topP;
        params.minP = minP;
        params.typicalP = typicalP;
        params.logprobs = 60;
        QTest::newRow(name) << params;
    };
    row("nothing", 0, 1.0F, 0.0F, 1.0F);
    row("top-k", 20, 1.0F, 0.0F, 1.0F);
    row("top-p", 0, 0.8F, 0.0F, 1.0F);
    row("min-p", 0, 1.0F, 0.05F, 1.0F);
    row("typical", 0, 1.0F, 0.0F, 0.6F);
    row("top-k and top-p", 30, 0.8F, 0.0F, 1.0F);
    row("top-p and min-p", 0, 0.97F, 0.08F, 1.0F);
    row("all", 40, 0.95F, 0.04F, 0.7F);
    row("all but top-k", 0, 0.97F, 0.04F, 0.7F);
}

void SamplerCutTest::eachAlternativeNamesWhatCutIt()
{
    QFETCH(SamplingParams, params);
    Sampler sampler;
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        const std::vector<float> logits = randomLogits(700, seed);
        params.seed = seed;
        const SampledToken token = sampler.sample(logits, params, {});
        const std::vector<SamplerCut> wanted = reference(logits, params);
        QCOMPARE(token.top.size(), std::size_t{60});
        for (const TokenProbability& entry : token.top)
            QCOMPARE(int(entry.cut), int(wanted[std::size_t(entry.id)]));
    }
}

void SamplerCutTest::whoWasDrawnWasNotCut()
{
    SamplingParams params;
    params.temperature = 2.0F;
    params.topK = 50;
    params.topP = 0.9F;
    params.typicalP = 0.5F;
    params.logprobs = 100;
    Sampler sampler;
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        params.seed = seed;
        const SampledToken token = sampler.sample(randomLogits(300, seed), params, {});
        const auto drawn = std::find_if(token.top.begin(), token.top.end(),
                                        [&](const TokenProbability& entry) { return entry.id == token.id; });
        QVERIFY(drawn != token.top.end());
        QCOMPARE(drawn->cut, SamplerCut::None);
        QCOMPARE(drawn->logprob, token.logprob);
    }
}

void SamplerCutTest::greedyChoiceCutsNobody()
{
    SamplingParams params;
    params.topK = 2;
    params.logprobs = 5;
    const SampledToken token = Sampler().sample(randomLogits(50, 1), params, {});
    QCOMPARE(cutsOf(token), std::vector<SamplerCut>(5, SamplerCut::None));
}

void SamplerCutTest::bannedTokenHasNoWeight()
{
    const std::vector<float> logits{5.0F, 4.0F, 3.0F, 2.0F};
    for (const std::uint32_t topK : {0U, 2U}) {
        SamplingParams params;
        params.temperature = 1.0F;
        params.topK = topK;
        params.bias = {{0, -kInfinity}};
        params.logprobs = 3;
        const SampledToken token = Sampler().sample(logits, params, {});
        QCOMPARE(token.top[0].id, TokenId{0});
        QCOMPARE(token.top[0].cut, SamplerCut::Weightless);
        QCOMPARE(token.top[1].cut, SamplerCut::None);
    }
}

void SamplerCutTest::coldTokenHasNoWeight_data()
{
    QTest::addColumn<SamplingParams>("params");
    QTest::newRow("temperature alone") << SamplingParams{.temperature = 0.01F, .bias = {}};
    QTest::newRow("top-k") << SamplingParams{.temperature = 0.01F, .topK = 3, .bias = {}};
    QTest::newRow("top-p") << SamplingParams{.temperature = 0.01F, .topP = 0.9F, .bias = {}};
    QTest::newRow("min-p") << SamplingParams{.temperature = 0.01F, .minP = 0.1F, .bias = {}};
}

/// Whatever is asked of it afterwards: e^-1000 is nothing.
void SamplerCutTest::coldTokenHasNoWeight()
{
    QFETCH(SamplingParams, params);
    params.logprobs = 3;
    const std::vector<float> logits{0.0F, 10.0F, 20.0F, -kInfinity};
    const SampledToken token = Sampler().sample(logits, params, {});
    QCOMPARE(token.id, 2);
    QCOMPARE(cutsOf(token), (std::vector{SamplerCut::None, SamplerCut::Weightless, SamplerCut::Weightless}));
}

void SamplerCutTest::watchingChangesNoChoice()
{
    Sampler watching, plain;
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        const std::vector<float> logits = randomLogits(400, seed);
        const std::vector<TokenId> reply{1, 2, 3, 1};
        SamplingParams params;
        params.temperature = 1.5F;
        params.topK = seed % 3 == 0 ? 40 : 0;
        params.topP = seed % 2 == 0 ? 0.9F : 1.0F;
        params.frequencyPenalty = 0.5F;
        params.repetitionPenalty = 1.2F;
        params.seed = seed;
        const TokenId chosen = plain.sample(logits, params, {reply, reply, 0, {}}).id;
        params.logprobs = 30;
        QCOMPARE(watching.sample(logits, params, {reply, reply, 0, {}}).id, chosen);
    }
}

QTEST_APPLESS_MAIN(SamplerCutTest)
#include "sampler_cut_test.moc"
