// SPDX-License-Identifier: GPL-3.0-or-later
// The real models against an independent float32 implementation: every listed log-probability on the precise
// path, the mean negative log-likelihood on the default one.
#include <QtTest>

#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"

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

float roundedToBf16(float x)
{
    const auto bits = std::bit_cast<std::uint32_t>(x);
    return std::bit_cast<float>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) & 0xFFFF0000U);
}

/// The tiny model with rope factors that make each frequency a bfloat16 number.
std::shared_ptr<const Model> withRoundedFrequencies(const std::string& family)
{
    const std::shared_ptr<const Model> model = tinyModel(family);
    std::ifstream stream(model->path(), std::ios::binary);
    std::string file{std::istreambuf_iterator<char>(stream), {}};
    const WeightView& view = model->weights().ropeFactors;
    const std::string bytes(reinterpret_cast<const char*>(view.data), view.columns * sizeof(float));
    std::vector<float> factors(view.columns);
    std::memcpy(factors.data(), bytes.data(), bytes.size());
    const double dim = 2.0 * static_cast<double>(view.columns);
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const double base = model->config().layers.front().ropeBase;
        const double frequency = std::pow(base, -2.0 * static_cast<double>(i) / dim);
        factors[i] =
            static_cast<float>(frequency / roundedToBf16(static_cast<float>(frequency / factors[i])));
    }
    std::memcpy(file.data() + file.find(bytes), factors.data(), bytes.size());
    const std::filesystem::path path = std::filesystem::temp_directory_path() / "vitrine_rounded_model.gguf";
    std::ofstream(path, std::ios::binary) << file;
    std::shared_ptr<const Model> rounded = loadModel(path.string());
    std::filesystem::remove(path);
    return rounded;
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

    /// The reference of the tiny models rounded its rotation frequencies to bfloat16. Scaling factors in the
    /// file undo that for Llama; for Gemma 3, with two bases, only positions that hardly turn are compared.
    void tinyLlamaEqualsTheReference()
    {
        const std::shared_ptr<const Model> model = withRoundedFrequencies("llama");
        QVERIFY(model);
        for (const json& row : readReference("families/llama/expected.json")) {
            ExecutorRig rig(model, preciseOptions(), 7, 32);
            QVERIFY(score(rig, row).worst < 1e-4);
            if (row.contains("greedy"))
                QCOMPARE(continueGreedily(rig, row), row["greedy"].get<std::vector<TokenId>>());
        }
    }

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
