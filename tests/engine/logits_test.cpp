// SPDX-License-Identifier: GPL-3.0-or-later
// The real models against an independent float32 implementation: every listed log-probability on the precise
// path, the mean negative log-likelihood on the default one.
#include <QtTest>

#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/rounded_frequencies.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using nlohmann::json;

namespace {

constexpr std::uint32_t kChunk = 256; // keeps the logits of a step small

json readReference(const QString& name)
{
    std::ifstream stream(std::string(VITRINE_TEST_DATA) + "/" + name.toStdString());
    return json::parse(stream);
}

/// Largest distance to the listed log-probabilities at one position.
double distanceAt(const json& row, std::uint32_t position, const std::vector<double>& logProbabilities)
{
    double worst = 0;
    const auto compare = [&](std::size_t token, double expected) {
        worst = std::max(worst, std::abs(logProbabilities[token] - expected));
    };
    const json& top = row["top"];
    if (const auto listed = top.find(std::to_string(position)); listed != top.end())
        for (const json& entry : *listed)
            compare(entry[0], entry[1]);
    if (position < row["next_logprob"].size())
        compare(row["tokens"][position + 1], row["next_logprob"][position]);
    return worst;
}

struct Score
{
    double meanNll = 0;
    double worst = 0;
};

Score score(ExecutorRig& rig, const json& row)
{
    RigSequence sequence;
    sequence.tokens = row["tokens"].get<std::vector<TokenId>>();
    const std::size_t count = sequence.tokens.size();
    Score score;
    while (sequence.computed < count) {
        const auto left = static_cast<std::uint32_t>(count) - sequence.computed;
        const RigChunk chunk{&sequence, std::min(kChunk, left)};
        sequence.logits.clear();
        rig.step(std::span(&chunk, 1), keepAll);
        for (const auto& [position, logits] : sequence.logits) {
            const std::vector<double> logProbabilities = logSoftmax(logits);
            score.worst = std::max(score.worst, distanceAt(row, position, logProbabilities));
            if (position + 1 < count)
                score.meanNll -= logProbabilities[static_cast<std::size_t>(sequence.tokens[position + 1])];
        }
    }
    score.meanNll /= static_cast<double>(std::max<std::size_t>(count - 1, 1));
    return score;
}

/// Under the address sanitizer the long rows take minutes; the short ones touch memory alike.
bool isCompared(const json& row)
{
#ifdef __SANITIZE_ADDRESS__
    return row["tokens"].size() <= 300;
#else
    return !row["tokens"].empty();
#endif
}

/// As many tokens as the reference continues the row with, each the likeliest.
std::vector<TokenId> continueGreedily(ExecutorRig& rig, const json& row)
{
    RigSequence sequence;
    sequence.tokens = row["tokens"].get<std::vector<TokenId>>();
    const std::size_t prompt = sequence.tokens.size();
    while (sequence.tokens.size() < prompt + row["greedy"].size()) {
        rig.run(sequence, kChunk, keepAll);
        const std::vector<float>& logits = sequence.logits.rbegin()->second;
        const auto best = std::max_element(logits.begin(), logits.end());
        sequence.tokens.push_back(static_cast<TokenId>(best - logits.begin()));
    }
    return {sequence.tokens.begin() + static_cast<std::ptrdiff_t>(prompt), sequence.tokens.end()};
}

ExecutorOptions preciseOptions()
{
    ExecutorOptions options;
    options.precise = true;
    return options;
}

} // namespace

class LogitsTest : public QObject
{
    Q_OBJECT

private slots:
    void preciseLogProbabilitiesEqualTheReference_data() { models(); }
    void preciseLogProbabilitiesEqualTheReference()
    {
        QFETCH(QString, file);
        QFETCH(QString, reference);
        const std::shared_ptr<const Model> model = installedModel(file.toStdString());
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        std::size_t compared = 0;
        for (const json& row : readReference(reference)) {
            if (!isCompared(row))
                continue;
            ++compared;
            ExecutorRig rig(model, preciseOptions(), 16, 128);
            const Score found = score(rig, row);
            qInfo("%zu tokens: largest difference %.2e", row["tokens"].size(), found.worst);
            QVERIFY2(found.worst < 2e-3, qPrintable(QString::number(found.worst)));
        }
        QVERIFY(compared > 0);
    }

