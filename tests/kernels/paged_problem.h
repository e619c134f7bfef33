// SPDX-License-Identifier: GPL-3.0-or-later
// Random queries over keys and values in paged memory with shuffled blocks, and the same attention in double
// over the whole context. Queries and keys depend on the seed only, not on how the memory is cut; what no
// query may see is NaN. Used by one thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "kernels/cpu/attention.h"

namespace vitrine::tests {

struct PagedShape
{
    std::int64_t headDim = 64;
    std::int64_t kvHeads = 1;
    std::int64_t group = 3;
    std::int64_t context = 100;
    std::int64_t tokens = 5; ///< the last ones ask
    std::int64_t blockSize = 16;
    std::int64_t window = 0;
    kernels::cpu::KvElement element = kernels::cpu::KvElement::F32;
    std::vector<std::int64_t> holes = {}; ///< rising: blocks of the table that were given back
    std::uint32_t seed = 77;
    float softCap = 0.0F;
    bool sinks = false;

    std::int64_t blocks() const { return (context + blockSize - 1) / blockSize; }
    /// Blocks before the first one that the asking tokens were written to.
    std::int64_t oldBlocks() const { return (context - tokens) / blockSize; }
    std::int64_t heads() const { return kvHeads * group; }
};

class PagedProblem
{
public:
    /// REQUIRES: holes < oldBlocks().
    PagedProblem(const PagedShape& shape, const kernels::cpu::AttentionOperations& operations)
        : m_shape(shape), m_operations(operations), m_table(static_cast<std::size_t>(shape.blocks()))
    {
        std::mt19937 random(shape.seed);
        m_keys = fill(random, shape.context * shape.kvHeads * shape.headDim, 1.0F);
        m_values = fill(random, shape.context * shape.kvHeads * shape.headDim, 1.0F);
        m_queries = fill(random, shape.tokens * shape.heads() * shape.headDim, 1.5F);
        if (shape.sinks)
            m_sinks = fill(random, shape.heads(), 3.0F);
        if (shape.element == kernels::cpu::KvElement::Int8)
            makeExactInInt8();
        std::iota(m_table.begin(), m_table.end(), 0);
        std::shuffle(m_table.begin(), m_table.end(), random);
        m_layout = {shape.element,
                    1,
                    m_table.size(),
                    static_cast<std::size_t>(shape.blockSize),
                    static_cast<std::size_t>(shape.kvHeads),
                    static_cast<std::size_t>(shape.headDim)};
        m_memory.assign(m_layout.totalBytes(), 0xFF); // NaN in every format
        storeKeys();
        makeHoles();
    }

    /// Output of the queries [first, first + count), all heads.
    std::vector<float> attend(std::int64_t first, std::int64_t count) const
    {
        namespace cpu = kernels::cpu;
        std::vector<float> out(static_cast<std::size_t>(count * m_shape.heads() * m_shape.headDim), -1.0F);
        const std::int64_t rows = count * m_shape.group;
        std::vector<float> memory(cpu::AttentionScratch::floats(rows, m_shape.headDim));
        cpu::AttentionScratch scratch(memory.data(), rows, m_shape.headDim);
        for (std::int64_t head = 0; head < m_shape.kvHeads; ++head) {
            const cpu::AttentionQueries queries = queriesOf(head, first, count);
            gatherQueries(m_operations, queries, scratch);
            clearState(scratch.whole, rows, m_shape.headDim);
            for (std::int64_t p = queries.firstKey() / cpu::kPartitionKeys;
                 p * cpu::kPartitionKeys < queries.endKey(); ++p) {
                attendPartition(m_operations, queries, keysOf(head), p, scratch, scratch.partition);
                mergeState(m_operations, scratch.whole, scratch.partition, rows, m_shape.headDim);
            }
            writeOutputs(queries, scratch.whole, out.data() + head * m_shape.group * m_shape.headDim);
        }
        return out;
    }

    /// scoreKeys() of all queries for one KV head: [tokens, group, context].
    std::vector<float> scores(std::int64_t kvHead) const
    {
        const std::int64_t rows = m_shape.tokens * m_shape.group;
        std::vector<float> memory(kernels::cpu::AttentionScratch::floats(rows, m_shape.headDim));
        kernels::cpu::AttentionScratch scratch(memory.data(), rows, m_shape.headDim);
        const kernels::cpu::AttentionQueries queries = queriesOf(kvHead, 0, m_shape.tokens);
        gatherQueries(m_operations, queries, scratch);
        std::vector<float> scores(static_cast<std::size_t>(rows * m_shape.context));
        scoreKeys(m_operations, queries, keysOf(kvHead), scratch, scores.data());
        return scores;
    }

    /// Whether one of the asking tokens looks at a key.
    bool sees(std::int64_t token, std::int64_t key) const
    {
        const std::int64_t position = m_shape.context - m_shape.tokens + token;
        const bool hidden = m_shape.window > 0 && key + m_shape.window <= position;
        return key <= position && !hidden &&
               !std::binary_search(m_shape.holes.begin(), m_shape.holes.end(), key / m_shape.blockSize);
    }

