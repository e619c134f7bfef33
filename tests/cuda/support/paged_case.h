// SPDX-License-Identifier: GPL-3.0-or-later
// A paged memory of random keys and values on the device with shuffled pages, queries over it, and what
// attention over them is in double precision. Bytes that nobody may use are NaN.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

#include "../../emulator/support.h"
#include "kernels/cuda/attention.h"

namespace cuda_test {

using namespace vitrine::kernels::cuda;

struct CaseRow
{
    std::int64_t context = 0; ///< the queries' own keys included
    std::int64_t queries = 1;
};

struct CaseShape
{
    std::int64_t heads = 4;
    std::int64_t kvHeads = 2;
    std::int64_t headDim = 64;
    std::int64_t blockSize = 16;
    KvNumber kvNumber = KvNumber::F32;
    Number number = Number::F32;
    std::int64_t window = 0;
    float softCap = 0;
    bool sinks = false;
    double holes = 0; ///< share of pages that are missing
};

inline float bfloat(float x)
{
    return __bfloat162float(__float2bfloat16_rn(x));
}

/// Numbers as they lie in memory.
inline std::vector<std::uint8_t> encode(Number number, const std::vector<float>& values)
{
    std::vector<std::uint8_t> bytes(values.size() * numberBytes(number));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const __nv_bfloat16 narrow = __float2bfloat16_rn(values[i]);
        if (number == Number::F32)
            std::memcpy(&bytes[4 * i], &values[i], 4);
        else
            std::memcpy(&bytes[2 * i], &narrow, 2);
    }
    return bytes;
}

inline std::vector<float> decode(Number number, const std::vector<std::uint8_t>& bytes)
{
    std::vector<float> values(bytes.size() / numberBytes(number));
    for (std::size_t i = 0; i < values.size(); ++i) {
        __nv_bfloat16 narrow;
        if (number == Number::F32) {
            std::memcpy(&values[i], &bytes[4 * i], 4);
        } else {
            std::memcpy(&narrow, &bytes[2 * i], 2);
            values[i] = __bfloat162float(narrow);
        }
    }
    return values;
}

/// What a stored element is worth without its scale.
inline double elementValue(KvNumber number, const std::uint8_t* row, std::int64_t i)
{
    float wide = 0;
    __nv_bfloat16 bf16;
    __half half;
    switch (number) {
    case KvNumber::F32:
        std::memcpy(&wide, row + 4 * i, 4);
        return double(wide);
    case KvNumber::F16:
        std::memcpy(&half, row + 2 * i, 2);
        return double(__half2float(half));
    case KvNumber::BF16:
        std::memcpy(&bf16, row + 2 * i, 2);
        return double(__bfloat162float(bf16));
    case KvNumber::Int8:
        return double(static_cast<std::int8_t>(row[i]));
    case KvNumber::FP8:
        return double(__half2float(__half(__nv_cvt_fp8_to_halfraw(row[i], __NV_E4M3))));
    }
    return 0;
}

/// Writes a random element of about the size of 1, the scale included.
inline void putElement(KvNumber number, std::uint8_t* row, std::int64_t i, float x)
{
    const __nv_bfloat16 bf16 = __float2bfloat16_rn(x);
    const __half half = __float2half_rn(x);
    if (number == KvNumber::F32)
        std::memcpy(row + 4 * i, &x, 4);
    else if (number == KvNumber::F16)
        std::memcpy(row + 2 * i, &half, 2);
    else if (number == KvNumber::BF16)
        std::memcpy(row + 2 * i, &bf16, 2);
    else if (number == KvNumber::Int8)
        row[i] = static_cast<std::uint8_t>(
            static_cast<std::int8_t>(std::lround(std::fmax(std::fmin(x * 40, 127), -127))));
    else
        row[i] = __nv_cvt_float_to_fp8(x * 40, __NV_SATFINITE, __NV_E4M3);
}

