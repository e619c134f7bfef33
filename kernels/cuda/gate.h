// SPDX-License-Identifier: GPL-3.0-or-later
// The gated activations of a feed-forward part: SwiGLU and GeGLU (Shazeer 2020).
#pragma once

#include <cstdint>

#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

enum class GateKind : std::uint8_t { Silu, GeluTanh };

/// out = activation(gate) * up. `gateUp`: [tokens, 2 * ffn], gate before up in each row; out [tokens, ffn].
Status gate(GateKind kind, Number number, const void* gateUp, std::int64_t tokens, std::int64_t ffn,
            void* out, Stream stream);

} // namespace vitrine::kernels::cuda
