// SPDX-License-Identifier: GPL-3.0-or-later
// How a model is shared out among ranks: every head, column and token once, whatever the counts, and cut only
// where formats allow it.
#include <QtTest>

#include <random>

#include "engine/parallel/group_layout.h"
#include "engine/parallel/tensor_shard.h"

using namespace vitrine::engine;
using vitrine::kernels::QuantType;

namespace {

struct Sizes
{
    std::uint32_t heads, kvHeads, headDim, ffn;
    QuantType type = QuantType::BF16;
};

ModelConfig configOf(const Sizes& sizes)
{
    ModelConfig config;
    config.heads = sizes.heads;
    config.kvHeads = sizes.kvHeads;
    config.headDim = sizes.headDim;
    config.ffn = sizes.ffn;
    config.vocab = 1000;
    config.layers.resize(1);
    return config;
}

ModelWeights weightsOf(const Sizes& sizes)
{
    static const std::uint8_t kSomething = 0;
    ModelWeights weights;
    weights.layers.resize(1);
    weights.layers[0].output = {"output", sizes.type, 64, sizes.heads * sizes.headDim, &kSomething};
    weights.layers[0].down = {"down", sizes.type, 64, sizes.ffn, &kSomething};
    return weights;
}

Result<TensorShard> shardOf(const Sizes& sizes, std::uint32_t rank, std::uint32_t ranks)
{
    return tensorShard(configOf(sizes), weightsOf(sizes), rank, ranks);
}

/// Empty where the shards of all ranks make up the model.
std::string fault(const Sizes& sizes, std::uint32_t ranks)
{
    const std::uint32_t block = vitrine::kernels::quantInfo(sizes.type).blockValues;
    const std::uint32_t group = sizes.heads / sizes.kvHeads;
    std::uint32_t head = 0, column = 0, token = 0;
    for (std::uint32_t rank = 0; rank < ranks; ++rank) {
        const Result<TensorShard> made = shardOf(sizes, rank, ranks);
        if (!made)
            return made.error().message;
        const TensorShard& shard = *made;
        if (shard.heads.first != head || shard.ffn.first != column || shard.vocab.first != token)
            return "a gap or an overlap";
        if (shard.heads.count == 0 || shard.ffn.count == 0 || shard.vocab.count == 0)
            return "a rank without work";
        if (shard.heads.first * sizes.headDim % block != 0 || shard.ffn.first % block != 0)
            return "cut within a block";
        if (shard.heads.count % shard.kvHeads.count != 0)
            return "KV heads with different numbers of query heads";
        const std::uint32_t each = shard.heads.count / shard.kvHeads.count;
        for (std::uint32_t i = 0; i < shard.heads.count; ++i)
            if ((shard.heads.first + i) / group != shard.kvHeads.first + i / each)
                return "a query head without its KV head";
        head = shard.heads.end(), column = shard.ffn.end(), token = shard.vocab.end();
    }
    return head == sizes.heads && column == sizes.ffn && token == 1000 ? "" : "something is left over";
}

} // namespace

class TensorShardTest : public QObject
{
    Q_OBJECT

private slots:
    void everythingIsComputedOnce_data()
    {
        QTest::addColumn<Sizes>("sizes");
        QTest::addColumn<quint32>("ranks");
        for (quint32 ranks = 1; ranks <= 4; ++ranks) // SmolLM2-135M: more ranks than KV heads at 4
            QTest::addRow("9 heads, 3 of KV, %u ranks", ranks)
                << Sizes{9, 3, 64, 1536, QuantType::Q4_1} << ranks;
        for (const quint32 ranks : {2U, 3U, 8U})
            QTest::addRow("8B, %u ranks", ranks) << Sizes{32, 8, 128, 14'336, QuantType::Q4_K} << ranks;
        QTest::newRow("one KV head") << Sizes{4, 1, 256, 2048, QuantType::Q8_0} << 4U;
        QTest::newRow("tiny") << Sizes{4, 2, 16, 112, QuantType::BF16} << 4U;
        QTest::newRow("heads smaller than a block") << Sizes{16, 8, 64, 1024, QuantType::Q6_K} << 3U;
    }
    void everythingIsComputedOnce()
    {
        QFETCH(Sizes, sizes);
        QFETCH(quint32, ranks);
        QCOMPARE(fault(sizes, ranks), std::string());
    }

    void anySizesAreSharedOrRefused()
    {
        const std::uint32_t seed = std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        constexpr QuantType kTypes[] = {QuantType::BF16, QuantType::Q4_0, QuantType::Q4_K};
        int shared = 0;
        for (int round = 0; round < 20'000; ++round) {
            const std::uint32_t kvHeads = 1 + random() % 12;
            const auto upTo = [&random](std::uint32_t most) {
                return 1 + static_cast<std::uint32_t>(random() % most);
            };
            const Sizes sizes{kvHeads * upTo(6), kvHeads, 16U << (random() % 4), 256 * upTo(20),
                              kTypes[random() % 3]};
            const std::uint32_t ranks = 1 + random() % 10;
            if (!shardOf(sizes, 0, ranks))
                continue;
            ++shared;
            const std::string wrong = fault(sizes, ranks);
            QVERIFY2(wrong.empty(),
                     qPrintable(QString("%1 of %2 heads, %3 each, ffn %4, block %5, %6 ranks: %7")
                                    .arg(sizes.kvHeads)
                                    .arg(sizes.heads)
                                    .arg(sizes.headDim)
                                    .arg(sizes.ffn)
                                    .arg(vitrine::kernels::quantInfo(sizes.type).blockValues)
                                    .arg(ranks)
                                    .arg(QString::fromStdString(wrong))));
        }
        QVERIFY(shared > 5000);
    }

    void tooManyRanksAreRefusedWithANumberThatCan()
    {
        const Sizes sizes{9, 3, 64, 1536, QuantType::Q4_1};
        const Result<TensorShard> refused = shardOf(sizes, 0, 12);
        QVERIFY(!refused && refused.error().code == ErrorCode::InvalidArgument);
        QVERIFY2(refused.error().message.find("12 ranks; 9 is") != std::string::npos,
                 refused.error().message.c_str());
        QVERIFY(!shardOf(sizes, 0, kMostRanks + 1));
    }
};

QTEST_APPLESS_MAIN(TensorShardTest)
#include "tensor_shard_test.moc"
