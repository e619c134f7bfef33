// SPDX-License-Identifier: GPL-3.0-or-later
// The gated activations of a feed-forward part: SwiGLU and GeGLU (Shazeer 2020).
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// ClampedSilu: gate at most 7, up within ±7, then (up + 1) * gate * sigmoid(1.702 * gate).
enum class GateKind : std::uint8_t { Silu, GeluTanh, ClampedSilu };

/// out = activation(gate) * up, or as the kind says. `gateUp`: [tokens, 2 * ffn], gate before up in each row;
/// out [tokens, ffn].
Status gate(GateKind kind, Number number, const void* gateUp, std::int64_t tokens, std::int64_t ffn,
            void* out, Stream stream);

} // namespace vitrine::kernels::cuda
