// SPDX-License-Identifier: GPL-3.0-or-later
// What loading changed about a model's matrices: the part of a load report that figures cannot tell.
#pragma once

#include <cstdint>
#include <string>

namespace vitrine::engine {

/// Matrices that are not computed with in the form in which the file has them.
struct WeightConversion
{
    enum class Form : std::uint8_t {
        EightBits,  ///< 8-bit levels, 32 of them with one scale
        Floats,     ///< float32, a row at a time: slow, where the columns fit no block
        HalfFloats, ///< bfloat16, where a GPU has no kernel for the type
    };
    std::string type; ///< in the file: "Q2_K"
    Form form = Form::EightBits;
    std::uint32_t tensors = 0;
    std::uint64_t fileBytes = 0, bytes = 0; ///< there and in memory
};

} // namespace vitrine::engine