inline std::vector<float> randomFloats(std::mt19937& random, std::size_t count)
{
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    for (float& value : values)
        value = normal(random);
    return values;
}

class PagedCase
{
public:
    PagedCase(const CaseShape& shape, const std::vector<CaseRow>& rows, unsigned seed)
        : m_shape(shape), m_rows(rows), m_random(seed)
    {
        layOutPages();
        fillPages();
        makeQueries();
        m_sinkValues = randomFloats(m_random, static_cast<std::size_t>(shape.heads));
    }

    const CaseShape& shape() const { return m_shape; }
    std::int64_t tokens() const { return m_starts.back(); }
    std::int64_t outputs() const { return tokens() * m_shape.heads * m_shape.headDim; }
    const std::vector<float>& qkv() const { return m_qkv; }
    std::vector<std::int32_t>& table() { return m_table; }
    std::int64_t tableRow() const { return m_tableRow; }

    /// The whole step, or that of rows [first, first + count) of which `skip` queries are left out at the
    /// beginning and `leave` at the end.
    struct Part
    {
        std::size_t first = 0;
        std::size_t count = 0;
        std::int64_t skip = 0;
        std::int64_t leave = 0;
    };
    Part whole() const { return {0, m_rows.size(), 0, 0}; }

    /// Runs what `launch` starts for the part and returns its outputs; NaN where nothing was written.
    template<typename Attend>
    std::vector<float> run(const Part& part, Attend launch, std::int64_t longestContext = 0) const
    {
        std::vector<float> qkv;
        std::vector<std::int32_t> starts{0};
        std::vector<std::int32_t> contexts;
        std::vector<std::int32_t> table;
        AttentionStep step = parameters();
        const std::int64_t width = (m_shape.heads + 2 * m_shape.kvHeads) * m_shape.headDim;
        for (std::size_t r = part.first; r < part.first + part.count; ++r) {
            const std::int64_t begin = m_starts[r] + part.skip;
            const std::int64_t end = m_starts[r + 1] - part.leave;
            qkv.insert(qkv.end(), m_qkv.begin() + begin * width, m_qkv.begin() + end * width);
            starts.push_back(starts.back() + static_cast<std::int32_t>(end - begin));
            contexts.push_back(static_cast<std::int32_t>(m_rows[r].context - part.leave));
            const auto row = m_table.begin() + static_cast<std::int64_t>(r) * m_tableRow;
            table.insert(table.end(), row, row + m_tableRow);
            step.longestQuery = std::max(step.longestQuery, end - begin);
            step.longestContext = std::max<std::int64_t>(step.longestContext, contexts.back());
        }
        step.longestContext = std::max(step.longestContext, longestContext);
        step.sequences = static_cast<std::int64_t>(part.count);
        step.tokens = starts.back();
        const DeviceVector<std::uint8_t> pages(m_pages);
        const DeviceVector<std::uint8_t> input(encode(m_shape.number, qkv));
        const DeviceVector<std::int32_t> startsThere(starts);
        const DeviceVector<std::int32_t> contextsThere(contexts);
        const DeviceVector<std::int32_t> tableThere(table);
        const DeviceVector<float> sinks(m_sinkValues);
        const std::int64_t outputs = step.tokens * m_shape.heads * m_shape.headDim;
        const DeviceVector<std::uint8_t> out(
            std::vector<std::uint8_t>(static_cast<std::size_t>(outputs) * numberBytes(m_shape.number), 0xFF));
        step.kv.pool = pages.data();
        step.qkv = input.data();
        step.out = out.data();
        step.queryStart = startsThere.data();
        step.contextLengths = contextsThere.data();
        step.pageTable = tableThere.data();
        step.sinks = m_shape.sinks ? sinks.data() : nullptr;
        if (!launch(step))
            return {};
        return decode(m_shape.number, out.read());
    }

