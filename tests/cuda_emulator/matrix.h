// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products of a warp and the loads of their fragments; the layouts stand in kernels/cuda/mma.h.
#pragma once

namespace vitrine::cuda_emulator {

// d += a · b, by all 32 lanes together.
void multiplyBf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]);
void multiplyHalf(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]);
void multiplyInt8(int (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]);
// `count` matrices of 8×8 16-bit values; `row` is the row that this lane gives.
void loadMatrices(unsigned* to, int count, const void* row, bool transposed);

} // namespace vitrine::cuda_emulator
