// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/attention_kernels.h"
#include "kernels/cpu/simd_avx2.h"

namespace vitrine::kernels::cpu {

constinit const AttentionOperations kAttentionAvx2 = AttentionKernels<avx2::Simd>::table(Isa::Avx2);

} // namespace vitrine::kernels::cpu