    /// In double, rounded nowhere but in what lies in memory.
    std::vector<double> reference() const
    {
        std::vector<double> out;
        for (std::size_t r = 0; r < m_rows.size(); ++r)
            for (std::int64_t i = 0; i < m_rows[r].queries; ++i)
                for (std::int64_t h = 0; h < m_shape.heads; ++h)
                    attend(r, i, h, out);
        return out;
    }

private:
    AttentionStep parameters() const
    {
        AttentionStep step;
        step.number = m_shape.number;
        step.heads = m_shape.heads;
        step.scale = 1.0F / std::sqrt(static_cast<float>(m_shape.headDim));
        step.softCap = m_shape.softCap;
        step.window = m_shape.window;
        step.kv = m_kv;
        step.layer = 1;
        step.tableRow = m_tableRow;
        return step;
    }

    void layOutPages()
    {
        std::int64_t pages = 1; // one that nobody uses
        for (const CaseRow& row : m_rows) {
            const std::int64_t blocks = (row.context + m_shape.blockSize - 1) / m_shape.blockSize;
            m_tableRow = std::max(m_tableRow, blocks + 1);
            pages += blocks;
        }
        std::vector<std::int32_t> free(static_cast<std::size_t>(pages));
        for (std::size_t i = 0; i < free.size(); ++i)
            free[i] = static_cast<std::int32_t>(i);
        std::shuffle(free.begin(), free.end(), m_random);
        m_table.assign(m_rows.size() * static_cast<std::size_t>(m_tableRow), -1);
        std::bernoulli_distribution hole(m_shape.holes);
        for (std::size_t r = 0; r < m_rows.size(); ++r)
            for (std::int64_t b = 0; b * m_shape.blockSize < m_rows[r].context; ++b) {
                if (!hole(m_random))
                    m_table[r * static_cast<std::size_t>(m_tableRow) + static_cast<std::size_t>(b)] =
                        free.back();
                free.pop_back();
            }
        m_kv.number = m_shape.kvNumber;
        m_kv.pages = pages;
        m_kv.layers = 2;
        m_kv.blockSize = m_shape.blockSize;
        m_kv.kvHeads = m_shape.kvHeads;
        m_kv.headDim = m_shape.headDim;
        m_pages.assign(static_cast<std::size_t>(m_kv.totalBytes()), 0xFF);
    }

    std::int64_t place(std::size_t row, std::int64_t key, std::int64_t kvHead, bool value) const
    {
        const std::int32_t page = m_table[row * static_cast<std::size_t>(m_tableRow) +
                                          static_cast<std::size_t>(key / m_shape.blockSize)];
        return page < 0 ? -1 : m_kv.headOffset(page, 1, kvHead) + (value ? m_kv.headBytes() : 0);
    }

    void fillPages()
    {
        std::normal_distribution<float> normal;
        std::uniform_real_distribution<float> scale(0.01F, 0.05F);
        for (std::size_t r = 0; r < m_rows.size(); ++r)
            for (std::int64_t key = 0; key < m_rows[r].context; ++key)
                for (std::int64_t h = 0; h < 2 * m_shape.kvHeads; ++h) {
                    const std::int64_t head = place(r, key, h / 2, h % 2 == 1);
                    if (head < 0)
                        continue;
                    const std::int64_t slot = key % m_shape.blockSize;
                    for (std::int64_t d = 0; d < m_shape.headDim; ++d)
                        putElement(m_shape.kvNumber,
                                   &m_pages[static_cast<std::size_t>(head + slot * m_kv.rowBytes())], d,
                                   normal(m_random));
                    const float factor = scale(m_random);
                    if (m_kv.scaled())
                        std::memcpy(&m_pages[static_cast<std::size_t>(head + m_kv.scaleOffset() + slot * 4)],
                                    &factor, 4);
                }
    }

