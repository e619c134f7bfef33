// SPDX-License-Identifier: GPL-3.0-or-later
// Layers with experts on the CPU against layers without that must give the same: one expert, experts that are
// all alike, all experts at once; and what nobody chose, which must not be read.
#include <QtTest>

#include <cmath>
#include <limits>

#include "engine/execution/weight_reads.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using vitrine::test::addTinyVocabulary;
using vitrine::test::GgufWriter;
using vitrine::test::TinyModel;
using vitrine::test::TinyShape;

namespace {

constexpr std::uint32_t kHidden = 64, kWide = 256, kLayers = 2;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

using Values = std::vector<float>;

/// The feed-forward weights of a layer.
struct Network
{
    std::uint32_t ffn = 0;
    Values gate, up, down; ///< [ffn, hidden] ×2, [hidden, ffn]
};

Values randomValues(std::size_t count, std::uint32_t columns, std::mt19937& random)
{
    std::normal_distribution<float> normal(0.0F, 1.0F / std::sqrt(static_cast<float>(columns)));
    Values values(count);
    for (float& value : values)
        value = normal(random);
    return values;
}

Network randomNetwork(std::uint32_t ffn, std::uint32_t seed)
{
    std::mt19937 random(seed);
    const std::size_t count = std::size_t{ffn} * kHidden;
    return {ffn, randomValues(count, kHidden, random), randomValues(count, kHidden, random),
            randomValues(count, ffn, random)};
}

/// Columns [first, first + count) of the network's inside, its output times `factor`.
Network slice(const Network& whole, std::uint32_t first, std::uint32_t count, float factor)
{
    Network part{count, {}, {}, {}};
    const auto begin = std::size_t{first} * kHidden, end = std::size_t{first + count} * kHidden;
    part.gate.assign(whole.gate.begin() + std::ptrdiff_t(begin), whole.gate.begin() + std::ptrdiff_t(end));
    part.up.assign(whole.up.begin() + std::ptrdiff_t(begin), whole.up.begin() + std::ptrdiff_t(end));
    for (std::size_t row = 0; row < kHidden; ++row)
        for (std::size_t column = first; column < first + count; ++column)
            part.down.push_back(factor * whole.down[row * whole.ffn + column]);
    return part;
}

std::string prefixOf(std::uint32_t layer)
{
    return std::string("blk.").append(std::to_string(layer)).append(".ffn_");
}

/// A Llama whose layers have all these experts, or the first of them as a plain network with `perToken` 0.
std::shared_ptr<const Model> modelOf(const std::vector<Network>& experts, std::uint32_t perToken,
                                     const Values& router = {})
{
    TinyShape shape;
    shape.hidden = kHidden;
    shape.layers = kLayers;
    shape.headDim = 16;
    shape.ffn = kWide; // the same for all, so that the weights of the attention are
    const std::uint32_t ffn = experts.front().ffn;
    const auto count = static_cast<std::uint32_t>(experts.size());
    GgufWriter writer = TinyModel("llama", shape).build();
    addTinyVocabulary(writer, "gpt2", shape.vocab);
    if (perToken > 0)
        writer.add("llama.expert_count", count).add("llama.expert_used_count", perToken);
    writer.add("llama.expert_feed_forward_length", ffn);
    Values gate, up, down;
    for (const Network& expert : experts) {
        gate.insert(gate.end(), expert.gate.begin(), expert.gate.end());
        up.insert(up.end(), expert.up.begin(), expert.up.end());
        down.insert(down.end(), expert.down.begin(), expert.down.end());
    }
    for (std::uint32_t layer = 0; layer < kLayers; ++layer) {
        const std::string prefix = prefixOf(layer);
        for (const char* name : {"gate", "up", "down"})
            writer.removeTensor(prefix + name + ".weight");
        const std::string kind = perToken > 0 ? "_exps.weight" : ".weight";
        const auto shapeOf = [&](std::uint64_t columns, std::uint64_t rows) {
            std::vector<std::uint64_t> sizes{columns, rows};
            if (perToken > 0)
                sizes.push_back(count);
            return sizes;
        };
        writer.tensor(prefix + "gate" + kind, shapeOf(kHidden, ffn), gate);
        writer.tensor(prefix + "up" + kind, shapeOf(kHidden, ffn), up);
        writer.tensor(prefix + "down" + kind, shapeOf(ffn, kHidden), down);
        if (perToken > 0)
            writer.tensor(prefix + "gate_inp.weight", {kHidden, count},
                          router.empty() ? Values(std::size_t{count} * kHidden, 0.0F) : router);
    }
    const std::filesystem::path path = std::filesystem::temp_directory_path() / "vitrine_expert_model.gguf";
    VT_CHECK(writer.write(path.string()));
    std::shared_ptr<const Model> model = loadModel(path.string());
    std::filesystem::remove(path);
    return model;
}

Values randomRouter(std::size_t experts, std::uint32_t seed = 5)
{
    std::mt19937 random(seed);
    return randomValues(experts * kHidden, kHidden / 16, random); // large logits: clear choices
}

/// Logits of a prompt in steps of these sizes.
RigLogits run(const std::shared_ptr<const Model>& model, bool precise, std::uint32_t chunk,
              bool deterministic = true)
{
    ExecutorOptions options;
    options.threads = 3;
    options.precise = precise;
    options.deterministic = deterministic;
    ExecutorRig rig(model, options, 16, 16);
    RigSequence sequence;
    sequence.tokens = randomTokens(model->config().vocab, 60, 4);
    rig.run(sequence, chunk, [](std::uint32_t position) { return position % 7 == 0 || position == 59; });
    return sequence.logits;
}

/// The least over the positions.
double leastCosine(const RigLogits& a, const RigLogits& b)
{
    double least = 1;
    for (const auto& [position, logits] : a) {
        double dot = 0, square = 0, other = 0;
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const double x = double{logits[i]}, y = double{b.at(position)[i]};
            dot += x * y;
            square += x * x;
            other += y * y;
        }
        least = std::min(least, dot / std::sqrt(square * other));
    }
    return least;
}

