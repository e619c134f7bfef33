// SPDX-License-Identifier: GPL-3.0-or-later
// Products of the "K" types: as matvec_quantized.cuh says.
#include "kernels/cuda/device.h"

#include "kernels/cuda/matvec_quantized.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_FORMAT(, Q2_K);
VT_MULTIPLY_FORMAT(, Q3_K);
VT_MULTIPLY_FORMAT(, Q4_K);
VT_MULTIPLY_FORMAT(, Q5_K);
VT_MULTIPLY_FORMAT(, Q6_K);

} // namespace vitrine::kernels::cuda
