// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/dequantize.h"

#include <cassert>

#include "kernels/cpu/dequantize_blocks.h"

namespace vitrine::kernels::cpu {

namespace {

DequantizeFunction functionFor(QuantType type)
{
    switch (type) {
    case QuantType::F32:
        return dequantizeF32;
    case QuantType::F16:
        return dequantizeF16;
    case QuantType::BF16:
        return dequantizeBf16;
    case QuantType::Q4_0:
        return dequantizeQ4_0;
    case QuantType::Q4_1:
        return dequantizeQ4_1;
    case QuantType::Q5_0:
        return dequantizeQ5_0;
    case QuantType::Q5_1:
        return dequantizeQ5_1;
    case QuantType::Q8_0:
        return dequantizeQ8_0;
    case QuantType::Q2_K:
        return dequantizeQ2_K;
    case QuantType::Q3_K:
        return dequantizeQ3_K;
    case QuantType::Q4_K:
        return dequantizeQ4_K;
    case QuantType::Q5_K:
        return dequantizeQ5_K;
    case QuantType::Q6_K:
        return dequantizeQ6_K;
    case QuantType::IQ1_S:
        return dequantizeIq1S;
    case QuantType::IQ1_M:
        return dequantizeIq1M;
    case QuantType::IQ2_XXS:
        return dequantizeIq2Xxs;
    case QuantType::IQ2_XS:
        return dequantizeIq2Xs;
    case QuantType::IQ2_S:
        return dequantizeIq2S;
    case QuantType::IQ3_XXS:
        return dequantizeIq3Xxs;
    case QuantType::IQ3_S:
        return dequantizeIq3S;
    case QuantType::IQ4_NL:
        return dequantizeIq4Nl;
    case QuantType::IQ4_XS:
        return dequantizeIq4Xs;
    case QuantType::TQ1_0:
        return dequantizeTq1_0;
    case QuantType::TQ2_0:
        return dequantizeTq2_0;
    case QuantType::MXFP4:
        return dequantizeMxfp4;
    default: // integers, float64 and the types that only exist while computing
        return nullptr;
    }
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
