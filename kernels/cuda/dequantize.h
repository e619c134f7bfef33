// SPDX-License-Identifier: GPL-3.0-or-later
// Matrices of GGUF blocks as plain numbers, for products by cuBLAS.
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"
#include "kernels/quant_type.h"

namespace vitrine::kernels::cuda {

/// Whether kernels read this type as it lies in the file; other types are converted when a model is loaded.
bool hasDeviceForm(QuantType type);

/// out[i] for `values` values (whole blocks), in the order of the file. `blocks` and `out` start on 16 bytes,
/// or lie some whole blocks behind such a start.
Status dequantizeBlocks(QuantType type, const std::uint8_t* blocks, std::int64_t values, Number number,
                        void* out, Stream stream);

} // namespace vitrine::kernels::cuda
