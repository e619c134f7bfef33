// SPDX-License-Identifier: GPL-3.0-or-later
// A device that has some of a layer's experts, others the rest: which pairs of token and expert are its own.
#pragma once

#include <cstdint>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// chosen[pair] becomes chosen[pair] - first where that is an expert of [first, first + count), else -1: no
/// expert. Device memory.
Status keepExperts(std::int32_t* chosen, std::int64_t pairs, std::int64_t first, std::int64_t count,
                   Stream stream);

} // namespace vitrine::kernels::cuda
