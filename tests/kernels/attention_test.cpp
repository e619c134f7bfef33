// SPDX-License-Identifier: GPL-3.0-or-later
// Paged attention of every variant against a softmax in double over the whole context: ragged head sizes,
// windows, odd lengths, shuffled blocks; and the same bits however the queries are cut.
#include <QtTest>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "tests/kernels/paged_problem.h"

using namespace vitrine::kernels::cpu;
using vitrine::tests::allowedError;
using vitrine::tests::fewestTokens;
using vitrine::tests::PagedProblem;
using vitrine::tests::PagedShape;
using vitrine::tests::worstError;

namespace {

constexpr std::uint32_t kSeed = 77;

std::vector<PagedShape> shapes()
{
    std::vector<PagedShape> all;
    for (const std::int64_t headDim : {32, 48, 64, 80, 96, 100, 128, 256})
        all.push_back({.headDim = headDim, .kvHeads = 2, .group = 3, .context = 77, .tokens = 7});
    for (const std::int64_t context : {1, 2, 31, 32, 33, 127, 128, 129, 300})
        all.push_back({.context = context, .tokens = std::min<std::int64_t>(context, 3)});
    for (const std::int64_t blockSize : {1, 5, 16, 33, 256})
        all.push_back({.group = 1, .context = 201, .tokens = 40, .blockSize = blockSize});
    for (const std::int64_t window : {1, 2, 31, 32, 64, 100, 512})
        all.push_back({.group = 4, .context = 290, .tokens = 37, .blockSize = 7, .window = window});
    for (const std::int64_t group : {1, 2, 5, 8, 16})
        all.push_back({.kvHeads = 2, .group = group, .context = 60, .tokens = 4});
    for (const KvElement element : {KvElement::F16, KvElement::BF16, KvElement::Int8})
        for (const std::int64_t headDim : {20, 64, 72})
            all.push_back({.headDim = headDim, .context = 140, .tokens = 9, .element = element});
    for (const std::int64_t tokens : {1, 9})
        for (const KvElement element : {KvElement::F32, KvElement::BF16, KvElement::Int8}) {
            all.push_back(
                {.group = 4, .context = 150, .tokens = tokens, .element = element, .softCap = 2.0F});
            all.push_back({.kvHeads = 2,
                           .context = 150,
                           .tokens = tokens,
                           .window = 40,
                           .element = element,
                           .softCap = 5.0F,
                           .sinks = true});
            all.push_back({.group = 8, .context = 20, .tokens = tokens, .element = element, .sinks = true});
        }
    return all;
}

} // namespace

class AttentionTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qInfo("seed %u", kSeed); }

    void equalsTheSoftmaxOfTheWholeContext_data() { variants(); }
    void equalsTheSoftmaxOfTheWholeContext()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const PagedShape& shape : shapes()) {
            const PagedProblem problem(shape, *operations);
            const double worst = worstError(problem.attend(0, shape.tokens), problem.expected());
            QVERIFY2(worst < allowedError(*operations, shape.tokens * shape.group),
                     qPrintable(QString("head %1, context %2, block %3, window %4, group %5: %6")
                                    .arg(shape.headDim)
                                    .arg(shape.context)
                                    .arg(shape.blockSize)
                                    .arg(shape.window)
                                    .arg(shape.group)
                                    .arg(worst)));
        }
    }

    void cuttingTheQueriesKeepsEveryBit_data() { variants(); }
    void cuttingTheQueriesKeepsEveryBit()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const PagedShape& shape : shapes()) {
            const PagedProblem problem(shape, *operations);
            const std::vector<float> whole = problem.attend(0, shape.tokens);
            const std::size_t columns = whole.size() / static_cast<std::size_t>(shape.tokens);
            const std::int64_t fewest = fewestTokens(*operations, shape.group);
            for (std::int64_t token = 0, count = 0; token < shape.tokens; token += count) {
                const std::int64_t left = shape.tokens - token;
                count = left < 2 * fewest ? left : fewest;
                const std::vector<float> some = problem.attend(token, count);
                QVERIFY(std::memcmp(some.data(), whole.data() + static_cast<std::size_t>(token) * columns,
                                    some.size() * sizeof(float)) == 0);
            }
        }
    }

    void neverReadsHiddenBlocks_data() { variants(); }
    void neverReadsHiddenBlocks()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        const PagedShape shape{.context = 400, .tokens = 6, .blockSize = 8, .window = 50};
        PagedProblem problem(shape, *operations);
        const std::vector<float> before = problem.attend(0, shape.tokens);
        problem.forgetHiddenBlocks();
        QVERIFY(before == problem.attend(0, shape.tokens));
    }

    void storedRowsRoundToNearest_data() { variants(); }
    void storedRowsRoundToNearest()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        std::mt19937 random(kSeed);
        std::normal_distribution<float> normal(0.0F, 100.0F);
        for (const float size : {1.0F, 1e-30F, 1e-38F, 1e-42F, 1e34F}) {
            std::vector<float> x(101);
            for (std::size_t i = 0; i < x.size(); ++i)
                x[i] = normal(random) * size * (i % 3 == 0 ? 1e-7F : 1.0F);
            x[1] = 0.0F;
            x[2] = -0.0F;
            for (const KvElement element : {KvElement::F32, KvElement::F16, KvElement::BF16, KvElement::Int8})
                QVERIFY2(stored(*operations, element, x) == stored(kAttentionScalar, element, x),
                         qPrintable(QString("size %1, element %2").arg(size).arg(static_cast<int>(element))));
        }
    }

    void int8RowsOfAnySizeDecodeWithinHalfAStep_data() { variants(); }
    void int8RowsOfAnySizeDecodeWithinHalfAStep()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        constexpr std::int64_t kDim = 37;
        std::mt19937 random(kSeed);
        std::uniform_real_distribution<float> uniform(-1.0F, 1.0F);
        for (int exponent = -149; exponent <= 127; ++exponent) {
            std::vector<float> x(kDim);
            for (float& value : x)
                value = std::ldexp(uniform(random), exponent);
            x[5] = std::ldexp(1.0F, exponent);
            const std::vector<float> found = throughInt8(*operations, x);
            // Rows below 127 times the smallest normal number are stored as zeros.
            const double most = std::ldexp(exponent < -119 ? 1.0 : 0.5001 / 127.0, exponent);
            for (std::size_t d = 0; d < x.size(); ++d)
                QVERIFY2(std::abs(static_cast<double>(found[d]) - static_cast<double>(x[d])) <= most,
                         qPrintable(QString("2^%1: %2 became %3").arg(exponent).arg(x[d]).arg(found[d])));
        }
    }

private:
    /// The bytes of a row, and one more that must stay.
    static std::vector<std::uint8_t> stored(const AttentionOperations& operations, KvElement element,
                                            const std::vector<float>& x)
    {
        std::vector<std::uint8_t> row(kvRowBytes(element, x.size()) + 1, 0xAB);
        operations.storeRow(element, x.data(), static_cast<std::int64_t>(x.size()), row.data());
        return row;
    }

    /// A row stored as int8, and read back by loadKeys().
    static std::vector<float> throughInt8(const AttentionOperations& operations, const std::vector<float>& x)
    {
        const auto dim = static_cast<std::int64_t>(x.size());
        const std::vector<std::uint8_t> row = stored(operations, KvElement::Int8, x);
        const std::uint8_t* rows[kKeyTile] = {row.data()};
        std::vector<float> keys(static_cast<std::size_t>(kKeyTile * paddedDim(dim)));
        operations.loadKeys(KvElement::Int8, rows, dim, keys.data());
        std::vector<float> found;
        for (std::size_t d = 0; d < x.size(); ++d)
            found.push_back(keys[d * kKeyTile]);
        return found;
    }

    static void variants()
    {
        QTest::addColumn<int>("isa");
        for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512, Isa::Amx})
            QTest::newRow(isaName(isa)) << static_cast<int>(isa);
    }

    static const AttentionOperations* fetch()
    {
        QFETCH(int, isa);
        const auto wanted = static_cast<Isa>(isa);
        return supports(wanted) ? &attentionOperations(wanted) : nullptr;
    }
};

QTEST_APPLESS_MAIN(AttentionTest)
#include "attention_test.moc"
