// SPDX-License-Identifier: GPL-3.0-or-later
// One function a tensor type: `count` values (whole blocks) from `source` to `target`. Private to dequantize.
// Block layouts: https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::kernels::cpu {

using DequantizeFunction = void (*)(const std::uint8_t* source, float* target, std::size_t count);

void dequantizeF32(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeF16(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeBf16(const std::uint8_t* source, float* target, std::size_t count);

void dequantizeQ4_0(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeQ4_1(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeQ5_0(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeQ5_1(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeQ8_0(const std::uint8_t* source, float* target, std::size_t count);

void dequantizeQ2_K(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeQ3_K(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeQ4_K(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeQ5_K(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeQ6_K(const std::uint8_t* source, float* target, std::size_t count);

void dequantizeIq1S(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeIq1M(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeIq2Xxs(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeIq2Xs(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeIq2S(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeIq3Xxs(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeIq3S(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeIq4Nl(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeIq4Xs(const std::uint8_t* source, float* target, std::size_t count);

void dequantizeTq1_0(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeTq2_0(const std::uint8_t* source, float* target, std::size_t count);
void dequantizeMxfp4(const std::uint8_t* source, float* target, std::size_t count);

} // namespace vitrine::kernels::cpu