    void tinyModelsEqualTheReference_data() { oneBaseFamilies(); }
    void tinyModelsEqualTheReference()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = withRoundedFrequencies(family.toStdString());
        for (const json& row : readReference("families/" + family + "/expected.json")) {
            ExecutorRig rig(model, preciseOptions(), 7, 32);
            const double worst = score(rig, row).worst;
            QVERIFY2(worst < 1e-4, qPrintable(QString::number(worst)));
            if (row.contains("greedy"))
                QCOMPARE(continueGreedily(rig, row), row["greedy"].get<std::vector<TokenId>>());
        }
    }

    /// With two bases the file cannot round the frequencies as the reference did: only positions that hardly
    /// turn are compared.
    void tinyGemma3EqualsTheReference()
    {
        const std::shared_ptr<const Model> model = tinyModel("gemma3");
        for (const json& row : readReference("families/gemma3/expected.json")) {
            ExecutorRig rig(model, preciseOptions(), 7, 32);
            const double worst = score(rig, row).worst;
            QVERIFY(row["tokens"].size() > 16 || worst < 2e-3);
            if (row.contains("greedy"))
                QCOMPARE(continueGreedily(rig, row), row["greedy"].get<std::vector<TokenId>>());
        }
    }

    /// A token's own log-probabilities are another matter: where two experts are nearly equal, rounding
    /// anywhere before the router changes who is chosen.
    void defaultPathKeepsMeanNllOfTinyModels_data() { oneBaseFamilies(); }
    void defaultPathKeepsMeanNllOfTinyModels()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = withRoundedFrequencies(family.toStdString());
        std::size_t compared = 0;
        for (const json& row : readReference("families/" + family + "/expected.json")) {
            if (row["tokens"].size() < 40)
                continue;
            ++compared;
            ExecutorOptions options;
            options.deterministic = true; // the same on every machine
            ExecutorRig precise(model, preciseOptions(), 7, 32), rig(model, options, 7, 32);
            const double change = score(rig, row).meanNll / score(precise, row).meanNll - 1;
            qInfo("%zu tokens: mean nll changes by %+.3f %%", row["tokens"].size(), 100 * change);
            QVERIFY2(std::abs(change) < 0.02, qPrintable(QString::number(change)));
        }
        QVERIFY(compared > 0);
    }

    void defaultPathKeepsMeanNll_data() { models(); }
    void defaultPathKeepsMeanNll()
    {
        QFETCH(QString, file);
        QFETCH(QString, reference);
        const std::shared_ptr<const Model> model = installedModel(file.toStdString());
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        const json rows = readReference(reference);
        const json& row =
            *std::find_if(rows.begin(), rows.end(), [](const json& r) { return r["tokens"].size() == 1100; });
        const double expected = row["mean_nll"];
        for (const KvFormat format : formats()) {
            ExecutorOptions options;
            options.kvFormat = format;
            ExecutorRig rig(model, options, 16, 128);
            const double change = score(rig, row).meanNll / expected - 1;
            qInfo("KV format %d: mean nll changes by %+.3f %%", static_cast<int>(format), 100 * change);
            QVERIFY2(std::abs(change) < 4e-3, qPrintable(QString::number(change)));
        }
    }

private:
    static std::vector<KvFormat> formats()
    {
#ifdef __SANITIZE_ADDRESS__ // minutes each there; memory is touched alike by the others
        return {KvFormat::Int8};
#else
        return {KvFormat::BF16, KvFormat::F16, KvFormat::F32, KvFormat::Int8};
#endif
    }

    static void oneBaseFamilies()
    {
        QTest::addColumn<QString>("family");
        for (const char* family : {"llama", "mixtral", "qwen3", "qwen3moe", "qwen2", "mistral", "gemma2",
                                   "phi3", "smollm3", "granite", "olmo2", "gpt_oss"})
            QTest::addRow("%s", family) << QString(family);
    }

    static void models()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("reference");
        QTest::newRow("SmolLM2") << kSmolLm2File << "logits_smollm2.json";
        QTest::newRow("Gemma 3") << kGemma3File << "logits_gemma3.json";
    }
};

QTEST_APPLESS_MAIN(LogitsTest)
#include "logits_test.moc"
