// SPDX-License-Identifier: GPL-3.0-or-later
// The token of the largest logit of each row.
#pragma once

#include <cstdint>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// The lowest id among equals; NaN counts as -inf; 0 where nothing is larger than that.
/// logits [rows, vocab] float32, best [rows].
Status bestTokens(const float* logits, std::int64_t rows, std::int64_t vocab, std::int32_t* best,
                  Stream stream);

} // namespace vitrine::kernels::cuda
