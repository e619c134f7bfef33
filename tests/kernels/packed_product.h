// SPDX-License-Identifier: GPL-3.0-or-later
// A packed random matrix and random activations to multiply it with. Used by one thread.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "kernels/cpu/linear.h"
#include "tests/kernels/random_tensor.h"

namespace vitrine::tests {

/// One type for each layout of panels, and what is converted to one.
inline constexpr kernels::QuantType kLayoutSamples[] = {
    kernels::QuantType::Q4_0,   kernels::QuantType::Q4_1,  kernels::QuantType::Q4_K,
    kernels::QuantType::Q5_0,   kernels::QuantType::Q5_1,  kernels::QuantType::Q5_K,
    kernels::QuantType::Q6_K,   kernels::QuantType::Q8_0,  kernels::QuantType::IQ4_NL,
    kernels::QuantType::IQ4_XS, kernels::QuantType::MXFP4, kernels::QuantType::F32,
    kernels::QuantType::BF16};

/// Stands where nothing may be written.
inline constexpr float kPoison = 12345.0F;

struct PackedProduct
{
    kernels::QuantType type;
    std::int64_t rows, columns, count;
    std::vector<std::uint8_t> tensor;
    kernels::cpu::PackedMatrix matrix;
    AlignedBytes packed{0};
    std::vector<float> x;
    std::int64_t stride; ///< of the result, wider than the matrix has rows

    PackedProduct(kernels::QuantType t, std::int64_t n, std::int64_t k, std::int64_t m, std::mt19937& random)
        : type(t), rows(n), columns(k), count(m), tensor(randomTensor(t, n, k, random)),
          x(randomFloats(static_cast<std::size_t>(m * k), random)), stride(n + 5)
    {
        repack();
    }

    std::int64_t panels() const { return (rows + kernels::cpu::kPanelRows - 1) / kernels::cpu::kPanelRows; }

    void repack()
    {
        const kernels::cpu::LinearOperations& scalar =
            kernels::cpu::linearOperations(kernels::cpu::Isa::Scalar);
        packed = AlignedBytes(scalar.describe(type, rows, columns, &matrix));
        matrix.data = packed.data();
        scalar.pack(type, tensor.data(), matrix, 0, panels(), packed.data());
    }

    std::vector<float> poisoned() const
    {
        return std::vector<float>(static_cast<std::size_t>(count * stride), kPoison);
    }
};

} // namespace vitrine::tests
