// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/attention_few_kernels.h"
#include "kernels/cpu/simd_avx512.h"

namespace vitrine::kernels::cpu {

constinit const AttentionOperations kAttentionAvx512 = AttentionFewKernels<avx512::Simd>::table(Isa::Avx512);

} // namespace vitrine::kernels::cpu
