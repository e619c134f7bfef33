// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens drawn on the device against those that the engine's sampler draws of the same logits.
#include "kernels/cuda/sample.h"

#include <cmath>
#include <limits>

#include <QTest>

#include "emulator/support.h"
#include "engine/sampling/sampler.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct Drawn
{
    std::vector<std::int32_t> tokens;
    std::vector<float> logprobs;
};

/// With a report of one alternative a row, whose own probability is looked at.
Drawn drawn(const std::vector<float>& logits, std::vector<RowSampling> settings)
{
    for (RowSampling& row : settings)
        row.alternatives = 1;
    const std::size_t count = settings.size();
    const DeviceVector<float> device(logits);
    const DeviceVector<RowSampling> rows(settings);
    const DeviceVector<std::int32_t> tokens(std::vector<std::int32_t>(count, -7));
    const DeviceVector<RowNotes> notes{std::vector<RowNotes>(count)};
    const DeviceVector<TokenReport> reports(std::vector<TokenReport>(2 * count));
    SampleStep step;
    step.logits = device.data();
    step.rows = static_cast<std::int64_t>(count);
    step.vocab = static_cast<std::int64_t>(logits.size() / count);
    step.settings = rows.data();
    step.notes = notes.data();
    step.tokens = tokens.data();
    step.reports = reports.data();
    step.alternatives = 1;
    if (!sampleRows(step, nullptr))
        return {};
    Drawn result{tokens.read(), {}};
    const std::vector<TokenReport> told = reports.read();
    for (std::size_t i = 0; i < count; ++i)
        result.logprobs.push_back(told[2 * i].id == result.tokens[i] ? told[2 * i].logprob : kNaN);
    return result;
}

engine::SampledToken onCpu(std::span<const float> logits, const RowSampling& row)
{
    engine::SamplingParams params;
    params.temperature = row.temperature;
    params.topK = row.topK;
    params.topP = row.topP;
    params.minP = row.minP;
    params.seed = row.seed;
    params.logprobs = 1;
    const std::vector<engine::TokenId> prompt(row.position);
    engine::SamplingContext context{prompt, {}, row.requestKey};
    engine::Sampler sampler;
    return sampler.sample(logits, params, context);
}

/// As many rows as settings, of `vocab` logits, compared with the CPU's one by one.
void compare(const std::vector<float>& logits, const std::vector<RowSampling>& settings)
{
    const Drawn result = drawn(logits, settings);
    QCOMPARE(result.tokens.size(), settings.size());
    const std::size_t vocab = logits.size() / settings.size();
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const engine::SampledToken expected = onCpu(std::span(logits).subspan(i * vocab, vocab), settings[i]);
        QCOMPARE(result.tokens[i], expected.id);
        QVERIFY2(std::abs(result.logprobs[i] - expected.logprob) <=
                     1e-5F * (1.0F + std::abs(expected.logprob)),
                 qPrintable(QString("row %1").arg(i)));
    }
}

/// Rows with the same settings at one position after another.
std::vector<RowSampling> positions(RowSampling row, std::size_t count)
{
    std::vector<RowSampling> rows(count, row);
    for (std::size_t i = 0; i < count; ++i) {
        rows[i].position = 10 + i;
        rows[i].requestKey = i % 3;
    }
    return rows;
}

std::vector<float> spreadLogits(std::size_t count, float spread, std::mt19937& random)
{
    std::vector<float> logits = randomFloats(count, random);
    for (float& logit : logits)
        logit *= spread;
    return logits;
}

} // namespace

class SampleTest : public QObject
{
    Q_OBJECT

private slots:
    void drawsWhatTheCpuDraws_data();
    void drawsWhatTheCpuDraws();
    void drawsFromFlatDistributions();
    void breaksTiesByTheLowerId();
    void takesTheBestWhenGreedy();
    void passesOverNaNAndInfinity();
    void takesTheFirstWhereNothingCanBeDrawn();
    void aRowIsTheSameInAnyCompany();
    void drawsByWeight();
};

void SampleTest::drawsWhatTheCpuDraws_data()
{
    QTest::addColumn<float>("temperature");
    QTest::addColumn<int>("topK");
    QTest::addColumn<float>("topP");
    QTest::addColumn<float>("minP");
    QTest::newRow("temperature alone") << 0.8F << 0 << 1.0F << 0.0F;
    QTest::newRow("top-k") << 1.0F << 20 << 1.0F << 0.0F;
    QTest::newRow("top-k of one") << 1.0F << 1 << 1.0F << 0.0F;
    QTest::newRow("top-k of many") << 2.0F << 1024 << 1.0F << 0.0F;
    QTest::newRow("top-p") << 0.9F << 0 << 0.9F << 0.0F;
    QTest::newRow("narrow top-p") << 0.9F << 0 << 0.05F << 0.0F;
    QTest::newRow("min-p") << 1.2F << 0 << 1.0F << 0.05F;
    QTest::newRow("top-k and top-p") << 1.1F << 40 << 0.8F << 0.0F;
    QTest::newRow("top-p and min-p") << 1.1F << 0 << 0.95F << 0.1F;
    QTest::newRow("all") << 1.3F << 64 << 0.9F << 0.02F;
}

