// SPDX-License-Identifier: GPL-3.0-or-later
// Paged attention of every variant against a softmax in double over the whole context: ragged head sizes,
// windows, odd lengths, shuffled and missing blocks; and the same bits however the queries are cut.
#include <QtTest>

#include <cmath>
#include <cstring>
#include <numeric>
#include <random>
#include <vector>

#include "kernels/cpu/attention.h"

using namespace vitrine::kernels::cpu;

namespace {

constexpr std::uint32_t kSeed = 77;

struct Shape
{
    std::int64_t headDim = 64;
    std::int64_t kvHeads = 1;
    std::int64_t group = 3;
    std::int64_t context = 100;
    std::int64_t tokens = 5; ///< the last ones ask
    std::int64_t blockSize = 16;
    std::int64_t window = 0;
    KvElement element = KvElement::F32;
    std::int64_t holesEvery = 0; ///< > 0: every so many blocks but the last ones was given back
};

/// Random queries, keys and values in paged memory with shuffled blocks.
class Problem
{
public:
    Problem(const Shape& shape, const AttentionOperations& operations)
        : m_shape(shape), m_operations(operations)
    {
        std::mt19937 random(kSeed);
        const auto blocks = static_cast<std::size_t>((shape.context + shape.blockSize - 1) / shape.blockSize);
        m_table.resize(blocks);
        std::iota(m_table.begin(), m_table.end(), 0);
        std::shuffle(m_table.begin(), m_table.end(), random);
        m_layout = {shape.element,
                    1,
                    blocks,
                    static_cast<std::size_t>(shape.blockSize),
                    static_cast<std::size_t>(shape.kvHeads),
                    static_cast<std::size_t>(shape.headDim)};
        // What no query sees is poison: NaN in every format.
        m_memory.assign(m_layout.totalBytes(), 0xFF);
        m_keys = fill(random, shape.context * shape.kvHeads * shape.headDim, 1.0F);
        m_values = fill(random, shape.context * shape.kvHeads * shape.headDim, 1.0F);
        m_queries = fill(random, shape.tokens * shape.kvHeads * shape.group * shape.headDim, 1.5F);
        if (shape.element == KvElement::Int8)
            makeExactInInt8();
        storeKeys();
        if (shape.holesEvery > 0)
            makeHoles();
    }

    /// Output of the queries [first, first + count), all heads.
    std::vector<float> attend(std::int64_t first, std::int64_t count) const
    {
        const std::int64_t columns = m_shape.kvHeads * m_shape.group * m_shape.headDim;
        std::vector<float> out(static_cast<std::size_t>(count * columns), -1.0F);
        const std::int64_t rows = count * m_shape.group;
        std::vector<float> memory(AttentionScratch::floats(rows, m_shape.headDim));
        AttentionScratch scratch(memory.data(), rows, m_shape.headDim);
        for (std::int64_t head = 0; head < m_shape.kvHeads; ++head) {
            const AttentionQueries queries = queriesOf(head, first, count);
            const PagedKeys keys{m_memory.data() + m_layout.keyOffset(0, static_cast<std::size_t>(head), 0),
                                 &m_layout, m_table.data()};
            gatherQueries(m_operations, queries, scratch);
            clearState(scratch.whole, rows, m_shape.headDim);
            for (std::int64_t p = queries.firstKey() / kPartitionKeys; p * kPartitionKeys < queries.endKey();
                 ++p) {
                attendPartition(m_operations, queries, keys, p, scratch, scratch.partition);
                mergeState(m_operations, scratch.whole, scratch.partition, rows, m_shape.headDim);
            }
            writeOutputs(queries, scratch.whole, out.data() + head * m_shape.group * m_shape.headDim);
        }
        return out;
    }

    /// Scores of scoreKeys() for the first KV head that are not those of a plain product.
    int wrongScores() const
    {
        const std::int64_t rows = m_shape.tokens * m_shape.group, count = m_shape.context;
        std::vector<float> memory(AttentionScratch::floats(rows, m_shape.headDim));
        AttentionScratch scratch(memory.data(), rows, m_shape.headDim);
        const AttentionQueries queries = queriesOf(0, 0, m_shape.tokens);
        gatherQueries(m_operations, queries, scratch);
        std::vector<float> scores(static_cast<std::size_t>(rows * count));
        scoreKeys(m_operations, queries, {m_memory.data(), &m_layout, m_table.data()}, scratch,
                  scores.data());
        int wrong = 0;
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t key = 0; key < count; ++key) {
                const bool seen = key <= queries.firstPosition + row / m_shape.group && !isHole(key);
                const double expected = seen ? scoreOf(row, key) : static_cast<double>(kNoScore);
                const double found = scores[static_cast<std::size_t>(row * count + key)];
                wrong += std::abs(found - expected) < 1e-4 * std::max(1.0, std::abs(expected)) ? 0 : 1;
            }
        return wrong;
    }

