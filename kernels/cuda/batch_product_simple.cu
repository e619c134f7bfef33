// SPDX-License-Identifier: GPL-3.0-or-later
// Products on tensor cores of blocks of 32 values with one scale: as batch_product.cuh says.
#include "kernels/cuda/device.h"

#include "kernels/cuda/batch_product.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_BATCH(, Q4_0);
VT_MULTIPLY_BATCH(, Q4_1);
VT_MULTIPLY_BATCH(, Q5_0);
VT_MULTIPLY_BATCH(, Q5_1);
VT_MULTIPLY_BATCH(, Q8_0);
VT_MULTIPLY_BATCH(, IQ4_NL);
VT_MULTIPLY_BATCH(, IQ4_XS);
VT_MULTIPLY_BATCH(, MXFP4);

} // namespace vitrine::kernels::cuda
