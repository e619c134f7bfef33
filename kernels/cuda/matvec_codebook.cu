// SPDX-License-Identifier: GPL-3.0-or-later
// Products of four-bit codes: as matvec_quantized.cuh says.
#include "kernels/cuda/device.h"

#include "kernels/cuda/matvec_quantized.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_FORMAT(, IQ4_NL);
VT_MULTIPLY_FORMAT(, IQ4_XS);
VT_MULTIPLY_FORMAT(, MXFP4);

} // namespace vitrine::kernels::cuda
