// SPDX-License-Identifier: GPL-3.0-or-later
// The plain form of the attention steps, against which the vector forms are tested.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "kernels/cpu/attention.h"

namespace vitrine::kernels::cpu {

namespace {

std::uint16_t toBf16(float x)
{
    const auto bits = std::bit_cast<std::uint32_t>(x);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
}

float fromBf16(std::uint16_t half)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16U);
}

/// Rounds to nearest even; too large becomes infinite, too small a denormal.
std::uint16_t toF16(float x)
{
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const std::uint32_t sign = (bits >> 16U) & 0x8000U;
    const float magnitude = std::fabs(x);
    if (!(magnitude < 65520.0F))
        return static_cast<std::uint16_t>(sign | (magnitude == magnitude ? 0x7C00U : 0x7E00U));
    if (magnitude < 6.103515625e-05F) // denormal: whole multiples of 2^-24
        return static_cast<std::uint16_t>(sign |
                                          static_cast<std::uint32_t>(std::nearbyint(magnitude * 0x1p24F)));
    const std::uint32_t value = (bits & 0x7FFFFFFFU) - (112U << 23U);
    return static_cast<std::uint16_t>(sign | ((value + 0xFFFU + ((value >> 13U) & 1U)) >> 13U));
}

float fromF16(std::uint16_t half)
{
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    const std::uint32_t exponent = (half >> 10U) & 31U;
    const std::uint32_t mantissa = half & 0x3FFU;
    if (exponent == 0) {
        const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t high = exponent == 31 ? 0x7F800000U : (exponent + 112U) << 23U;
    return std::bit_cast<float>(sign | high | (mantissa << 13U));
}

float scaleOf(const std::uint8_t* row, std::int64_t headDim)
{
    float scale = 0;
    std::memcpy(&scale, row + kvScaleOffset(static_cast<std::size_t>(headDim)), sizeof scale);
    return scale;
}

float element(KvElement kind, const std::uint8_t* row, std::int64_t headDim, std::int64_t d)
{
    if (kind == KvElement::Int8)
        return static_cast<float>(static_cast<std::int8_t>(row[d])) * scaleOf(row, headDim);
    if (kind == KvElement::F32) {
        float value = 0;
        std::memcpy(&value, row + 4 * d, sizeof value);
        return value;
    }
    std::uint16_t half = 0;
    std::memcpy(&half, row + 2 * d, sizeof half);
    return kind == KvElement::F16 ? fromF16(half) : fromBf16(half);
}

void storeInt8Row(const float* x, std::int64_t headDim, std::uint8_t* row)
{
    float largest = 0;
    for (std::int64_t d = 0; d < headDim; ++d)
        largest = std::max(largest, std::fabs(x[d]));
    const Int8Scale scale = int8Scale(largest);
    for (std::int64_t d = 0; d < headDim; ++d)
        row[d] = static_cast<std::uint8_t>(static_cast<std::int8_t>(std::nearbyint(x[d] * scale.inverse)));
    std::memcpy(row + kvScaleOffset(static_cast<std::size_t>(headDim)), &scale.scale, sizeof scale.scale);
}

void storeRow(KvElement kind, const float* x, std::int64_t headDim, std::uint8_t* row)
{
    if (kind == KvElement::F32) {
        std::memcpy(row, x, static_cast<std::size_t>(headDim) * sizeof(float));
        return;
    }
    if (kind == KvElement::Int8)
        return storeInt8Row(x, headDim, row);
    for (std::int64_t d = 0; d < headDim; ++d) {
        const std::uint16_t half = kind == KvElement::F16 ? toF16(x[d]) : toBf16(x[d]);
        std::memcpy(row + 2 * d, &half, sizeof half);
    }
}

void loadKeys(KvElement kind, const std::uint8_t* const* rows, std::int64_t headDim, float* keys)
{
    for (std::int64_t d = 0; d < headDim; ++d)
        for (int j = 0; j < kKeyTile; ++j)
            keys[d * kKeyTile + j] = rows[j] != nullptr ? element(kind, rows[j], headDim, d) : 0.0F;
}

void loadKeyUnits(const std::uint8_t* const* units, std::int64_t headDim, float* keys)
{
    for (std::int64_t d = 0; d < headDim; ++d)
        for (std::size_t j = 0; j < kKeyTile; ++j) {
            const std::uint8_t* unit = units[j / kKeyUnit];
            std::uint16_t half = 0;
            if (unit != nullptr)
                std::memcpy(&half,
                            unit + static_cast<std::size_t>(d / 2) * kKeyPairStride + j % kKeyUnit * 4 +
                                d % 2 * 2,
                            sizeof half);
            keys[static_cast<std::size_t>(d) * kKeyTile + j] = fromBf16(half);
        }
}

void loadValues(KvElement kind, const std::uint8_t* const* rows, std::int64_t headDim, float* values)
{
    const std::int64_t padded = paddedDim(headDim);
    for (int j = 0; j < kKeyTile; ++j)
        for (std::int64_t d = 0; d < padded; ++d) {
            const bool any = rows[j] != nullptr && d < headDim;
            values[j * padded + d] = any ? element(kind, rows[j], headDim, d) : 0.0F;
        }
}

void score(const float* q, std::int64_t rows, std::int64_t headDim, const float* keys, float* scores)
{
    for (std::int64_t r = 0; r < rows; ++r, q += paddedDim(headDim), scores += kKeyTile) {
        std::fill_n(scores, kKeyTile, 0.0F);
        for (std::int64_t d = 0; d < headDim; ++d)
            for (int j = 0; j < kKeyTile; ++j)
                scores[j] += q[d] * keys[d * kKeyTile + j];
    }
}

void softmax(float* scores, const TileBounds* bounds, std::int64_t rows, float* maxima, float* sums,
             float* factors)
{
    for (std::int64_t r = 0; r < rows; ++r, scores += kKeyTile) {
        float maximum = maxima[r];
        for (int j = bounds[r].first; j < bounds[r].end; ++j)
            maximum = std::max(maximum, scores[j]);
        float sum = 0;
        for (int j = 0; j < kKeyTile; ++j) {
            const bool seen = j >= bounds[r].first && j < bounds[r].end;
            scores[j] = seen ? std::exp(scores[j] - maximum) : 0.0F;
            sum += scores[j];
        }
        factors[r] = std::exp(maxima[r] - maximum);
        sums[r] = sums[r] * factors[r] + sum;
        maxima[r] = maximum;
    }
}

void accumulate(const float* weights, const float* factors, std::int64_t rows, std::int64_t keys,
                const float* values, std::int64_t headDim, float* out)
{
    const std::int64_t padded = paddedDim(headDim);
    for (std::int64_t r = 0; r < rows; ++r, weights += kKeyTile, out += padded) {
        for (std::int64_t d = 0; d < padded; ++d)
            out[d] *= factors[r];
        for (std::int64_t j = 0; j < keys; ++j)
            for (std::int64_t d = 0; d < padded; ++d)
                out[d] += weights[j] * values[j * padded + d];
    }
}

void blend(float* out, float factor, const float* other, float otherFactor, std::int64_t headDim)
{
    for (std::int64_t d = 0; d < paddedDim(headDim); ++d)
        out[d] = out[d] * factor + other[d] * otherFactor;
}

} // namespace

const AttentionOperations kAttentionScalar{Isa::Scalar, storeRow, loadKeys, loadKeyUnits,
                                           loadValues,  score,    softmax,  accumulate,
                                           nullptr,     nullptr,  nullptr,  blend};

} // namespace vitrine::kernels::cpu
