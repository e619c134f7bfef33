// SPDX-License-Identifier: GPL-3.0-or-later
// What kernels over rows share: numbers of rows as float32, several at a time, and sums over warps and blocks
// in an order that depends on the shape alone.
#pragma once

#include <cstdint>

#include "kernels/cuda/device.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

using BFloat16 = __nv_bfloat16;

inline constexpr unsigned kAllLanes = 0xFFFFFFFFU;
inline constexpr int kWarp = 32;
inline constexpr std::int64_t kMostBlocksX = 0x7FFFFFFF;
inline constexpr std::int64_t kMostBlocksY = 65535;

/// What the launches before it came to.
inline Status launched()
{
    return Status{static_cast<int>(cudaPeekAtLastError())};
}

inline Status refused()
{
    return Status{static_cast<int>(cudaErrorInvalidValue)};
}

template<class T>
__host__ __device__ constexpr T divideUp(T value, T by)
{
    return (value + by - 1) / by;
}

/// A grid that covers `count` or is as large as may be: kernels go on by gridDim.
inline unsigned blocksFor(std::int64_t count, std::int64_t most)
{
    return static_cast<unsigned>(count < most ? count : most);
}

__device__ inline float bf16BitsToFloat(std::uint32_t bits)
{
    return __uint_as_float(bits << 16U);
}

__device__ inline float readValue(const float* from)
{
    return *from;
}

__device__ inline float readValue(const BFloat16* from)
{
    return __bfloat162float(*from);
}

__device__ inline float readValue(const __half* from)
{
    return __half2float(*from);
}

__device__ inline void writeValue(float* to, float value)
{
    *to = value;
}

__device__ inline void writeValue(BFloat16* to, float value)
{
    *to = __float2bfloat16_rn(value);
}

__device__ inline std::uint32_t packBf16(float low, float high)
{
    const std::uint32_t first = __bfloat16_as_ushort(__float2bfloat16_rn(low));
    return first | static_cast<std::uint32_t>(__bfloat16_as_ushort(__float2bfloat16_rn(high))) << 16U;
}

/// Four values; float32 from 16 bytes, others from 8. REQUIRES: `from` lies on such a boundary.
__device__ inline float4 readFour(const float* from)
{
    return *reinterpret_cast<const float4*>(from);
}

__device__ inline float4 readFour(const BFloat16* from)
{
    const uint2 bits = *reinterpret_cast<const uint2*>(from);
    return make_float4(bf16BitsToFloat(bits.x), __uint_as_float(bits.x & 0xFFFF0000U),
                       bf16BitsToFloat(bits.y), __uint_as_float(bits.y & 0xFFFF0000U));
}

__device__ inline void writeFour(float* to, float4 values)
{
    *reinterpret_cast<float4*>(to) = values;
}

__device__ inline void writeFour(BFloat16* to, float4 values)
{
    *reinterpret_cast<uint2*>(to) = make_uint2(packBf16(values.x, values.y), packBf16(values.z, values.w));
}

/// Eight values by loads of 16 bytes. REQUIRES: `from` lies on 16 bytes.
__device__ inline void readEight(const float* from, float (&values)[8])
{
    const float4 low = readFour(from);
    const float4 high = readFour(from + 4);
    values[0] = low.x;
    values[1] = low.y;
    values[2] = low.z;
    values[3] = low.w;
    values[4] = high.x;
    values[5] = high.y;
    values[6] = high.z;
    values[7] = high.w;
}

__device__ inline void readEight(const BFloat16* from, float (&values)[8])
{
    const uint4 bits = *reinterpret_cast<const uint4*>(from);
    const std::uint32_t words[4] = {bits.x, bits.y, bits.z, bits.w};
#pragma unroll
    for (int i = 0; i < 4; ++i) {
        values[2 * i] = bf16BitsToFloat(words[i]);
        values[2 * i + 1] = __uint_as_float(words[i] & 0xFFFF0000U);
    }
}

__device__ inline void readEight(const __half* from, float (&values)[8])
{
    const uint4 bits = *reinterpret_cast<const uint4*>(from);
    const std::uint32_t words[4] = {bits.x, bits.y, bits.z, bits.w};
#pragma unroll
    for (int i = 0; i < 4; ++i) {
        values[2 * i] = __half2float(__ushort_as_half(static_cast<unsigned short>(words[i] & 0xFFFFU)));
        values[2 * i + 1] = __half2float(__ushort_as_half(static_cast<unsigned short>(words[i] >> 16U)));
    }
}

__device__ inline void writeEight(float* to, const float (&values)[8])
{
    writeFour(to, make_float4(values[0], values[1], values[2], values[3]));
    writeFour(to + 4, make_float4(values[4], values[5], values[6], values[7]));
}

__device__ inline void writeEight(BFloat16* to, const float (&values)[8])
{
    *reinterpret_cast<uint4*>(to) =
        make_uint4(packBf16(values[0], values[1]), packBf16(values[2], values[3]),
                   packBf16(values[4], values[5]), packBf16(values[6], values[7]));
}

/// In every lane. REQUIRES: a whole warp.
__device__ inline float warpSum(float value)
{
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2)
        value += __shfl_xor_sync(kAllLanes, value, distance);
    return value;
}

/// In every thread. `partial` [32] is shared and may be used again at once. REQUIRES: whole warps, at
/// most 32.
__device__ inline float blockSum(float value, float* partial)
{
    const unsigned lane = threadIdx.x % kWarp;
    value = warpSum(value);
    if (lane == 0)
        partial[threadIdx.x / kWarp] = value;
    __syncthreads();
    value = warpSum(lane < blockDim.x / kWarp ? partial[lane] : 0.0F);
    __syncthreads();
    return value;
}

} // namespace vitrine::kernels::cuda
