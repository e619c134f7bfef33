// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sampling/softmax.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace vitrine::engine {
namespace {

constexpr std::size_t kLanes = 16;

/// exp for x ≤ 0, relative error below 3e-7: 2^n times a polynomial of the rest. At -88 the exponent's bits
/// are all zero, which makes the result exactly 0: so for everything below, and for NaN. The clamp works on
/// the bits (of two negative floats the lower has the larger ones, and NaN is beyond all), because a
/// comparison of floats may trap and would keep the loop from becoming SIMD.
inline float expNegative(float x)
{
    const auto bits = std::bit_cast<std::int32_t>(x) | std::numeric_limits<std::int32_t>::min();
    const auto safe = std::bit_cast<float>(std::min(bits, std::bit_cast<std::int32_t>(-88.0F)));
    constexpr float kMagic = 12582912.0F; // 1.5 * 2^23: adding it rounds to an integer in the low bits
    const float shifted = safe * 1.44269504F + kMagic;
    const float n = shifted - kMagic;
    const float r = (safe - n * 0.693359375F) + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    const std::uint32_t exponent = (std::bit_cast<std::uint32_t>(shifted) << 23) + (127U << 23);
    return p * std::bit_cast<float>(exponent);
}

/// Lanes are emptied into a double every few thousand values, so that rounding does not add up.
constexpr std::size_t kStretch = 256 * kLanes;

double sumStretch(std::span<const float> values)
{
    std::array<float, kLanes> lanes{};
    std::size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] += values[i + lane];
    for (; i < values.size(); ++i)
        lanes[0] += values[i];
    double total = 0.0;
    for (const float lane : lanes)
        total += lane;
    return total;
}

} // namespace

double sum(std::span<const float> values)
{
    double total = 0.0;
    for (std::size_t begin = 0; begin < values.size(); begin += kStretch)
        total += sumStretch(values.subspan(begin, std::min(kStretch, values.size() - begin)));
    return total;
}

float largest(std::span<const float> values)
{
    std::array<float, kLanes> lanes;
    lanes.fill(-std::numeric_limits<float>::infinity());
    std::size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
    for (; i < values.size(); ++i)
        lanes[0] = values[i] > lanes[0] ? values[i] : lanes[0];
    float best = lanes[0];
    for (const float lane : lanes)
        best = lane > best ? lane : best;
    return best;
}

std::size_t indexOfLargest(std::span<const float> values)
{
    float best = -std::numeric_limits<float>::infinity();
    std::size_t bestBegin = values.size();
    for (std::size_t begin = 0; begin < values.size(); begin += kStretch) {
        const float here = largest(values.subspan(begin, std::min(kStretch, values.size() - begin)));
        if (here > best) {
            best = here;
            bestBegin = begin;
        }
    }
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(bestBegin);
    return static_cast<std::size_t>(std::find(begin, values.end(), best) - values.begin());
}

double sumExp(std::span<const float> values, float top)
{
    std::array<float, kStretch> weights;
    double total = 0.0;
    for (std::size_t begin = 0; begin < values.size(); begin += kStretch) {
        const std::size_t count = std::min(kStretch, values.size() - begin);
        total += expWeights(values.subspan(begin, count), top, 1.0F, weights);
    }
    return total;
}

double expWeights(std::span<const float> values, float top, float scale, std::span<float> weights)
{
    double total = 0.0;
    for (std::size_t begin = 0; begin < values.size(); begin += kStretch) {
        const std::size_t count = std::min(kStretch, values.size() - begin);
        const float* in = values.data() + begin;
        float* out = weights.data() + begin;
        for (std::size_t i = 0; i < count; ++i)
            out[i] = expNegative((in[i] - top) * scale);
        total += sumStretch({out, count});
    }
    return total;
}

} // namespace vitrine::engine
