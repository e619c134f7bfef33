// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of a GGUF tensor to float32, exact to float32 rounding. The scalar reference that every
// other kernel is tested against. No state; any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/quant_type.h"

namespace vitrine::kernels::cpu {

/// True when `dequantize` knows the type.
bool canDequantize(QuantType type);

/// `source` holds `count` / blockValues blocks; `count` is a multiple of blockValues; `target` takes `count`
/// floats. REQUIRES: canDequantize(type).
void dequantize(QuantType type, const std::uint8_t* source, float* target, std::size_t count);

} // namespace vitrine::kernels::cpu
