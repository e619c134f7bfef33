// SPDX-License-Identifier: GPL-3.0-or-later
// Penalties, biases, typical sampling and what is told of a token, on the device against the engine's sampler
// on the same logits.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include <QTest>

#include "cuda/support/sampled_rows.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;
using engine::SamplingParams;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kVocab = 2100;

using Change = std::function<void(SamplingParams&)>;

std::vector<float> spreadLogits(std::size_t count, float spread, std::mt19937& random)
{
    std::vector<float> logits = randomFloats(count, random);
    for (float& logit : logits)
        logit *= spread;
    return logits;
}

/// Tokens of the context are the likely ones, or nobody would see that they are penalised.
std::vector<engine::TokenId> likelyTokens(std::span<const float> logits, std::size_t count,
                                          std::mt19937& random)
{
    std::vector<engine::TokenId> best(logits.size());
    for (std::size_t i = 0; i < best.size(); ++i)
        best[i] = static_cast<engine::TokenId>(i);
    std::sort(best.begin(), best.end(), [&](engine::TokenId a, engine::TokenId b) {
        return logits[static_cast<std::size_t>(a)] > logits[static_cast<std::size_t>(b)];
    });
    std::vector<engine::TokenId> tokens;
    for (std::size_t i = 0; i < count; ++i)
        tokens.push_back(best[random() % 30]);
    return tokens;
}

std::vector<SampledRow> rowsWith(const Change& change, const std::vector<float>& logits, std::size_t count,
                                 std::mt19937& random)
{
    std::vector<SampledRow> rows(count);
    const std::size_t vocab = logits.size() / count;
    for (std::size_t i = 0; i < count; ++i) {
        const std::span<const float> own = std::span(logits).subspan(i * vocab, vocab);
        rows[i].params.seed = 40 + i;
        rows[i].params.temperature = 0.9F;
        change(rows[i].params);
        rows[i].prompt = likelyTokens(own, 12, random);
        rows[i].prompt.push_back(static_cast<engine::TokenId>(vocab)); // of a larger vocabulary
        rows[i].continued = 4;
        rows[i].reply = likelyTokens(own, 1 + 7 * i, random);
        rows[i].fed = i % 2 == 1;
        rows[i].key = i % 3;
    }
    return rows;
}

void compareReport(const std::vector<TokenReport>& found, const engine::SampledToken& expected)
{
    QCOMPARE(found[0].id, expected.id);
    if (std::isinf(expected.logprob))
        QCOMPARE(found[0].logprob, expected.logprob);
    else
        QVERIFY(std::abs(found[0].logprob - expected.logprob) <= 1e-4F);
    for (std::size_t i = 0; i < expected.top.size(); ++i) {
        QCOMPARE(found[i + 1].id, expected.top[i].id);
        QVERIFY(std::abs(found[i + 1].logprob - expected.top[i].logprob) <= 1e-4F);
        QCOMPARE(found[i + 1].cut, static_cast<std::int32_t>(expected.top[i].cut));
    }
    for (std::size_t i = expected.top.size() + 1; i < found.size(); ++i)
        QCOMPARE(found[i].id, -1);
}

/// Returns how many rows have another token than without what `without` takes away.
std::size_t compare(const std::vector<float>& logits, const std::vector<SampledRow>& rows, std::int64_t most,
                    const Change& without = {})
{
    const SampledRows result = sampledOnDevice(logits, rows, most);
    const std::size_t vocab = logits.size() / rows.size();
    std::size_t others = 0;
    for (std::size_t i = 0; i < std::min(rows.size(), result.tokens.size()); ++i) {
        const std::span<const float> own = std::span(logits).subspan(i * vocab, vocab);
        const engine::SampledToken expected = sampledOnCpu(own, rows[i]);
        if (result.tokens[i] != expected.id)
            qWarning("row %zu", i);
        [&] { QCOMPARE(result.tokens[i], expected.id); }();
        if (rows[i].params.logprobs > 0)
            compareReport(result.reports[i], expected);
        SampledRow plain = rows[i];
        if (without)
            without(plain.params);
        others += sampledOnCpu(own, plain).id != expected.id ? 1 : 0;
    }
    [&] { QCOMPARE(result.tokens.size(), rows.size()); }();
    return others;
}

void withoutPenalties(SamplingParams& params)
{
    params.repetitionPenalty = 1.0F;
    params.presencePenalty = params.frequencyPenalty = 0.0F;
    params.bias.clear();
}

} // namespace

