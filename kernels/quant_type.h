// SPDX-License-Identifier: GPL-3.0-or-later
// The tensor element types of GGUF files, by their numbers in the file format
// (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), and the size of their blocks.
#pragma once

#include <cstdint>

namespace vitrine::kernels {

enum class QuantType : std::uint32_t {
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q8_1 = 9,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    Q8_K = 15,
    IQ2_XXS = 16,
    IQ2_XS = 17,
    IQ3_XXS = 18,
    IQ1_S = 19,
    IQ4_NL = 20,
    IQ3_S = 21,
    IQ2_S = 22,
    IQ4_XS = 23,
    I8 = 24,
    I16 = 25,
    I32 = 26,
    I64 = 27,
    F64 = 28,
    IQ1_M = 29,
    BF16 = 30,
    TQ1_0 = 34,
    TQ2_0 = 35,
    MXFP4 = 39,
};

struct QuantInfo
{
    const char* name = nullptr;    ///< as in GGUF tools, "Q4_K"
    std::uint32_t blockValues = 0; ///< values in one block; 0: unknown type
    std::uint32_t blockBytes = 0;  ///< bytes of one block in the file
};

/// Name and block size; `blockValues` is 0 for a number that is not a type.
QuantInfo quantInfo(QuantType type);

} // namespace vitrine::kernels
