// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the token embedding, dequantised on the way.
#pragma once

#include <cstdint>

#include "kernels/cuda/status.h"
#include "kernels/quant_type.h"

namespace vitrine::kernels::cuda {

/// residual[i] = table[tokens[i]] * scale, zeros where the token is negative. `table`: [vocab, columns] as in
/// the file, of a type that hasDeviceForm() accepts; residual [count, columns]. Device memory.
Status gatherEmbeddings(QuantType type, const std::uint8_t* table, std::int64_t columns,
                        const std::int32_t* tokens, std::int64_t count, float scale, float* residual,
                        Stream stream);

} // namespace vitrine::kernels::cuda
