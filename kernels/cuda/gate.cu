// SPDX-License-Identifier: GPL-3.0-or-later
// Eight values a thread. Bound by memory: 6 bytes a value in BF16 (two read, one written), about 10 FLOPs.
#include "kernels/cuda/device.h"

#include "kernels/cuda/gate.h"
#include "kernels/cuda/row_values.cuh"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

template<GateKind Kind>
__device__ float activate(float x)
{
    if constexpr (Kind == GateKind::Silu)
        return x / (1.0F + expf(-x));
    const float inner = 0.7978845608F * (x + 0.044715F * x * x * x);
    return 0.5F * x * (1.0F + tanhf(inner));
}

template<GateKind Kind>
__device__ float gated(float gate, float up)
{
    if constexpr (Kind == GateKind::ClampedSilu) {
        constexpr float kLimit = 7.0F, kSlope = 1.702F;
        const float g = gate > kLimit ? kLimit : gate; // NaN stays
        const float u = up > kLimit ? kLimit : up < -kLimit ? -kLimit : up;
        return (u + 1.0F) * (g / (1.0F + expf(-kSlope * g)));
    } else {
        return activate<Kind>(gate) * up;
    }
}

/// Width values of a row at `column`.
template<GateKind Kind, int Width, class T>
__device__ void gatePiece(const T* row, std::int64_t ffn, std::int64_t column, T* out)
{
    if constexpr (Width == 8) {
        float gates[8], ups[8];
        readEight(row + column, gates);
        readEight(row + ffn + column, ups);
#pragma unroll
        for (int i = 0; i < 8; ++i)
            gates[i] = gated<Kind>(gates[i], ups[i]);
        writeEight(out + column, gates);
    } else {
        writeValue(out + column, gated<Kind>(readValue(row + column), readValue(row + ffn + column)));
    }
}

template<GateKind Kind, int Width, class T>
__global__ void __launch_bounds__(kThreads)
    gateRows(const T* gateUp, std::int64_t tokens, std::int64_t ffn, T* out)
{
    const std::int64_t column = (std::int64_t{blockIdx.x} * kThreads + threadIdx.x) * Width;
    if (column >= ffn)
        return;
    for (std::int64_t token = blockIdx.y; token < tokens; token += gridDim.y)
        gatePiece<Kind, Width>(gateUp + token * 2 * ffn, ffn, column, out + token * ffn);
}

template<GateKind Kind, int Width, class T>
Status launch(const void* gateUp, std::int64_t tokens, std::int64_t ffn, void* out, Stream stream)
{
    const std::int64_t blocks = divideUp<std::int64_t>(ffn, kThreads * Width);
    if (blocks > kMostBlocksX)
        return refused();
    const dim3 grid(static_cast<unsigned>(blocks), blocksFor(tokens, kMostBlocksY));
    VT_LAUNCH((gateRows<Kind, Width, T>), grid, kThreads, 0, stream, static_cast<const T*>(gateUp), tokens,
              ffn, static_cast<T*>(out));
    return launched();
}

template<GateKind Kind, class T>
Status launchFor(const void* gateUp, std::int64_t tokens, std::int64_t ffn, void* out, Stream stream)
{
    return ffn % 8 == 0 ? launch<Kind, 8, T>(gateUp, tokens, ffn, out, stream)
                        : launch<Kind, 1, T>(gateUp, tokens, ffn, out, stream);
}

template<class T>
Status launchKind(GateKind kind, const void* gateUp, std::int64_t tokens, std::int64_t ffn, void* out,
                  Stream stream)
{
    switch (kind) {
    case GateKind::Silu:
        return launchFor<GateKind::Silu, T>(gateUp, tokens, ffn, out, stream);
    case GateKind::GeluTanh:
        return launchFor<GateKind::GeluTanh, T>(gateUp, tokens, ffn, out, stream);
    case GateKind::ClampedSilu:
        return launchFor<GateKind::ClampedSilu, T>(gateUp, tokens, ffn, out, stream);
    }
    return refused();
}

} // namespace

Status gate(GateKind kind, Number number, const void* gateUp, std::int64_t tokens, std::int64_t ffn,
            void* out, Stream stream)
{
    if (tokens <= 0 || ffn <= 0)
        return {};
    return number == Number::F32 ? launchKind<float>(kind, gateUp, tokens, ffn, out, stream)
                                 : launchKind<BFloat16>(kind, gateUp, tokens, ffn, out, stream);
}

} // namespace vitrine::kernels::cuda