    double expectedScore(std::int64_t token, std::int64_t head, std::int64_t key) const
    {
        const std::int64_t dim = m_shape.headDim;
        const float* q = m_queries.data() + (token * m_shape.heads() + head) * dim;
        const float* k = m_keys.data() + (key * m_shape.kvHeads + head / m_shape.group) * dim;
        double score = 0;
        for (std::int64_t d = 0; d < dim; ++d)
            score += static_cast<double>(q[d]) * static_cast<double>(k[d]);
        score *= static_cast<double>(kScale);
        const double cap = static_cast<double>(m_shape.softCap);
        return cap > 0 ? cap * std::tanh(score / cap) : score;
    }

    /// What attend(0, tokens) should be, one query at a time.
    std::vector<double> expected() const
    {
        std::vector<double> out;
        for (std::int64_t token = 0; token < m_shape.tokens; ++token)
            for (std::int64_t head = 0; head < m_shape.heads(); ++head)
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
    static constexpr float kScale = 0.2F;

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

    void makeHoles()
    {
        for (const std::int64_t hole : m_shape.holes) {
            std::int32_t& block = m_table[static_cast<std::size_t>(hole)];
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
                const std::int64_t at = (key * m_shape.kvHeads + head) * m_shape.headDim;
                storeKeyAndValue(m_operations, m_layout, m_memory.data(), 0, static_cast<std::size_t>(head),
                                 static_cast<std::size_t>(slot), m_keys.data() + at, m_values.data() + at);
            }
    }

    kernels::cpu::AttentionQueries queriesOf(std::int64_t kvHead, std::int64_t first,
                                             std::int64_t count) const
    {
        kernels::cpu::AttentionQueries queries;
        queries.tokenStride = m_shape.heads() * m_shape.headDim;
        queries.q = m_queries.data() + first * queries.tokenStride + kvHead * m_shape.group * m_shape.headDim;
        queries.tokens = count;
        queries.group = m_shape.group;
        queries.headDim = m_shape.headDim;
        queries.firstPosition = m_shape.context - m_shape.tokens + first;
        queries.window = m_shape.window;
        queries.scale = kScale;
        queries.softCap = m_shape.softCap;
        queries.sinks = m_shape.sinks ? m_sinks.data() + kvHead * m_shape.group : nullptr;
        return queries;
    }

    kernels::cpu::PagedKeys keysOf(std::int64_t kvHead) const
    {
        return {m_memory.data() + m_layout.headOffset(0, static_cast<std::size_t>(kvHead), 0), &m_layout,
                m_table.data()};
    }

    void appendExpected(std::int64_t token, std::int64_t head, std::vector<double>& out) const
    {
        const std::int64_t dim = m_shape.headDim;
        std::vector<double> sums(static_cast<std::size_t>(dim), 0.0);
        double total =
            m_shape.sinks ? std::exp(static_cast<double>(m_sinks[static_cast<std::size_t>(head)])) : 0;
        for (std::int64_t key = 0; key < m_shape.context; ++key) {
            if (!sees(token, key))
                continue;
            const double weight = std::exp(expectedScore(token, head, key));
            const float* v = m_values.data() + (key * m_shape.kvHeads + head / m_shape.group) * dim;
            total += weight;
            for (std::int64_t d = 0; d < dim; ++d)
                sums[static_cast<std::size_t>(d)] += weight * static_cast<double>(v[d]);
        }
        for (const double sum : sums)
            out.push_back(sum / total);
    }

    PagedShape m_shape;
    const kernels::cpu::AttentionOperations& m_operations;
    kernels::cpu::KvLayout m_layout;
    std::vector<std::int32_t> m_table;
    std::vector<std::uint8_t> m_memory;
    std::vector<float> m_keys, m_values, m_queries, m_sinks;
};

/// How far outputs may be from the softmax in double: bfloat16 rounds queries and weights to eight bits.
inline double allowedError(const kernels::cpu::AttentionOperations& operations, std::int64_t rows)
{
    const bool tiles = operations.attendMany != nullptr && rows >= kernels::cpu::kFewestManyRows;
    return tiles ? 3e-2 : 1e-5;
}

/// The fewest tokens whose rows take the same path as many do: what more rows share, fewer need not.
inline std::int64_t fewestTokens(const kernels::cpu::AttentionOperations& operations, std::int64_t group)
{
    return operations.attendMany == nullptr ? 1 : (kernels::cpu::kFewestManyRows + group - 1) / group;
}

/// The largest difference between two results; NaN counts as a whole one.
inline double worstError(const std::vector<float>& found, const std::vector<double>& expected)
{
    double worst = found.size() == expected.size() ? 0.0 : 1.0;
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
        const double error = std::abs(static_cast<double>(found[i]) - expected[i]);
        worst = std::max(worst, std::isnan(error) ? 1.0 : error);
    }
    return worst;
}

} // namespace vitrine::tests