class SampleSettingsTest : public QObject
{
    Q_OBJECT

private slots:
    void penaltiesAndBiasesAreTheSamplers_data();
    void penaltiesAndBiasesAreTheSamplers();
    void aFedTokenIsOneOfTheReply();
    void typicalSamplingIsTheSamplers_data();
    void typicalSamplingIsTheSamplers();
    void reportsAreTheSamplers_data();
    void reportsAreTheSamplers();
    void rowsBesideThemAreLeftAlone();
    void bannedTokensAreNeverDrawn();
    void strangeLogitsAreReportedAsOnTheCpu();
    void takesNoMoreAlternativesThanThereIsRoomFor();
};

void SampleSettingsTest::penaltiesAndBiasesAreTheSamplers_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) { QTest::newRow(name) << std::move(change); };
    row("repetition", [](SamplingParams& p) { p.repetitionPenalty = 1.6F; });
    row("repetition wanted", [](SamplingParams& p) { p.repetitionPenalty = 0.4F; });
    row("presence", [](SamplingParams& p) { p.presencePenalty = 2.5F; });
    row("frequency", [](SamplingParams& p) { p.frequencyPenalty = 1.1F; });
    row("bias", [](SamplingParams& p) {
        for (engine::TokenId id = 0; id < 600; ++id)
            p.bias.emplace_back(id, 9.0F);
        p.bias.emplace_back(3, -1.0F);       // twice
        p.bias.emplace_back(900'000, 50.0F); // of a larger vocabulary
    });
    row("all of them, greedy", [](SamplingParams& p) {
        p.temperature = 0.0F;
        p.repetitionPenalty = 1.2F;
        p.presencePenalty = 0.7F;
        p.frequencyPenalty = 0.3F;
        p.bias = {{5, 12.0F}, {9, -2.0F}};
    });
    row("all of them with every cut", [](SamplingParams& p) {
        p.topK = 50;
        p.topP = 0.95F;
        p.minP = 0.01F;
        p.typicalP = 0.9F;
        p.repetitionPenalty = 1.3F;
        p.presencePenalty = -0.6F;
        p.frequencyPenalty = 0.4F;
        p.bias = {{5, 8.0F}, {9, -2.0F}};
    });
}

void SampleSettingsTest::penaltiesAndBiasesAreTheSamplers()
{
    QFETCH(Change, change);
    std::mt19937 random(3);
    const std::vector<float> logits = spreadLogits(8 * kVocab, 4.0F, random);
    const std::vector<SampledRow> rows = rowsWith(change, logits, 8, random);
    QVERIFY(compare(logits, rows, 0, withoutPenalties) > 0);
}

/// Known to the host or not, with an entry of its own or one that the prompt has made: the same logits.
void SampleSettingsTest::aFedTokenIsOneOfTheReply()
{
    std::mt19937 random(4);
    const std::vector<float> one = spreadLogits(kVocab, 4.0F, random);
    for (const engine::TokenId last : {7, 11, 13}) {
        SampledRow known;
        known.params.repetitionPenalty = 1.5F;
        known.params.frequencyPenalty = 0.5F;
        known.params.presencePenalty = 0.25F;
        known.params.bias = {{13, 2.0F}};
        known.prompt = {7, 8};
        known.reply = {8, 9, last};
        SampledRow fed = known;
        fed.fed = true;
        const SampledRows host = sampledOnDevice(one, {known}, 0), device = sampledOnDevice(one, {fed}, 0);
        QCOMPARE(device.tokens, host.tokens);
        QCOMPARE(device.logits, host.logits);
        QVERIFY(host.logits != one);
    }
}

void SampleSettingsTest::typicalSamplingIsTheSamplers_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<float>("spread");
    const auto row = [](const char* name, float spread, Change change) {
        QTest::newRow(name) << std::move(change) << spread;
    };
    row("alone", 4.0F, [](SamplingParams&) {});
    row("alone, flat", 0.5F, [](SamplingParams&) {});
    row("behind top-k", 4.0F, [](SamplingParams& p) { p.topK = 40; });
    row("behind top-p and min-p", 2.0F, [](SamplingParams& p) {
        p.topP = 0.95F;
        p.minP = 0.02F;
    });
    row("behind all", 2.0F, [](SamplingParams& p) {
        p.topK = 100;
        p.topP = 0.9F;
        p.minP = 0.01F;
    });
}

void SampleSettingsTest::typicalSamplingIsTheSamplers()
{
    QFETCH(Change, change);
    QFETCH(float, spread);
    std::mt19937 random(5);
    const std::vector<float> logits = spreadLogits(6 * kVocab, spread, random);
    const Change typical = [&](SamplingParams& p) {
        change(p);
        p.typicalP = 0.4F;
    };
    const std::vector<SampledRow> rows = rowsWith(typical, logits, 6, random);
    QVERIFY(compare(logits, rows, 0, [](SamplingParams& p) { p.typicalP = 1.0F; }) > 0);
}