    void makeQueries()
    {
        m_starts.push_back(0);
        for (const CaseRow& row : m_rows)
            m_starts.push_back(m_starts.back() + row.queries);
        m_qkv =
            randomFloats(m_random, static_cast<std::size_t>(tokens() * (m_shape.heads + 2 * m_shape.kvHeads) *
                                                            m_shape.headDim));
        if (m_shape.number == Number::BF16)
            for (float& x : m_qkv)
                x = bfloat(x);
    }

    double element(std::size_t row, std::int64_t key, std::int64_t kvHead, bool value, std::int64_t d) const
    {
        const std::int64_t head = place(row, key, kvHead, value);
        const std::int64_t slot = key % m_shape.blockSize;
        float scale = 1;
        if (m_kv.scaled())
            std::memcpy(&scale, &m_pages[static_cast<std::size_t>(head + m_kv.scaleOffset() + slot * 4)], 4);
        return double(scale) * elementValue(m_shape.kvNumber,
                                            &m_pages[static_cast<std::size_t>(head + slot * m_kv.rowBytes())],
                                            d);
    }

    void attend(std::size_t row, std::int64_t query, std::int64_t head, std::vector<double>& out) const
    {
        const std::int64_t kvHead = head / (m_shape.heads / m_shape.kvHeads);
        const std::int64_t width = (m_shape.heads + 2 * m_shape.kvHeads) * m_shape.headDim;
        const float* q =
            &m_qkv[static_cast<std::size_t>((m_starts[row] + query) * width + head * m_shape.headDim)];
        const std::int64_t seen =
            m_rows[row].context == 0 ? 0 : m_rows[row].context - m_rows[row].queries + query + 1;
        const std::int64_t first = m_shape.window > 0 ? std::max<std::int64_t>(seen - m_shape.window, 0) : 0;
        double sum = m_shape.sinks ? std::exp(double(m_sinkValues[static_cast<std::size_t>(head)])) : 0.0;
        std::vector<double> values(static_cast<std::size_t>(m_shape.headDim));
        for (std::int64_t key = first; key < seen; ++key) {
            if (place(row, key, kvHead, false) < 0)
                continue;
            double score = 0;
            for (std::int64_t d = 0; d < m_shape.headDim; ++d)
                score += double(q[d]) * element(row, key, kvHead, false, d);
            score *= 1.0 / std::sqrt(double(m_shape.headDim));
            if (m_shape.softCap > 0)
                score = double(m_shape.softCap) * std::tanh(score / double(m_shape.softCap));
            sum += std::exp(score);
            for (std::int64_t d = 0; d < m_shape.headDim; ++d)
                values[static_cast<std::size_t>(d)] += std::exp(score) * element(row, key, kvHead, true, d);
        }
        for (const double value : values)
            out.push_back(seen == 0 || sum == 0 ? 0 : value / sum);
    }

    CaseShape m_shape;
    std::vector<CaseRow> m_rows;
    std::mt19937 m_random;
    KvPages m_kv;
    std::int64_t m_tableRow = 0;
    std::vector<std::int32_t> m_table;
    std::vector<std::uint8_t> m_pages;
    std::vector<std::int64_t> m_starts;
    std::vector<float> m_qkv;
    std::vector<float> m_sinkValues;
};

/// The largest difference in units of `absolute + relative * |reference|`; infinite where lengths differ or a
/// value is NaN.
inline double largestError(const std::vector<float>& values, const std::vector<double>& reference,
                           double absolute, double relative)
{
    if (values.size() != reference.size())
        return HUGE_VAL;
    double largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double error = std::fabs(double(values[i]) - reference[i]);
        if (!(error <= 1e30))
            return HUGE_VAL;
        largest = std::max(largest, error / (absolute + relative * std::fabs(reference[i])));
    }
    return largest;
}

inline bool sameBits(const std::vector<float>& a, const std::vector<float>& b)
{
    return !a.empty() && a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * 4) == 0;
}

} // namespace cuda_test
