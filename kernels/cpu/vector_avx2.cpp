// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/simd_avx2.h"
#include "kernels/cpu/vector_kernels.h"

namespace vitrine::kernels::cpu {

constinit const VectorOperations kVectorAvx2 = VectorKernels<avx2::Simd>::table(Isa::Avx2);

} // namespace vitrine::kernels::cpu
