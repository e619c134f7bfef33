// SPDX-License-Identifier: GPL-3.0-or-later
// The plain form of the row operations, against which the vector forms are tested.
#include <cmath>
#include <limits>

#include "kernels/cpu/vector_operations.h"

namespace vitrine::kernels::cpu {

namespace {

void rmsNorm(const float* x, const float* weight, std::int64_t count, float epsilon, float* out)
{
    double squares = 0;
    for (std::int64_t i = 0; i < count; ++i)
        squares += static_cast<double>(x[i]) * x[i];
    const auto factor = static_cast<float>(1.0 / std::sqrt(squares / static_cast<double>(count) + epsilon));
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = x[i] * factor * weight[i];
}

void add(float* x, const float* y, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i)
        x[i] += y[i];
}

void scale(float* x, float factor, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i)
        x[i] *= factor;
}

void siluGate(const float* gate, const float* up, std::int64_t count, float* out)
{
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = gate[i] / (1.0F + std::exp(-gate[i])) * up[i];
}

void geluGate(const float* gate, const float* up, std::int64_t count, float* out)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const float x = gate[i];
        const float inner = 0.7978845608F * (x + 0.044715F * x * x * x);
        out[i] = 0.5F * x * (1.0F + std::tanh(inner)) * up[i];
    }
}

void ropeInterleaved(float* x, const float* cosines, const float* sines, std::int64_t headDim)
{
    for (std::int64_t i = 0; i < headDim; i += 2) {
        const float a = x[i];
        const float b = x[i + 1];
        x[i] = a * cosines[i] + b * sines[i];
        x[i + 1] = b * cosines[i + 1] + a * sines[i + 1];
    }
}

void ropeHalves(float* x, const float* cosines, const float* sines, std::int64_t headDim)
{
    const std::int64_t half = headDim / 2;
    for (std::int64_t i = 0; i < half; ++i) {
        const float a = x[i];
        const float b = x[i + half];
        x[i] = a * cosines[i] + b * sines[i];
        x[i + half] = b * cosines[i + half] + a * sines[i + half];
    }
}

float largest(const float* x, std::int64_t count)
{
    float best = -std::numeric_limits<float>::infinity();
    for (std::int64_t i = 0; i < count; ++i)
        best = x[i] > best ? x[i] : best;
    return best;
}

} // namespace

const VectorOperations kVectorScalar{Isa::Scalar, rmsNorm,         add,        scale,  siluGate,
                                     geluGate,    ropeInterleaved, ropeHalves, largest};

} // namespace vitrine::kernels::cpu
