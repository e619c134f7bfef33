// SPDX-License-Identifier: GPL-3.0-or-later
// The soft cap that some models put on their logits (Gemma Team 2024, https://arxiv.org/abs/2408.00118).
#pragma once

#include <cstdint>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// values[i] = cap * tanh(values[i] / cap). Device memory. REQUIRES: cap > 0.
Status softCap(float* values, std::int64_t count, float cap, Stream stream);

} // namespace vitrine::kernels::cuda
