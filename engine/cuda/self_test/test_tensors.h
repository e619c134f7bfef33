// SPDX-License-Identifier: GPL-3.0-or-later
// Random matrices as they lie in files, for the checks that read them. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/model/synthetic_blocks.h"
#include "kernels/quant_type.h"

namespace vitrine::engine {

/// Every type that kernels of the device read.
std::vector<kernels::QuantType> deviceTypes();
/// Bytes of whole blocks with finite values of about the size of weights; `values` a multiple of a block's.
std::vector<std::uint8_t> drawTensor(kernels::QuantType type, std::size_t values, SyntheticRandom& random);
/// What the blocks are worth, one number a value.
std::vector<float> tensorFloats(kernels::QuantType type, const std::vector<std::uint8_t>& tensor);

} // namespace vitrine::engine