    /// The same in double, one query at a time.
    std::vector<double> expected() const
    {
        std::vector<double> out;
        const std::int64_t heads = m_shape.kvHeads * m_shape.group;
        for (std::int64_t token = 0; token < m_shape.tokens; ++token)
            for (std::int64_t head = 0; head < heads; ++head)
                appendExpected(token, head, out);
        return out;
    }

    /// Blocks that the window hides lose their place in the table.
    void forgetHiddenBlocks()
    {
        const std::int64_t firstKey = queriesOf(0, 0, m_shape.tokens).firstKey();
        for (std::int64_t block = 0; (block + 1) * m_shape.blockSize <= firstKey; ++block)
            m_table[static_cast<std::size_t>(block)] = -1;
    }

private:
    static std::vector<float> fill(std::mt19937& random, std::int64_t count, float spread)
    {
        std::normal_distribution<float> normal(0.0F, spread);
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& value : values) // whole 32nds: exact in every KV format
            value = std::round(std::clamp(normal(random), -3.9F, 3.9F) * 32.0F) / 32.0F;
        return values;
    }

    /// With 127 as the largest number of each row the scale is a 32nd, and whole 32nds are exact.
    void makeExactInInt8()
    {
        for (std::size_t row = 0; row < m_keys.size(); row += static_cast<std::size_t>(m_shape.headDim))
            m_keys[row] = m_values[row] = 127.0F / 32.0F;
    }

    bool isHole(std::int64_t key) const
    {
        const std::int64_t block = key / m_shape.blockSize;
        const std::int64_t firstOwn = (m_shape.context - m_shape.tokens) / m_shape.blockSize;
        return m_shape.holesEvery > 0 && block < firstOwn && block % m_shape.holesEvery != 0;
    }

    void makeHoles()
    {
        for (std::int64_t key = 0; key < m_shape.context; ++key) {
            std::int32_t& block = m_table[static_cast<std::size_t>(key / m_shape.blockSize)];
            if (!isHole(key) || block < 0)
                continue;
            std::fill_n(m_memory.data() + static_cast<std::size_t>(block) * m_layout.blockBytes(),
                        m_layout.blockBytes(), std::uint8_t{0xFF});
            block = -1;
        }
    }

    void storeKeys()
    {
        const std::int64_t firstKey = queriesOf(0, 0, m_shape.tokens).firstKey();
        for (std::int64_t key = firstKey; key < m_shape.context; ++key)
            for (std::int64_t head = 0; head < m_shape.kvHeads; ++head) {
                const std::int64_t slot =
                    m_table[static_cast<std::size_t>(key / m_shape.blockSize)] * m_shape.blockSize +
                    key % m_shape.blockSize;
                std::uint8_t* row = m_memory.data() + m_layout.keyOffset(0, static_cast<std::size_t>(head),
                                                                         static_cast<std::size_t>(slot));
                const std::int64_t at = (key * m_shape.kvHeads + head) * m_shape.headDim;
                m_operations.storeRow(m_shape.element, m_keys.data() + at, m_shape.headDim, row);
                m_operations.storeRow(m_shape.element, m_values.data() + at, m_shape.headDim,
                                      row + m_layout.valueOffset());
            }
    }

    AttentionQueries queriesOf(std::int64_t kvHead, std::int64_t first, std::int64_t count) const
    {
        AttentionQueries queries;
        queries.tokenStride = m_shape.kvHeads * m_shape.group * m_shape.headDim;
        queries.q = m_queries.data() + first * queries.tokenStride + kvHead * m_shape.group * m_shape.headDim;
        queries.tokens = count;
        queries.group = m_shape.group;
        queries.headDim = m_shape.headDim;
        queries.firstPosition = m_shape.context - m_shape.tokens + first;
        queries.window = m_shape.window;
        queries.scale = 0.2F;
        return queries;
    }

    /// Of a row of the first KV head.
    double scoreOf(std::int64_t row, std::int64_t key) const
    {
        const std::int64_t dim = m_shape.headDim;
        const float* q = m_queries.data() + row / m_shape.group * m_shape.kvHeads * m_shape.group * dim +
                         row % m_shape.group * dim;
        double score = 0;
        for (std::int64_t d = 0; d < dim; ++d)
            score += 0.2F * q[d] *
                     static_cast<double>(m_keys[static_cast<std::size_t>(key * m_shape.kvHeads * dim + d)]);
        return score;
    }

    void appendExpected(std::int64_t token, std::int64_t head, std::vector<double>& out) const
    {
        const std::int64_t dim = m_shape.headDim;
        const std::int64_t position = m_shape.context - m_shape.tokens + token;
        const std::int64_t first =
            m_shape.window > 0 ? std::max<std::int64_t>(0, position - m_shape.window + 1) : 0;
        const float* q = m_queries.data() + (token * m_shape.kvHeads * m_shape.group + head) * dim;
        std::vector<double> sums(static_cast<std::size_t>(dim), 0.0);
        double total = 0;
        for (std::int64_t key = first; key <= position; ++key) {
            if (isHole(key))
                continue;
            const std::int64_t at = (key * m_shape.kvHeads + head / m_shape.group) * dim;
            double score = 0;
            for (std::int64_t d = 0; d < dim; ++d)
                score += static_cast<double>(q[d]) * m_keys[static_cast<std::size_t>(at + d)];
            const double weight = std::exp(score * 0.2F);
            total += weight;
            for (std::int64_t d = 0; d < dim; ++d)
                sums[static_cast<std::size_t>(d)] += weight * m_values[static_cast<std::size_t>(at + d)];
        }
        for (const double sum : sums)
            out.push_back(sum / total);
    }

    Shape m_shape;
    const AttentionOperations& m_operations;
    KvLayout m_layout;
    std::vector<std::int32_t> m_table;
    std::vector<std::uint8_t> m_memory;
    std::vector<float> m_keys, m_values, m_queries;
};

