// SPDX-License-Identifier: GPL-3.0-or-later
// What a layer does to single rows of activations, behind one table a variant. Any length; rows need no
// alignment. Pure functions over the caller's memory; any thread.
#pragma once

#include <cstdint>

#include "kernels/cpu/isa.h"

namespace vitrine::kernels::cpu {

struct VectorOperations
{
    Isa isa;

    /// out = x / sqrt(mean(x²) + epsilon) * weight; `out` may be `x`.
    void (*rmsNorm)(const float* x, const float* weight, std::int64_t count, float epsilon, float* out);
    /// x += y
    void (*add)(float* x, const float* y, std::int64_t count);
    /// x *= factor
    void (*scale)(float* x, float factor, std::int64_t count);
    /// out = silu(gate) * up; `out` may be `gate` or `up`.
    void (*siluGate)(const float* gate, const float* up, std::int64_t count, float* out);
    /// out = gelu(gate) * up in the tanh form; `out` may be `gate` or `up`.
    void (*geluGate)(const float* gate, const float* up, std::int64_t count, float* out);
    /// out = (u + 1) * g * sigmoid(1.702 * g) with g the gate, at most 7, and u up, within ±7; `out` may be
    /// `gate` or `up`.
    void (*clampedSiluGate)(const float* gate, const float* up, std::int64_t count, float* out);
    /// x = cap * tanh(x / cap). REQUIRES: cap > 0.
    void (*softCap)(float* x, std::int64_t count, float cap);
    /// Rotates one head in place: x[i] = x[i] * cosines[i] + x[partner(i)] * sines[i] with partner(i) = i ^ 1
    /// (interleaved) or (i + headDim / 2) % headDim (halves). The sines carry the sign. headDim is even.
    void (*ropeInterleaved)(float* x, const float* cosines, const float* sines, std::int64_t headDim);
    void (*ropeHalves)(float* x, const float* cosines, const float* sines, std::int64_t headDim);
    /// The largest of the values, NaN passed over; -inf when there is none.
    float (*largest)(const float* x, std::int64_t count);
    /// Reads everything as fast as memory gives it, asking ahead as the matrix products do; the result only
    /// keeps the compiler from leaving that out. Measures bandwidth.
    float (*readThrough)(const float* x, std::int64_t count);
    /// out[i] = exp((x[i] - top) * scale): relative error below 3e-7 near the top, and what rounding the
    /// argument adds far from it; exactly 0 from about e^-87.7 on and for NaN. The result is their sum in
    /// kSumLanes lanes. Every variant gives the same bits. REQUIRES: top is finite and no x is larger; scale
    /// > 0.
    float (*expWeights)(const float* x, std::int64_t count, float top, float scale, float* out);
};

inline constexpr std::int64_t kSumLanes = 16;
inline constexpr float kGateLimit = 7.0F, kGateSlope = 1.702F; ///< of clampedSiluGate

/// The variant for this instruction set, or the best one below it. REQUIRES: supports(isa).
const VectorOperations& vectorOperations(Isa isa);

// The variants themselves, for tests.
extern const VectorOperations kVectorScalar;
extern const VectorOperations kVectorAvx2;
extern const VectorOperations kVectorAvx512;

} // namespace vitrine::kernels::cpu