void SampleSettingsTest::reportsAreTheSamplers_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) { QTest::newRow(name) << std::move(change); };
    row("greedy", [](SamplingParams& p) { p.temperature = 0.0F; });
    row("temperature alone", [](SamplingParams&) {});
    row("cold: most have no weight", [](SamplingParams& p) { p.temperature = 0.02F; });
    row("cold with top-k", [](SamplingParams& p) {
        p.temperature = 0.02F;
        p.topK = 60;
    });
    row("top-k", [](SamplingParams& p) { p.topK = 15; });
    row("top-p", [](SamplingParams& p) { p.topP = 0.8F; });
    row("min-p", [](SamplingParams& p) { p.minP = 0.1F; });
    row("typical", [](SamplingParams& p) { p.typicalP = 0.5F; });
    row("each of them", [](SamplingParams& p) {
        p.topK = 30;
        p.topP = 0.9F;
        p.minP = 0.02F;
        p.typicalP = 0.7F;
    });
    row("penalties: others are drawn than are told of", [](SamplingParams& p) {
        p.topK = 20;
        p.repetitionPenalty = 1.8F;
        p.frequencyPenalty = 0.5F;
        p.bias = {{1, 20.0F}, {2, 19.0F}};
    });
}

void SampleSettingsTest::reportsAreTheSamplers()
{
    QFETCH(Change, change);
    std::mt19937 random(6);
    const std::vector<float> logits = spreadLogits(4 * kVocab, 4.0F, random);
    std::vector<SampledRow> rows = rowsWith(change, logits, 4, random);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i].params.logprobs = std::array{5U, 1U, 100U, 37U}[i];
    compare(logits, rows, 100);
}

/// Rows with nothing on, between others: neither logits nor reports are touched.
void SampleSettingsTest::rowsBesideThemAreLeftAlone()
{
    std::mt19937 random(7);
    const std::vector<float> logits = spreadLogits(5 * kVocab, 4.0F, random);
    std::vector<SampledRow> rows = rowsWith([](SamplingParams&) {}, logits, 5, random);
    for (SampledRow& row : rows)
        row.fed = false;
    rows[1].params.frequencyPenalty = 1.0F;
    rows[3].params.logprobs = 4;
    compare(logits, rows, 8);
    const SampledRows result = sampledOnDevice(logits, rows, 8);
    for (const std::size_t i : {0U, 2U, 3U, 4U})
        QVERIFY(std::equal(logits.begin() + static_cast<std::ptrdiff_t>(i * kVocab),
                           logits.begin() + static_cast<std::ptrdiff_t>((i + 1) * kVocab),
                           result.logits.begin() + static_cast<std::ptrdiff_t>(i * kVocab)));
    for (const std::size_t i : {0U, 1U, 2U, 4U})
        for (const TokenReport& report : result.reports[i])
            QCOMPARE(report.id, -1);
}

void SampleSettingsTest::bannedTokensAreNeverDrawn()
{
    std::vector<float> logits(700, 1.0F);
    SampledRow row;
    row.params.temperature = 1.0F;
    row.params.logprobs = 100;
    for (engine::TokenId id = 0; id < 700; ++id)
        if (id != 423)
            row.params.bias.emplace_back(id, -kInfinity);
    compare(logits, {row}, 100);
    QCOMPARE(sampledOnDevice(logits, {row}, 100).tokens[0], 423);
    row.params.bias.emplace_back(423, -kInfinity);
    compare(logits, {row}, 100); // nothing is left: token 0, with the probability that it had
}

void SampleSettingsTest::strangeLogitsAreReportedAsOnTheCpu()
{
    SampledRow row;
    row.params.logprobs = 20;
    row.params.temperature = 0.8F;
    std::vector<float> logits(40, -kInfinity);
    compare(logits, {row}, 20); // no alternatives at all
    for (std::size_t i = 0; i < 8; ++i)
        logits[5 * i] = static_cast<float>(i);
    logits[3] = std::numeric_limits<float>::quiet_NaN();
    compare(logits, {row}, 20); // fewer than asked for
    row.params.repetitionPenalty = 0.5F;
    row.prompt = {3, 5, 6, 30};
    compare(logits, {row}, 20);
    logits[6] = kInfinity;
    compare(logits, {row}, 20);
}

void SampleSettingsTest::takesNoMoreAlternativesThanThereIsRoomFor()
{
    SampledRow row;
    QVERIFY(sampledOnDevice(std::vector<float>(50, 1.0F), {row}, 101).tokens.empty());
    row.params.logprobs = 30; // more than a report of this step holds
    const SampledRows result = sampledOnDevice(std::vector<float>(50, 1.0F), {row}, 4);
    QCOMPARE(result.reports[0].size(), std::size_t{5});
    QCOMPARE(result.reports[0][4].id, 3);
}

QTEST_APPLESS_MAIN(SampleSettingsTest)
#include "sample_settings_test.moc"
