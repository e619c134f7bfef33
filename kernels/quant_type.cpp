// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/quant_type.h"

namespace vitrine::kernels {

QuantInfo quantInfo(QuantType type)
{
    switch (type) {
    case QuantType::F32:
        return {"F32", 1, 4};
    case QuantType::F16:
        return {"F16", 1, 2};
    case QuantType::BF16:
        return {"BF16", 1, 2};
    case QuantType::F64:
        return {"F64", 1, 8};
    case QuantType::I8:
        return {"I8", 1, 1};
    case QuantType::I16:
        return {"I16", 1, 2};
    case QuantType::I32:
        return {"I32", 1, 4};
    case QuantType::I64:
        return {"I64", 1, 8};
    case QuantType::Q4_0:
        return {"Q4_0", 32, 18};
    case QuantType::Q4_1:
        return {"Q4_1", 32, 20};
    case QuantType::Q5_0:
        return {"Q5_0", 32, 22};
    case QuantType::Q5_1:
        return {"Q5_1", 32, 24};
    case QuantType::Q8_0:
        return {"Q8_0", 32, 34};
    case QuantType::Q8_1:
        return {"Q8_1", 32, 36};
    case QuantType::Q2_K:
        return {"Q2_K", 256, 84};
    case QuantType::Q3_K:
        return {"Q3_K", 256, 110};
    case QuantType::Q4_K:
        return {"Q4_K", 256, 144};
    case QuantType::Q5_K:
        return {"Q5_K", 256, 176};
    case QuantType::Q6_K:
        return {"Q6_K", 256, 210};
    case QuantType::Q8_K:
        return {"Q8_K", 256, 292};
    case QuantType::IQ2_XXS:
        return {"IQ2_XXS", 256, 66};
    case QuantType::IQ2_XS:
        return {"IQ2_XS", 256, 74};
    case QuantType::IQ2_S:
        return {"IQ2_S", 256, 82};
    case QuantType::IQ3_XXS:
        return {"IQ3_XXS", 256, 98};
    case QuantType::IQ3_S:
        return {"IQ3_S", 256, 110};
    case QuantType::IQ1_S:
        return {"IQ1_S", 256, 50};
    case QuantType::IQ1_M:
        return {"IQ1_M", 256, 56};
    case QuantType::IQ4_NL:
        return {"IQ4_NL", 32, 18};
    case QuantType::IQ4_XS:
        return {"IQ4_XS", 256, 136};
    case QuantType::TQ1_0:
        return {"TQ1_0", 256, 54};
    case QuantType::TQ2_0:
        return {"TQ2_0", 256, 66};
    case QuantType::MXFP4:
        return {"MXFP4", 32, 17};
    }
    return {};
}

} // namespace vitrine::kernels
