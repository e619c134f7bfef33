// SPDX-License-Identifier: GPL-3.0-or-later
// Attention by block: right sums in double, the same bits whatever the threads and the company, nothing for
// holes, and neither work nor changed logits where nobody asks.
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/execution/attention_mass.h"
#include "kernels/cpu/attention.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr std::uint32_t kSeed = 2026;
constexpr double kSumTolerance = 1e-5;

using Masses = std::vector<std::vector<float>>; ///< [mass rows][blocks]

struct Measured
{
    Masses masses;
    std::vector<float> logits;
};

/// One step of the chunks that keeps the logits of all their tokens.
Measured measure(ExecutorRig& rig, std::span<const RigChunk> chunks, const std::vector<std::int32_t>& rows)
{
    ForwardBatch batch = rig.build(chunks, keepAll);
    batch.massRows = rows;
    const Result<std::span<const float>> logits = rig.executor().forward(batch);
    VT_CHECK(logits.has_value());
    for (const RigChunk& chunk : chunks)
        chunk.sequence->computed += chunk.tokens;
    Measured measured{{}, {logits->begin(), logits->end()}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::span<const float> mass = rig.executor().attentionMass(i);
        measured.masses.emplace_back(mass.begin(), mass.end());
    }
    return measured;
}

/// Sequences of random tokens of these lengths.
std::vector<RigSequence> randomSequences(std::uint32_t vocab, const std::vector<std::size_t>& lengths)
{
    std::mt19937 random(kSeed);
    std::uniform_int_distribution<TokenId> token(0, static_cast<TokenId>(vocab) - 1);
    std::vector<RigSequence> sequences(lengths.size());
    for (std::size_t s = 0; s < lengths.size(); ++s)
        for (std::size_t i = 0; i < lengths[s]; ++i)
            sequences[s].tokens.push_back(token(random));
    return sequences;
}

/// Everything but the last token of each sequence, and then a step that decodes all of them.
std::vector<RigChunk> prefill(ExecutorRig& rig, std::vector<RigSequence>& sequences)
{
    std::vector<RigChunk> decode;
    for (RigSequence& sequence : sequences) {
        const RigChunk chunk{&sequence, static_cast<std::uint32_t>(sequence.tokens.size()) - 1};
        rig.step(std::span(&chunk, 1), [](std::uint32_t) { return false; });
        decode.push_back({&sequence, 1});
    }
    return decode;
}

struct Setup
{
    std::uint32_t threads = 2;
    std::uint32_t blockSize = 16;
    KvFormat format = KvFormat::BF16;
};

const std::vector<std::size_t> kLengths = {150, 33, 260, 17};

/// Masses and logits of the last tokens of sequences of kLengths.
Measured decodeAll(const std::shared_ptr<const Model>& model, const Setup& setup,
                   const std::vector<std::int32_t>& rows)
{
    ExecutorOptions options;
    options.threads = setup.threads;
    options.deterministic = true; // prompts are compared with single tokens to the bit
    options.kvFormat = setup.format;
    ExecutorRig rig(model, options, setup.blockSize, 600 / setup.blockSize);
    std::vector<RigSequence> sequences = randomSequences(model->config().vocab, kLengths);
    const std::vector<RigChunk> decode = prefill(rig, sequences);
    return measure(rig, decode, rows);
}

double sumOf(const std::vector<float>& mass)
{
    return std::accumulate(mass.begin(), mass.end(), 0.0);
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Two query heads on each of two KV heads; the second layer looks at 8 keys only.
ModelConfig smallConfig()
{
    ModelConfig config;
    config.heads = 4;
    config.kvHeads = 2;
    config.layers.resize(3);
    config.layers[1].slidingWindow = 8;
    return config;
}

/// The batch of one sequence with this many keys, as far as masses look at it.
ForwardBatch batchOf(std::int32_t keys, std::uint32_t blockSize)
{
    ForwardBatch batch;
    batch.blockSize = blockSize;
    batch.contextLengths = {3, keys};
    batch.massRows = {1};
    return batch;
}

/// Random scores [heads, keys]; each key is hidden from all heads with a likelihood, but never the last.
std::vector<float> randomScores(std::size_t heads, std::size_t keys, std::mt19937& random)
{
    std::normal_distribution<float> score(0.0F, 6.0F);
    std::bernoulli_distribution hidden(0.3);
    std::vector<float> scores(heads * keys);
    for (std::size_t key = 0; key < keys; ++key) {
        const bool none = key + 1 < keys && hidden(random);
        for (std::size_t head = 0; head < heads; ++head)
            scores[head * keys + key] = none ? vitrine::kernels::cpu::kNoScore : score(random);
    }
    return scores;
}

/// Adds `share` of the softmax of each head by block, in double.
void addExpected(const std::vector<float>& scores, std::size_t heads, std::size_t blockSize, double share,
                 std::vector<double>& mass)
{
    const std::size_t keys = scores.size() / heads;
    for (std::size_t head = 0; head < heads; ++head) {
        double total = 0;
        for (std::size_t key = 0; key < keys; ++key)
            total += std::exp(static_cast<double>(scores[head * keys + key]));
        for (std::size_t key = 0; key < keys; ++key)
            mass[key / blockSize] += share * std::exp(static_cast<double>(scores[head * keys + key])) / total;
    }
}

} // namespace

class AttentionMassTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qInfo("seed %u", kSeed); }

    void isTheMeanSoftmaxByBlock()
    {
        std::mt19937 random(kSeed);
        const ModelConfig config = smallConfig();
        for (int round = 0; round < 100; ++round) {
            const auto keys = std::uniform_int_distribution<std::int32_t>(1, 400)(random);
            const auto blockSize = std::uniform_int_distribution<std::uint32_t>(1, 40)(random);
            AttentionMass mass;
            mass.prepare(batchOf(keys, blockSize), config);
            std::vector<double> expected((static_cast<std::size_t>(keys) + blockSize - 1) / blockSize, 0.0);
            for (const std::size_t layer : {std::size_t{0}, std::size_t{2}})
                for (std::size_t kvHead = 0; kvHead < 2; ++kvHead) {
                    const std::vector<float> scores = randomScores(2, static_cast<std::size_t>(keys), random);
                    mass.add(0, layer, kvHead, scores, 2);
                    addExpected(scores, 2, blockSize, 1.0 / 8, expected);
                }
            const std::span<const float> found = mass.at(0);
            QCOMPARE(found.size(), expected.size());
            for (std::size_t block = 0; block < expected.size(); ++block)
                QVERIFY(std::abs(static_cast<double>(found[block]) - expected[block]) < kSumTolerance);
        }
    }

    void whatASinkTakesIsMissing()
    {
        const ModelConfig config = smallConfig();
        AttentionMass mass;
        mass.prepare(batchOf(32, 16), config);
        const std::vector<float> scores(2 * 32, 0.0F);
        const std::array<float, 2> sinks{std::log(32.0F),
                                         -1000.0F}; // as much as all keys together, and nothing
        for (const std::size_t layer : {std::size_t{0}, std::size_t{2}})
            for (std::size_t kvHead = 0; kvHead < 2; ++kvHead)
                mass.add(0, layer, kvHead, scores, 2, sinks.data());
        for (const float block : mass.at(0))
            QVERIFY(std::abs(static_cast<double>(block) - (0.5 * 0.5 + 0.5 * 1.0) / 2) < 1e-5);
    }

    void layersThatSeeFurthestCount()
    {
        ModelConfig config = smallConfig();
        AttentionMass mass;
        mass.prepare(batchOf(40, 16), config);
        QCOMPARE(mass.rows(), std::size_t{1});
        QCOMPARE(mass.sequence(0), std::size_t{1});
        QVERIFY(mass.wanted(0) && !mass.wanted(1) && mass.wanted(2));
        for (LayerConfig& layer : config.layers)
            layer.slidingWindow = 8;
        mass.prepare(batchOf(40, 16), config);
        QVERIFY(mass.wanted(0) && mass.wanted(1) && mass.wanted(2));
    }

    void ofAPartTheMeanIsStillOverTheWholeModel()
    {
        const ModelConfig whole = smallConfig();
        std::mt19937 random(kSeed);
        const std::vector<float> scores = randomScores(2, 40, random);
        ModelConfig first = whole, middle = whole;
        first.layers = {whole.layers[0]};
        middle.layers = {whole.layers[1]};
        AttentionMass all, part;
        all.prepare(batchOf(40, 16), whole);
        part.prepare(batchOf(40, 16), first, whole);
        all.add(0, 0, 0, scores, 2);
        part.add(0, 0, 0, scores, 2);
        QVERIFY(std::ranges::equal(all.at(0), part.at(0)));
        part.prepare(batchOf(40, 16), middle, whole); // it has a window, others have none
        QVERIFY(!part.wanted(0));
        QVERIFY(std::ranges::equal(part.at(0), std::vector<float>(3, 0.0F)));
    }

    void nothingIsComputedWhereNobodyAsks()
    {
        AttentionMass mass;
        ForwardBatch batch = batchOf(40, 16);
        for (const bool measuredBefore : {false, true}) {
            if (measuredBefore)
                mass.prepare(batchOf(40, 16), smallConfig());
            batch.massRows.clear();
            mass.prepare(batch, smallConfig());
            QCOMPARE(mass.rows(), std::size_t{0});
            for (std::size_t layer = 0; layer < 3; ++layer)
                QVERIFY(!mass.wanted(layer));
        }
    }

    void massesOfASequenceSumToOne_data() { models(vitrine::tests::effort<std::size_t>(4, 3)); }
    void massesOfASequenceSumToOne()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        for (const KvFormat format : {KvFormat::BF16, KvFormat::Int8}) {
            const Measured found = decodeAll(model, {.format = format}, {0, 1, 2, 3});
            for (std::size_t row = 0; row < kLengths.size(); ++row) {
                QCOMPARE(found.masses[row].size(), (kLengths[row] + 15) / 16);
                QVERIFY(std::abs(sumOf(found.masses[row]) - 1) < kSumTolerance);
                QVERIFY(*std::min_element(found.masses[row].begin(), found.masses[row].end()) > 0);
            }
        }
    }

    void threadsChangeNoBit_data() { fewModels(); }
    void threadsChangeNoBit()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        const Measured one = decodeAll(model, {.threads = 1}, {0, 1, 2, 3});
        for (const std::uint32_t threads : {2U, 3U}) {
            const Measured many = decodeAll(model, {.threads = threads}, {0, 1, 2, 3});
            for (std::size_t row = 0; row < one.masses.size(); ++row)
                QVERIFY2(sameBits(one.masses[row], many.masses[row]), qPrintable(QString::number(threads)));
        }
    }

    void askingChangesNoLogitAndWhoElseAsksNoMass_data() { fewModels(); }
    void askingChangesNoLogitAndWhoElseAsksNoMass()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        const Measured none = decodeAll(model, {}, {});
        const Measured all = decodeAll(model, {}, {0, 1, 2, 3});
        const Measured some = decodeAll(model, {}, {1, 2});
        QVERIFY(none.masses.empty());
        QVERIFY(sameBits(none.logits, all.logits));
        QVERIFY(sameBits(none.logits, some.logits));
        QVERIFY(sameBits(some.masses[0], all.masses[1]));
        QVERIFY(sameBits(some.masses[1], all.masses[2]));
    }

    void smallBlocksAddUpToLargeOnes_data() { fewModels(); }
    void smallBlocksAddUpToLargeOnes()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        const Measured large = decodeAll(model, {.blockSize = 24}, {0, 2});
        const Measured small = decodeAll(model, {.blockSize = 4}, {0, 2});
        for (std::size_t row = 0; row < 2; ++row) {
            std::vector<double> sums(large.masses[row].size(), 0.0);
            for (std::size_t block = 0; block < small.masses[row].size(); ++block)
                sums[block / 6] += static_cast<double>(small.masses[row][block]);
            for (std::size_t block = 0; block < sums.size(); ++block)
                QVERIFY(std::abs(sums[block] - static_cast<double>(large.masses[row][block])) <
                        kSumTolerance);
        }
    }

    void theLastTokenOfAPromptIsMeasuredLikeADecode_data() { fewModels(); }
    void theLastTokenOfAPromptIsMeasuredLikeADecode()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        const Measured decoded = decodeAll(model, {}, {0, 1, 2, 3});
        ExecutorRig rig(model, {.deterministic = true}, 16, 64);
        std::vector<RigSequence> sequences = randomSequences(model->config().vocab, kLengths);
        std::vector<RigChunk> prompts;
        for (RigSequence& sequence : sequences)
            prompts.push_back({&sequence, static_cast<std::uint32_t>(sequence.tokens.size())});
        const Measured prompt = measure(rig, prompts, {0, 1, 2, 3});
        for (std::size_t row = 0; row < kLengths.size(); ++row)
            QVERIFY(sameBits(prompt.masses[row], decoded.masses[row]));
    }

    void holesGetNothingAndTheRestStillSumsToOne_data() { fewModels(); }
    void holesGetNothingAndTheRestStillSumsToOne()
    {
        const std::shared_ptr<const Model> model = fetchModel();
        if (!model)
            QFAIL("the model file is missing: ./installer/test brings it");
        ExecutorRig rig(model, {}, 16, 64);
        std::vector<RigSequence> sequences = randomSequences(model->config().vocab, kLengths);
        const std::vector<RigChunk> decode = prefill(rig, sequences);
        const std::vector<std::size_t> holes = {1, 2, 5, 8};
        for (const std::size_t hole : holes)
            sequences[0].table[hole] = -1;
        const Measured found = measure(rig, decode, {0, 1});
        const std::vector<float>& mass = found.masses[0];
        for (std::size_t block = 0; block < mass.size(); ++block)
            QCOMPARE(mass[block] == 0.0F, std::binary_search(holes.begin(), holes.end(), block));
        QVERIFY(std::abs(sumOf(mass) - 1) < kSumTolerance);
        QVERIFY(std::abs(sumOf(found.masses[1]) - 1) < kSumTolerance);
    }

private:
    static void models(std::size_t count = 5)
    {
        QTest::addColumn<QString>("model");
        const char* const names[] = {"llama", "gemma3", "qwen3moe", kSmolLm2File, kGemma3File};
        for (std::size_t i = 0; i < count; ++i)
            QTest::newRow(names[i]) << names[i];
    }
    /// The large ones touch memory alike in the other tests; equal bits are shown without a sanitizer.
    static void fewModels() { models(vitrine::tests::effort<std::size_t>(5, 3)); }

    static std::shared_ptr<const Model> fetchModel()
    {
        QFETCH(QString, model);
        return model.endsWith(".gguf") ? installedModel(model.toStdString()) : tinyModel(model.toStdString());
    }
};

QTEST_APPLESS_MAIN(AttentionMassTest)
#include "attention_mass_test.moc"
