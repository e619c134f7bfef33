// SPDX-License-Identifier: GPL-3.0-or-later
// Model files of random weights in the sizes of known models, for speed and for checks where no model file
// is at hand. They lie in memory, under a path that Model::load() takes like any other. All are Llamas,
// some with experts: what a family has besides (norms of queries and keys) is left out. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "kernels/quant_type.h"

namespace vitrine::engine {

struct SyntheticShape
{
    const char* name;
    std::uint32_t hidden, layers, heads, kvHeads, headDim, ffn;
    std::uint32_t vocab;   ///< 259 at least: a token for each byte, three with a meaning, the rest made up
    std::uint32_t context; ///< tokens
    float ropeBase;
    bool tied;                                      ///< the head is the token embedding
    std::uint32_t experts = 0, expertsPerToken = 0; ///< 0: none
    std::uint32_t expertFfn = 0;
};

std::span<const SyntheticShape> syntheticShapes();
/// nullptr when there is none of this name.
const SyntheticShape* findSyntheticShape(std::string_view name);

/// A file in memory that goes with its owner; what has been mapped of it stays.
class SyntheticModel
{
public:
    /// Matrices of `type`: BF16, Q8_0 or Q4_K (Q8_0 where columns fill no block of it). Values spread evenly
    /// around 0, of the size 1/sqrt(columns). The same shape, type and seed give the same bytes.
    /// OutOfResources when memory does not hold it.
    static Result<SyntheticModel> make(const SyntheticShape& shape, kernels::QuantType type,
                                       std::uint64_t seed);

    SyntheticModel(SyntheticModel&& other) noexcept;
    SyntheticModel& operator=(SyntheticModel&&) = delete;
    ~SyntheticModel();

    /// For this process only, and only while the owner lives.
    std::string path() const;

private:
    explicit SyntheticModel(int file) : m_file(file) {}

    int m_file;
};

} // namespace vitrine::engine