void SampleTest::drawsWhatTheCpuDraws()
{
    QFETCH(float, temperature);
    QFETCH(int, topK);
    QFETCH(float, topP);
    QFETCH(float, minP);
    std::mt19937 random(static_cast<unsigned>(topK) + 1);
    for (const auto& [vocab, rows] : {std::pair<std::size_t, std::size_t>{100, 4}, {3001, 4}, {9000, 1}}) {
        const RowSampling row{temperature, static_cast<std::uint32_t>(topK), topP, minP, 42 + vocab, 0, 0};
        compare(spreadLogits(rows * vocab, 3.0F, random), positions(row, rows));
    }
}

/// More tokens in the nucleus than are listed at first, and ties throughout.
void SampleTest::drawsFromFlatDistributions()
{
    std::mt19937 random(8);
    compare(spreadLogits(2 * 4000, 0.1F, random), positions({1.0F, 0, 0.7F, 0.0F, 1, 0, 0}, 2));
    const std::vector<float> same(2 * 3000, 1.5F);
    compare(same, positions({1.0F, 100, 1.0F, 0.0F, 1, 0, 0}, 2));
    compare(same, positions({1.0F, 0, 1.0F, 0.0F, 1, 0, 0}, 2));
}

void SampleTest::breaksTiesByTheLowerId()
{
    std::vector<float> logits(2500, 0.0F);
    for (const std::size_t id : {2400, 1700, 900, 30})
        logits[id] = 5.0F;
    std::vector<float> rows;
    for (int i = 0; i < 8; ++i)
        rows.insert(rows.end(), logits.begin(), logits.end());
    for (const std::int32_t token : drawn(rows, positions({1.0F, 2, 1.0F, 0.0F, 3, 0, 0}, 8)).tokens)
        QVERIFY(token == 30 || token == 900);
    QCOMPARE(drawn(logits, {{0.0F}}).tokens, std::vector<std::int32_t>{30});
}

void SampleTest::takesTheBestWhenGreedy()
{
    std::mt19937 random(9);
    compare(spreadLogits(3 * 2000, 2.0F, random), positions({0.0F}, 3));
}

void SampleTest::passesOverNaNAndInfinity()
{
    std::mt19937 random(10);
    std::vector<float> logits = spreadLogits(4 * 1500, 2.0F, random);
    for (std::size_t i = 0; i < logits.size(); i += 3)
        logits[i] = i % 2 == 0 ? kNaN : -kInfinity;
    compare(logits, positions({1.0F, 0, 0.9F, 0.0F, 5, 0, 0}, 4));
    compare(logits, positions({1.0F, 10, 1.0F, 0.0F, 5, 0, 0}, 4));
    logits[1001] = kInfinity;
    const RowSampling row{1.0F, 0, 1.0F, 0.0F, 5, 0, 0};
    QCOMPARE(drawn(logits, positions(row, 4)).tokens[0], 1001);
}

void SampleTest::takesTheFirstWhereNothingCanBeDrawn()
{
    const Drawn result = drawn(std::vector<float>(700, -kInfinity), {{1.0F, 5}});
    QCOMPARE(result.tokens, std::vector<std::int32_t>{0});
    QCOMPARE(result.logprobs, std::vector<float>{-kInfinity});
    QCOMPARE(drawn(std::vector<float>(700, kNaN), {{0.7F}}).tokens, std::vector<std::int32_t>{0});
}

void SampleTest::aRowIsTheSameInAnyCompany()
{
    std::mt19937 random(11);
    const std::vector<float> logits = spreadLogits(5 * 2100, 2.0F, random);
    const std::vector<RowSampling> settings = positions({1.4F, 0, 0.97F, 0.01F, 6, 0, 0}, 5);
    const Drawn together = drawn(logits, settings);
    const Drawn alone =
        drawn(std::vector<float>(logits.begin() + 3 * 2100, logits.begin() + 4 * 2100), {settings[3]});
    QCOMPARE(alone.tokens[0], together.tokens[3]);
    QCOMPARE(alone.logprobs[0], together.logprobs[3]);
}

/// 3 : 1, so that 75 of 100 draws are expected and 4.33 are a standard deviation.
void SampleTest::drawsByWeight()
{
    std::vector<float> rows;
    for (int i = 0; i < 100; ++i)
        rows.insert(rows.end(), {std::log(3.0F), 0.0F});
    const Drawn result = drawn(rows, positions({1.0F, 0, 1.0F, 0.0F, 12, 0, 0}, 100));
    const auto first = std::count(result.tokens.begin(), result.tokens.end(), 0);
    QVERIFY2(first >= 58 && first <= 92, qPrintable(QString::number(first)));
    QVERIFY(std::abs(result.logprobs[0] - std::log(result.tokens[0] == 0 ? 0.75F : 0.25F)) < 1e-5F);
}

QTEST_APPLESS_MAIN(SampleTest)
#include "sample_test.moc"
