// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products of a warp on tensor cores (compute capability 8.0), in the fragment layout of PTX, and the
// loads that bring fragments from shared memory. All 32 lanes call them together.
//   A 16×K by rows, B K×8 by columns, D 16×8:  lane = 4 · group + part
//   half, bf16 (K 16)  a[0] row group,     columns 2 part, 2 part + 1      a[1] row group + 8
//                      a[2], a[3] the same 8 columns on                     b[0] column group, rows 2 part +
//                      {0, 1}; b[1] 8 rows on
//   int8 (K 32)        the same with four bytes a register: columns 4 part …, 16 on for a[2], a[3], b[1]
//   D                  d[0], d[1] row group, columns 2 part + {0, 1}        d[2], d[3] row group + 8
#pragma once

#include "kernels/cuda/device.h"

#if defined(VITRINE_CUDA_EMULATOR)
#include "cuda_emulator/matrix.h"
#endif

namespace vitrine::kernels::cuda {

// d += a · b
__device__ __forceinline__ void mmaBf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::multiplyBf16(d, a, b);
#else
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
                 "{%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

__device__ __forceinline__ void mmaHalf(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::multiplyHalf(d, a, b);
#else
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
                 "{%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

__device__ __forceinline__ void mmaInt8(int (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::multiplyInt8(d, a, b);
#else
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
                 "{%0,%1,%2,%3};"
                 : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

// 8×8 matrices of 16-bit values from shared memory. Lanes 0–7 give the rows of the first matrix, 8–15 of the
// second, and so on: 16 bytes each, aligned to 16. A lane gets of every matrix row lane / 4, columns 2 (lane
// % 4) + {0, 1}; of the transposed ones column lane / 4, rows 2 (lane % 4) + {0, 1}.
__device__ __forceinline__ void loadMatrices(unsigned (&to)[4], const void* row)
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::loadMatrices(to, 4, row, false);
#else
    const unsigned place = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(place)
                 : "memory");
#endif
}

__device__ __forceinline__ void loadMatrices(unsigned (&to)[2], const void* row)
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::loadMatrices(to, 2, row, false);
#else
    const unsigned place = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0,%1}, [%2];"
                 : "=r"(to[0]), "=r"(to[1])
                 : "r"(place)
                 : "memory");
#endif
}

__device__ __forceinline__ void loadTransposed(unsigned (&to)[4], const void* row)
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::loadMatrices(to, 4, row, true);
#else
    const unsigned place = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(place)
                 : "memory");
#endif
}

__device__ __forceinline__ void loadTransposed(unsigned (&to)[2], const void* row)
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::loadMatrices(to, 2, row, true);
#else
    const unsigned place = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0,%1}, [%2];"
                 : "=r"(to[0]), "=r"(to[1])
                 : "r"(place)
                 : "memory");
#endif
}

} // namespace vitrine::kernels::cuda
