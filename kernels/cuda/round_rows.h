// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of float32 in the number that products read.
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// out[i] = values[i], of `number`. Device memory.
Status roundRows(const float* values, std::int64_t count, Number number, void* out, Stream stream);

} // namespace vitrine::kernels::cuda
