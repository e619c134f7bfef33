// SPDX-License-Identifier: GPL-3.0-or-later
#include "matrix_kernels.h"

#include "kernels/cuda/mma.h"

namespace {

using namespace vitrine::kernels::cuda;

__device__ void multiply(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], __nv_bfloat16)
{
    mmaBf16(d, a, b);
}

__device__ void multiply(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], __half)
{
    mmaHalf(d, a, b);
}

__device__ void multiply(int (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], signed char)
{
    mmaInt8(d, a, b);
}

template<typename Element, typename Result>
__global__ void product(Result* d, const Element* a, const Element* b)
{
    constexpr int kPacked = 4 / int(sizeof(Element));
    constexpr int kDepth = 8 * kPacked;
    const int group = int(threadIdx.x) / 4;
    const int part = int(threadIdx.x) % 4;
    union {
        Element elements[4 * kPacked];
        unsigned words[4];
    } left;
    union {
        Element elements[2 * kPacked];
        unsigned words[2];
    } right;
    for (int i = 0; i < kPacked; ++i) {
        for (int half = 0; half < 2; ++half) {
            const int depth = part * kPacked + i + half * kDepth / 2;
            left.elements[half * 2 * kPacked + i] = a[group * kDepth + depth];
            left.elements[(half * 2 + 1) * kPacked + i] = a[(group + 8) * kDepth + depth];
            right.elements[half * kPacked + i] = b[depth * 8 + group];
        }
    }
    const int first = group * 8 + part * 2;
    Result sums[4] = {d[first], d[first + 1], d[first + 64], d[first + 65]};
    multiply(sums, left.words, right.words, Element());
    d[first] = sums[0];
    d[first + 1] = sums[1];
    d[first + 64] = sums[2];
    d[first + 65] = sums[3];
}

__global__ void loadedProduct(float* d, const __nv_bfloat16* a, const __nv_bfloat16* b)
{
    __shared__ __align__(16) __nv_bfloat16 left[16][16];
    __shared__ __align__(16) __nv_bfloat16 right[16][8];
    const int lane = int(threadIdx.x);
    for (int i = lane; i < 256; i += 32)
        left[i / 16][i % 16] = a[i];
    for (int i = lane; i < 128; i += 32)
        right[i / 8][i % 8] = b[i];
    __syncwarp();
    unsigned fragmentA[4];
    unsigned fragmentB[2];
    loadMatrices(fragmentA, &left[lane % 16][lane / 16 * 8]);
    loadTransposed(fragmentB, &right[lane % 16][0]);
    float sums[4] = {};
    mmaBf16(sums, fragmentA, fragmentB);
    const int first = lane / 4 * 8 + lane % 4 * 2;
    d[first] = sums[0];
    d[first + 1] = sums[1];
    d[first + 64] = sums[2];
    d[first + 65] = sums[3];
}

__global__ void productWithoutALane(float* d)
{
    const unsigned a[4] = {};
    const unsigned b[2] = {};
    float sums[4] = {};
    if (threadIdx.x != 3)
        mmaBf16(sums, a, b);
    d[threadIdx.x] = sums[0];
}

__global__ void functions(float* results, float x, float y)
{
    const float values[kFunctions] = {
        __expf(x),
        rsqrtf(x),
        __fdividef(x, y),
        __half2float(__hfma(__float2half(x), __float2half(y), __float2half(1.0F))),
        __bfloat162float(hexp2(__float2bfloat16(x))),
        float(__float2int_rn(x + 0.5F)),
        __low2float(__hmul2(__floats2half2_rn(x, y), __floats2half2_rn(y, y))),
        float(__dp4a(0x01FF0203, 0x02020202, 7)),
        float(__popc(unsigned(x) | 0x100U)),
        float(__byte_perm(0x33221100U, 0x77665544U, 0x0007U) >> 8),
        fmaxf(__int_as_float(-1), x),
        float(__vsubss4(0x80000000U, 0x01000000U) >> 24),
    };
    for (int i = 0; i < kFunctions; ++i)
        results[i] = values[i];
}

} // namespace

void launchProduct(float* d, const __nv_bfloat16* a, const __nv_bfloat16* b)
{
    VT_LAUNCH((product<__nv_bfloat16, float>), 1, 32, 0, nullptr, d, a, b);
}

void launchProduct(float* d, const __half* a, const __half* b)
{
    VT_LAUNCH((product<__half, float>), 1, 32, 0, nullptr, d, a, b);
}

void launchProduct(int* d, const signed char* a, const signed char* b)
{
    VT_LAUNCH((product<signed char, int>), 1, 32, 0, nullptr, d, a, b);
}

void launchLoadedProduct(float* d, const __nv_bfloat16* a, const __nv_bfloat16* b)
{
    VT_LAUNCH(loadedProduct, 1, 32, 0, nullptr, d, a, b);
}

void launchProductWithoutALane(float* d)
{
    VT_LAUNCH(productWithoutALane, 1, 32, 0, nullptr, d);
}

void launchFunctions(float* results, float x, float y)
{
    VT_LAUNCH(functions, 1, 1, 0, nullptr, results, x, y);
}
