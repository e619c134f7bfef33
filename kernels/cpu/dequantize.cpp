// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/dequantize.h"

#include <cassert>

#include "kernels/cpu/dequantize_blocks.h"

namespace vitrine::kernels::cpu {

namespace {

struct Entry
{
    QuantType type;
    DequantizeFunction function;
};

// Integers, float64 and the types that only exist while computing are left out.
constexpr Entry kEntries[] = {
    {QuantType::F32, dequantizeF32},        {QuantType::F16, dequantizeF16},
    {QuantType::BF16, dequantizeBf16},      {QuantType::Q4_0, dequantizeQ4_0},
    {QuantType::Q4_1, dequantizeQ4_1},      {QuantType::Q5_0, dequantizeQ5_0},
    {QuantType::Q5_1, dequantizeQ5_1},      {QuantType::Q8_0, dequantizeQ8_0},
    {QuantType::Q2_K, dequantizeQ2_K},      {QuantType::Q3_K, dequantizeQ3_K},
    {QuantType::Q4_K, dequantizeQ4_K},      {QuantType::Q5_K, dequantizeQ5_K},
    {QuantType::Q6_K, dequantizeQ6_K},      {QuantType::IQ1_S, dequantizeIq1S},
    {QuantType::IQ1_M, dequantizeIq1M},     {QuantType::IQ2_XXS, dequantizeIq2Xxs},
    {QuantType::IQ2_XS, dequantizeIq2Xs},   {QuantType::IQ2_S, dequantizeIq2S},
    {QuantType::IQ3_XXS, dequantizeIq3Xxs}, {QuantType::IQ3_S, dequantizeIq3S},
    {QuantType::IQ4_NL, dequantizeIq4Nl},   {QuantType::IQ4_XS, dequantizeIq4Xs},
    {QuantType::TQ1_0, dequantizeTq1_0},    {QuantType::TQ2_0, dequantizeTq2_0},
    {QuantType::MXFP4, dequantizeMxfp4},
};

DequantizeFunction functionFor(QuantType type)
{
    for (const Entry& entry : kEntries) {
        if (entry.type == type)
            return entry.function;
    }
    return nullptr;
}

} // namespace

bool canDequantize(QuantType type)
{
    return functionFor(type) != nullptr;
}

void dequantize(QuantType type, const std::uint8_t* source, float* target, std::size_t count)
{
    const DequantizeFunction function = functionFor(type);
    assert(function != nullptr && count % quantInfo(type).blockValues == 0);
    function(source, target, count);
}

} // namespace vitrine::kernels::cpu
