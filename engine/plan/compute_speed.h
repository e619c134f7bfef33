// SPDX-License-Identifier: GPL-3.0-or-later
// How fast this machine multiplies with a model's matrices. Measured anew at each call; any thread.
#pragma once

#include <cstdint>

#include "engine/model/model.h"

namespace vitrine::engine {

/// Multiply-adds a second of the matrix kernel in use with everything in cache, `threads` threads together:
/// takes a fifth of a second. 0 when the model's matrices have a type that is computed without packing.
double measureMultiplyAdds(const Model& model, std::uint32_t threads, bool deterministic);

} // namespace vitrine::engine
