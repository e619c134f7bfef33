// SPDX-License-Identifier: GPL-3.0-or-later
// Products of experts on tensor cores with blocks of 32 values with one scale: as expert_batch.cuh says.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_batch.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_GROUPS(, Q4_0);
VT_MULTIPLY_GROUPS(, Q4_1);
VT_MULTIPLY_GROUPS(, Q5_0);
VT_MULTIPLY_GROUPS(, Q5_1);
VT_MULTIPLY_GROUPS(, Q8_0);

} // namespace vitrine::kernels::cuda
