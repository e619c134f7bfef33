// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/quant_type.h"

#include <algorithm>
#include <iterator>

namespace vitrine::kernels {

namespace {

struct QuantRow
{
    QuantType type;
    QuantInfo info; // name, values and bytes of a block
};

// clang-format off
constexpr QuantRow kQuantTypes[] = {
    {QuantType::F32, {"F32", 1, 4}},
    {QuantType::F16, {"F16", 1, 2}},
    {QuantType::BF16, {"BF16", 1, 2}},
    {QuantType::F64, {"F64", 1, 8}},
    {QuantType::I8, {"I8", 1, 1}},
    {QuantType::I16, {"I16", 1, 2}},
    {QuantType::I32, {"I32", 1, 4}},
    {QuantType::I64, {"I64", 1, 8}},
    {QuantType::Q4_0, {"Q4_0", 32, 18}},
    {QuantType::Q4_1, {"Q4_1", 32, 20}},
    {QuantType::Q5_0, {"Q5_0", 32, 22}},
    {QuantType::Q5_1, {"Q5_1", 32, 24}},
    {QuantType::Q8_0, {"Q8_0", 32, 34}},
    {QuantType::Q8_1, {"Q8_1", 32, 36}},
    {QuantType::Q2_K, {"Q2_K", 256, 84}},
    {QuantType::Q3_K, {"Q3_K", 256, 110}},
    {QuantType::Q4_K, {"Q4_K", 256, 144}},
    {QuantType::Q5_K, {"Q5_K", 256, 176}},
    {QuantType::Q6_K, {"Q6_K", 256, 210}},
    {QuantType::Q8_K, {"Q8_K", 256, 292}},
    {QuantType::IQ2_XXS, {"IQ2_XXS", 256, 66}},
    {QuantType::IQ2_XS, {"IQ2_XS", 256, 74}},
    {QuantType::IQ2_S, {"IQ2_S", 256, 82}},
    {QuantType::IQ3_XXS, {"IQ3_XXS", 256, 98}},
    {QuantType::IQ3_S, {"IQ3_S", 256, 110}},
    {QuantType::IQ1_S, {"IQ1_S", 256, 50}},
    {QuantType::IQ1_M, {"IQ1_M", 256, 56}},
    {QuantType::IQ4_NL, {"IQ4_NL", 32, 18}},
    {QuantType::IQ4_XS, {"IQ4_XS", 256, 136}},
    {QuantType::TQ1_0, {"TQ1_0", 256, 54}},
    {QuantType::TQ2_0, {"TQ2_0", 256, 66}},
    {QuantType::MXFP4, {"MXFP4", 32, 17}},
};
// clang-format on

} // namespace

QuantInfo quantInfo(QuantType type)
{
    const auto* row = std::find_if(std::begin(kQuantTypes), std::end(kQuantTypes),
                                   [type](const QuantRow& candidate) { return candidate.type == type; });
    return row == std::end(kQuantTypes) ? QuantInfo{} : row->info;
}

} // namespace vitrine::kernels
