// SPDX-License-Identifier: GPL-3.0-or-later
// Products of experts on tensor cores with four-bit codes: as expert_batch.cuh says.
#include "kernels/cuda/device.h"

#include "kernels/cuda/expert_batch.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_GROUPS(, IQ4_NL);
VT_MULTIPLY_GROUPS(, IQ4_XS);
VT_MULTIPLY_GROUPS(, MXFP4);

} // namespace vitrine::kernels::cuda
