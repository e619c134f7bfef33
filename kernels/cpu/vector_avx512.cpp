// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/simd_avx512.h"
#include "kernels/cpu/vector_kernels.h"

namespace vitrine::kernels::cpu {

constinit const VectorOperations kVectorAvx512 = VectorKernels<avx512::Simd>::table(Isa::Avx512);

} // namespace vitrine::kernels::cpu
