// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/rank_addition.h"

#include <algorithm>

#include "kernels/cpu/isa.h"
#include "kernels/cpu/vector_operations.h"

namespace vitrine::engine {

namespace {

/// What of a sum stays in the first-level cache while everybody's is added to it.
constexpr std::size_t kSumValues = 2048;

} // namespace

void addInOrder(const RankGroup& group, std::uint32_t stage, std::size_t first, std::span<float> out)
{
    const auto& vector = kernels::cpu::vectorOperations(kernels::cpu::selectedIsa());
    for (std::size_t begin = 0; begin < out.size(); begin += kSumValues) {
        const std::size_t count = std::min(kSumValues, out.size() - begin);
        float* to = out.data() + begin;
        const auto from = [&](std::uint32_t rank) {
            return reinterpret_cast<const float*>(group.place(rank, stage)) + first + begin;
        };
        std::copy_n(from(0), count, to);
        for (std::uint32_t rank = 1; rank < group.shape().ranks; ++rank)
            vector.add(to, from(rank), static_cast<std::int64_t>(count));
    }
}

} // namespace vitrine::engine
