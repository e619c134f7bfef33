// SPDX-License-Identifier: GPL-3.0-or-later
// Products of blocks of 32 values with one scale: as matvec_quantized.cuh says.
#include "kernels/cuda/device.h"

#include "kernels/cuda/matvec_quantized.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_FORMAT(, Q4_0);
VT_MULTIPLY_FORMAT(, Q4_1);
VT_MULTIPLY_FORMAT(, Q5_0);
VT_MULTIPLY_FORMAT(, Q5_1);
VT_MULTIPLY_FORMAT(, Q8_0);

} // namespace vitrine::kernels::cuda