double distance(const RigLogits& a, const RigLogits& b)
{
    double worst = 0;
    for (const auto& [position, logits] : a)
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const double difference = std::abs(double{logits[i]} - double{b.at(position)[i]});
            worst = std::isnan(difference) ? std::numeric_limits<double>::infinity()
                                           : std::max(worst, difference);
        }
    return worst;
}

} // namespace

class ExpertPassTest : public QObject
{
    Q_OBJECT

private slots:
    void oneExpertIsAPlainNetwork_data() { ways(); }
    void oneExpertIsAPlainNetwork()
    {
        const std::vector<Network> network{randomNetwork(kWide, 1)};
        QVERIFY(isNear(modelOf(network, 1, randomRouter(1)), modelOf(network, 0)));
    }

    void equalExpertsAreAPlainNetworkHoweverTheyAreChosen_data() { ways(); }
    void equalExpertsAreAPlainNetworkHoweverTheyAreChosen()
    {
        const std::vector<Network> networks(6, randomNetwork(kWide, 1));
        for (const std::uint32_t perToken : {1U, 2U, 5U})
            QVERIFY(isNear(modelOf(networks, perToken, randomRouter(6)), modelOf({networks[0]}, 0)));
    }

    /// A router of zeros gives each the same weight, which the down matrices take out again.
    void allExpertsTogetherAreOneWideNetwork_data() { ways(); }
    void allExpertsTogetherAreOneWideNetwork()
    {
        const Network whole = randomNetwork(kWide, 2);
        std::vector<Network> parts;
        for (std::uint32_t first = 0; first < kWide; first += 64)
            parts.push_back(slice(whole, first, 64, 4.0F));
        QVERIFY(isNear(modelOf(parts, 4), modelOf({whole}, 0)));
    }

    /// Equal logits go to the experts with the lowest ids: the others have no numbers in them.
    void expertsThatNobodyChoseAreNotRead_data() { ways(); }
    void expertsThatNobodyChoseAreNotRead()
    {
        const Network good = randomNetwork(kWide, 3);
        Network bad = good;
        for (Values* values : {&bad.gate, &bad.up, &bad.down})
            std::fill(values->begin(), values->end(), kNan);
        QVERIFY(isNear(modelOf({good, good, bad, bad}, 2), modelOf({good}, 0)));
    }

    /// Also where its expert is not among those chosen.
    void aRouterRowWithoutNumbersEndsInNone()
    {
        const std::vector<Network> networks(4, randomNetwork(kWide, 1));
        Values router = randomRouter(4);
        std::fill_n(router.begin() + 2 * kHidden, kHidden, kNan);
        QVERIFY(std::isnan(run(modelOf(networks, 3, router), true, 60).at(0).front()));
    }