std::vector<Shape> shapes()
{
    std::vector<Shape> all;
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
    for (const std::int64_t blockSize : {1, 3, 8, 16, 31, 40, 64})
        for (const std::int64_t holesEvery : {1, 2, 5, 1000})
            for (const std::int64_t window : {0, 90})
                all.push_back({.context = 330,
                               .tokens = 11,
                               .blockSize = blockSize,
                               .window = window,
                               .holesEvery = holesEvery});
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
        for (const Shape& shape : shapes()) {
            const Problem problem(shape, *operations);
            const std::vector<float> found = problem.attend(0, shape.tokens);
            const std::vector<double> expected = problem.expected();
            double worst = 0;
            for (std::size_t i = 0; i < expected.size(); ++i)
                worst = std::isnan(found[i]) ? 1.0 : std::max(worst, std::abs(found[i] - expected[i]));
            QVERIFY2(worst < 1e-5,
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
        for (const Shape& shape : shapes()) {
            const Problem problem(shape, *operations);
            const std::vector<float> whole = problem.attend(0, shape.tokens);
            const std::size_t columns = whole.size() / static_cast<std::size_t>(shape.tokens);
            for (std::int64_t token = 0; token < shape.tokens; ++token) {
                const std::vector<float> one = problem.attend(token, 1);
                QVERIFY(std::memcmp(one.data(), whole.data() + static_cast<std::size_t>(token) * columns,
                                    columns * sizeof(float)) == 0);
            }
        }
    }

    void neverReadsHiddenBlocks_data() { variants(); }
    void neverReadsHiddenBlocks()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        const Shape shape{.context = 400, .tokens = 6, .blockSize = 8, .window = 50};
        Problem problem(shape, *operations);
        const std::vector<float> before = problem.attend(0, shape.tokens);
        problem.forgetHiddenBlocks();
        QVERIFY(before == problem.attend(0, shape.tokens));
    }

    void scoresOfHolesAndOfTheFutureAreNone_data() { variants(); }
    void scoresOfHolesAndOfTheFutureAreNone()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        const Problem problem({.context = 130, .tokens = 3, .blockSize = 8, .holesEvery = 3}, *operations);
        QCOMPARE(problem.wrongScores(), 0);
    }

    void storedRowsRoundToNearest_data() { variants(); }
    void storedRowsRoundToNearest()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        std::mt19937 random(kSeed);
        std::normal_distribution<float> normal(0.0F, 100.0F);
        std::vector<float> x(101);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = i % 3 == 0 ? normal(random) * 1e-7F : normal(random);
        x[1] = 0.0F;
        x[2] = -0.0F;
        for (const KvElement element : {KvElement::F32, KvElement::F16, KvElement::BF16, KvElement::Int8}) {
            const std::size_t bytes = kvRowBytes(element, x.size());
            std::vector<std::uint8_t> expected(bytes + 1, 0xAB);
            std::vector<std::uint8_t> found(bytes + 1, 0xAB);
            kAttentionScalar.storeRow(element, x.data(), static_cast<std::int64_t>(x.size()),
                                      expected.data());
            operations->storeRow(element, x.data(), static_cast<std::int64_t>(x.size()), found.data());
            QVERIFY(found == expected);
        }
    }

private:
    static void variants()
    {
        QTest::addColumn<int>("isa");
        for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512})
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
