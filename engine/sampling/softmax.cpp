// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sampling/softmax.h"

#include <algorithm>
#include <array>
#include <limits>

#include "kernels/cpu/vector_operations.h"

namespace vitrine::engine {
namespace {

/// Sums of a few thousand values are added in double, so that rounding does not add up.
constexpr std::size_t kStretch = 4096;

const kernels::cpu::VectorOperations& operations()
{
    return kernels::cpu::vectorOperations(kernels::cpu::selectedIsa());
}

std::span<const float> stretchAt(std::span<const float> values, std::size_t begin)
{
    return values.subspan(begin, std::min(kStretch, values.size() - begin));
}

} // namespace

float largest(std::span<const float> values)
{
    return operations().largest(values.data(), static_cast<std::int64_t>(values.size()));
}

std::size_t indexOfLargest(std::span<const float> values)
{
    float best = -std::numeric_limits<float>::infinity();
    std::size_t bestBegin = values.size();
    for (std::size_t begin = 0; begin < values.size(); begin += kStretch) {
        const float here = largest(stretchAt(values, begin));
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
        const std::span<const float> part = stretchAt(values, begin);
        total += operations().expWeights(part.data(), static_cast<std::int64_t>(part.size()), top, 1.0F,
                                         weights.data());
    }
    return total;
}

void ExpWeights::compute(std::span<const float> values, float top, float scale)
{
    m_values.resize(values.size());
    m_sums.clear();
    m_total = 0.0;
    for (std::size_t begin = 0; begin < values.size(); begin += kStretch) {
        const std::span<const float> part = stretchAt(values, begin);
        m_sums.push_back(operations().expWeights(part.data(), static_cast<std::int64_t>(part.size()), top,
                                                 scale, m_values.data() + begin));
        m_total += m_sums.back();
    }
}

std::size_t ExpWeights::find(double mass) const
{
    std::size_t stretch = 0;
    double before = 0.0, sum = 0.0;
    for (std::size_t s = 0; s < m_sums.size() && sum <= mass; ++s) {
        if (m_sums[s] <= 0.0F)
            continue;
        stretch = s;
        before = sum;
        sum += m_sums[s];
    }
    const std::size_t begin = stretch * kStretch;
    const std::size_t end = std::min(begin + kStretch, m_values.size());
    std::size_t last = begin;
    for (std::size_t i = begin; i < end && before <= mass; ++i) {
        if (m_values[i] <= 0.0F)
            continue;
        last = i;
        before += m_values[i];
    }
    return last;
}

} // namespace vitrine::engine