    void aRouterWithoutNumbersEndsInNone()
    {
        const std::vector<Network> networks(4, randomNetwork(kWide, 1));
        const std::shared_ptr<const Model> model = modelOf(networks, 2, Values(4 * kHidden, kNan));
        QVERIFY(std::isnan(run(model, true, 60).at(0).front()));
        QCOMPARE(run(model, false, 60).size(), std::size_t{10}); // 8 bits have no such value: anything else
    }

    void stepsOfAnySizeGiveTheSameBits_data() { ways(); }
    void stepsOfAnySizeGiveTheSameBits()
    {
        QFETCH(bool, precise);
        std::vector<Network> networks;
        for (std::uint32_t i = 0; i < 5; ++i)
            networks.push_back(randomNetwork(kWide, 10 + i));
        const std::shared_ptr<const Model> model = modelOf(networks, 2, randomRouter(5));
        const RigLogits whole = run(model, precise, 13);
        for (const std::uint32_t chunk : {1U, 2U, 7U})
            QVERIFY(sameBits(whole, run(model, precise, chunk)));
    }

    /// bfloat16 tiles where the machine has them, elsewhere the one path. Experts that are alike or all
    /// chosen: another rounding would choose others.
    void manyRowsStayNearTheOnePath()
    {
        const Network whole = randomNetwork(kWide, 2);
        std::vector<Network> parts;
        for (std::uint32_t first = 0; first < kWide; first += 64)
            parts.push_back(slice(whole, first, 64, 4.0F));
        for (const auto& model : {modelOf(parts, 4), modelOf(std::vector(6, whole), 2, randomRouter(6))})
            for (const std::uint32_t chunk : {60U, 50U}) {
                const double found = leastCosine(run(model, false, chunk, false), run(model, false, chunk));
                QVERIFY2(found > 0.98, qPrintable(QString::number(found)));
            }
    }

    void tellsWhatOfTheWeightsIsExperts()
    {
        const std::vector<Network> networks(6, randomNetwork(kWide, 1));
        const auto with = makeCpuExecutor(modelOf(networks, 2), {}, {});
        const auto without = makeCpuExecutor(modelOf({networks[0]}, 0), {}, {});
        QVERIFY(with && without);
        const ExecutorInfo mixture = (*with)->info(), plain = (*without)->info();
        QCOMPARE(plain.expertBytes, std::uint64_t{0});
        QCOMPARE(mixture.weightBytes - plain.weightBytes, mixture.expertBytes / 6 * 5);
        QCOMPARE(mixture.conversions.size(), plain.conversions.size());
        for (std::size_t i = 0; i < mixture.conversions.size(); ++i)
            QCOMPARE(mixture.conversions[i].tensors, plain.conversions[i].tensors);
    }

    void aStepReadsTheExpertsThatItsTokensChoose()
    {
        ExecutorInfo info;
        info.weightBytes = 1000;
        info.expertBytes = 800;
        ExpertConfig experts;
        QCOMPARE(weightBytesRead(info, experts, 5.0), 1000.0);
        experts.count = 8;
        experts.perToken = 2;
        QCOMPARE(weightBytesRead(info, experts, 1.0), 400.0);
        QCOMPARE(weightBytesRead(info, experts, 2.0), 550.0);
        QVERIFY(weightBytesRead(info, experts, 1000.0) > 999.0);
    }

private:
    static void ways()
    {
        QTest::addColumn<bool>("precise");
        QTest::newRow("packed") << false;
        QTest::newRow("precise") << true;
    }

    /// The same logits but for rounding, whatever the steps. Activations in 8 bits have steps of 1 %: a
    /// difference in the last place before one becomes as much behind it.
    static bool isNear(const std::shared_ptr<const Model>& found,
                       const std::shared_ptr<const Model>& expected)
    {
        QFETCH(bool, precise);
        const RigLogits wanted = run(expected, precise, 60);
        for (const std::uint32_t chunk : {60U, 11U, 2U, 1U}) {
            const double worst = distance(wanted, run(found, precise, chunk));
            qInfo("steps of %u: %.2e", chunk, worst);
            if (!(worst < (precise ? 1e-4 : 0.02)))
                return false;
        }
        return true;
    }
};

QTEST_APPLESS_MAIN(ExpertPassTest)
#include "expert_pass_test.moc"
