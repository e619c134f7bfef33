// SPDX-License-Identifier: GPL-3.0-or-later
// Products of experts' matrices with the tokens that go to them. For few pairs each reads its expert's matrix
// by itself; for many, pairs of one expert are multiplied together on tensor cores, and the matrix is read
// once for some tens of them. Matrices of experts that nobody chose are not read.
#pragma once

#include <cstdint>

#include "kernels/cuda/expert_groups.h"
#include "kernels/cuda/matvec.h"

namespace vitrine::kernels::cuda {

/// The matrices of a layer's experts, one after the other.
struct ExpertMatrices
{
    QuantType type{};
    const std::uint8_t* data =
        nullptr; // device: [experts, rows, columns], as in the file; starts on 16 bytes
    std::int64_t experts = 0;
    std::int64_t rows = 0; ///< of one
    std::int64_t columns = 0;
};

/// What is multiplied: pair i is row i / perRow of the activations with matrix chosen[i], and its products
/// are row i of what comes out, which stays as it is where chosen[i] is negative.
struct ExpertPairs
{
    const std::int32_t* chosen = nullptr; // device: [pairs]
    std::int64_t pairs = 0;
    std::int64_t perRow = 1;
    std::int64_t perToken = 1; ///< pairs that a step of one token has
};

/// Pairs that multiplyExpertGroups() takes together.
inline constexpr std::int64_t kFewGroupPairs = 16, kManyGroupPairs = 32;

/// Products by dp4a with the matrices as they lie in the file, of types that canMultiplyQuantized() accepts.
/// A pair's numbers depend on nothing but perToken besides its own.
Status multiplyExperts(const ExpertMatrices& matrices, const QuantizedRows& x, const ExpertPairs& pairs,
                       const ProductOut& out, Stream stream);

/// The same for matrices of F32, F16 and BF16 and rows of `number`.
Status multiplyExpertsPlain(const ExpertMatrices& matrices, Number number, const void* x,
                            const ExpertPairs& pairs, const ProductOut& out, Stream stream);

/// multiplyExperts() by tensor cores, the pairs as groupPairs() has put them into `groups`, whose tilePairs
/// is one of the two above. A pair's numbers do not depend on the others here either, but on which of the
/// two.
Status multiplyExpertGroups(const ExpertMatrices& matrices, const QuantizedRows& x, const ExpertPairs& pairs,
                            const ExpertGroups& groups, const ProductOut& out, Stream stream);

/// Whether multiplyExpertGroupsPlain() takes it: F32, F16 or BF16, columns in whole eights.
bool canGroupPlain(QuantType type, std::int64_t columns);

/// The same with rows of bfloat16: factors are rounded to bfloat16, sums are float32.
Status multiplyExpertGroupsPlain(const ExpertMatrices& matrices, const void* x, const ExpertPairs& pairs,
                                 const ExpertGroups& groups, const ProductOut& out, Stream stream);

} // namespace vitrine::kernels::cuda
