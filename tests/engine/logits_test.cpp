// SPDX-License-Identifier: GPL-3.0-or-later
// The real models against an independent float32 implementation: every listed log-probability on the precise
// path, the mean negative log-likelihood on the default one.
#include <QtTest>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/model/default_model.h"
#include "tests/engine/support/executor_rig.h"

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
    score.meanNll /= static_cast<double>(count - 1);
    return score;
}

} // namespace

class LogitsTest : public QObject
{
    Q_OBJECT

private slots:
    void preciseLogProbabilitiesEqualTheReference_data() { models(); }
    void preciseLogProbabilitiesEqualTheReference()
    {
        QFETCH(QString, reference);
        const std::shared_ptr<const Model> model = load();
        if (!model)
            QSKIP("the model file is not on this machine");
        ExecutorOptions options;
        options.precise = true;
        for (const json& row : readReference(reference)) {
            ExecutorRig rig(model, options, 16, 128);
            const Score found = score(rig, row);
            qInfo("%zu tokens: largest difference %.2e", row["tokens"].size(), found.worst);
            QVERIFY2(found.worst < 2e-3, qPrintable(QString::number(found.worst)));
        }
    }

    void defaultPathKeepsMeanNll_data() { models(); }
    void defaultPathKeepsMeanNll()
    {
        QFETCH(QString, reference);
        const std::shared_ptr<const Model> model = load();
        if (!model)
            QSKIP("the model file is not on this machine");
        const json rows = readReference(reference);
        const json& row =
            *std::find_if(rows.begin(), rows.end(), [](const json& r) { return r["tokens"].size() == 1100; });
        const double expected = row["mean_nll"];
        for (const KvFormat format : {KvFormat::BF16, KvFormat::F16, KvFormat::F32}) {
            ExecutorOptions options;
            options.kvFormat = format;
            ExecutorRig rig(model, options, 16, 128);
            const double change = score(rig, row).meanNll / expected - 1;
            qInfo("KV format %d: mean nll changes by %+.3f %%", static_cast<int>(format), 100 * change);
            QVERIFY2(std::abs(change) < 4e-3, qPrintable(QString::number(change)));
        }
    }

private:
    static void models()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("reference");
        QTest::newRow("SmolLM2") << "SmolLM2-135M-Instruct.Q4_1.gguf"
                                 << "logits_smollm2.json";
        QTest::newRow("Gemma 3") << "gemma-3-270m-q4_k_m.gguf"
                                 << "logits_gemma3.json";
    }

    static std::shared_ptr<const Model> load()
    {
        QFETCH(QString, file);
        const std::string path = modelFolder() + "/" + file.toStdString();
        if (!std::filesystem::exists(path))
            return nullptr;
        Result<std::shared_ptr<const Model>> model = Model::load(path);
        VT_CHECK(model.has_value());
        return *model;
    }
};

QTEST_APPLESS_MAIN(LogitsTest)
#include "logits_test.moc"
