// SPDX-License-Identifier: GPL-3.0-or-later
// The plain form of the row operations, against which the vector forms are tested.
#include <bit>
#include <cmath>
#include <limits>

#include "kernels/cpu/vector_operations.h"

namespace vitrine::kernels::cpu {

namespace {

void rmsNorm(const float* x, const float* weight, std::int64_t count, float epsilon, float* out)
{
    double squares = 0;
    for (std::int64_t i = 0; i < count; ++i)
        squares += static_cast<double>(x[i]) * x[i];
    const auto factor = static_cast<float>(1.0 / std::sqrt(squares / static_cast<double>(count) + epsilon));
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = x[i] * factor * weight[i];
}

void add(float* x, const float* y, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i)
        x[i] += y[i];
}

void scale(float* x, float factor, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i)
        x[i] *= factor;
}

void siluGate(const float* gate, const float* up, std::int64_t count, float* out)
{
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = gate[i] / (1.0F + std::exp(-gate[i])) * up[i];
}

void geluGate(const float* gate, const float* up, std::int64_t count, float* out)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const float x = gate[i];
        const float inner = 0.7978845608F * (x + 0.044715F * x * x * x);
        out[i] = 0.5F * x * (1.0F + std::tanh(inner)) * up[i];
    }
}

void clampedSiluGate(const float* gate, const float* up, std::int64_t count, float* out)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const float g = gate[i] > kGateLimit ? kGateLimit : gate[i]; // NaN stays
        const float u = up[i] > kGateLimit ? kGateLimit : up[i] < -kGateLimit ? -kGateLimit : up[i];
        out[i] = (u + 1.0F) * (g / (1.0F + std::exp(-kGateSlope * g)));
    }
}

void softCap(float* x, std::int64_t count, float cap)
{
    for (std::int64_t i = 0; i < count; ++i)
        x[i] = cap * std::tanh(x[i] / cap);
}

void ropeInterleaved(float* x, const float* cosines, const float* sines, std::int64_t headDim)
{
    for (std::int64_t i = 0; i < headDim; i += 2) {
        const float a = x[i];
        const float b = x[i + 1];
        x[i] = a * cosines[i] + b * sines[i];
        x[i + 1] = b * cosines[i + 1] + a * sines[i + 1];
    }
}

void ropeHalves(float* x, const float* cosines, const float* sines, std::int64_t headDim)
{
    const std::int64_t half = headDim / 2;
    for (std::int64_t i = 0; i < half; ++i) {
        const float a = x[i];
        const float b = x[i + half];
        x[i] = a * cosines[i] + b * sines[i];
        x[i + half] = b * cosines[i + half] + a * sines[i + half];
    }
}

float largest(const float* x, std::int64_t count)
{
    float best = -std::numeric_limits<float>::infinity();
    for (std::int64_t i = 0; i < count; ++i)
        best = x[i] > best ? x[i] : best;
    return best;
}

float readThrough(const float* x, std::int64_t count)
{
    float sums[16] = {};
    for (std::int64_t i = 0; i < count; ++i)
        sums[i % 16] += x[i];
    float total = 0.0F;
    for (const float sum : sums)
        total += sum;
    return total;
}

/// exp for x ≤ 0: 2^n times a polynomial of the rest. At -88 the exponent's bits are all zero, which makes
/// the result exactly 0: so for everything below, and for NaN. No fused operation: the sums of all variants
/// agree.
float expNegative(float x)
{
    const float safe = x > -88.0F ? x : -88.0F;
    constexpr float kMagic = 12582912.0F; // 1.5 * 2^23: adding it rounds to an integer in the low bits
    const float shifted = safe * 1.44269504F + kMagic;
    const float n = shifted - kMagic;
    const float r = (safe - n * 0.693359375F) + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    constexpr float kRest[] = {1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F,
                               5.0000001201e-1F};
    for (const float c : kRest)
        p = p * r + c;
    p = p * r * r + r + 1.0F;
    const std::uint32_t exponent = (std::bit_cast<std::uint32_t>(shifted) << 23U) + (127U << 23U);
    return p * std::bit_cast<float>(exponent);
}

float expWeights(const float* x, std::int64_t count, float top, float scale, float* out)
{
    float lanes[kSumLanes] = {};
    for (std::int64_t i = 0; i < count; ++i) {
        out[i] = expNegative((x[i] - top) * scale);
        lanes[i % kSumLanes] += out[i];
    }
    float total = 0.0F;
    for (const float lane : lanes)
        total += lane;
    return total;
}

} // namespace

const VectorOperations kVectorScalar{Isa::Scalar, rmsNorm,         add,       scale,           siluGate,
                                     geluGate,    clampedSiluGate, softCap,   ropeInterleaved, ropeHalves,
                                     largest,     readThrough,     expWeights};

} // namespace vitrine::kernels::cpu
