// SPDX-License-Identifier: GPL-3.0-or-later
// Products of experts on tensor cores with the "K" types: as expert_batch.cuh says.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_batch.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_GROUPS(, Q2_K);
VT_MULTIPLY_GROUPS(, Q3_K);
VT_MULTIPLY_GROUPS(, Q4_K);
VT_MULTIPLY_GROUPS(, Q5_K);
VT_MULTIPLY_GROUPS(, Q6_K);

} // namespace vitrine::kernels::cuda
