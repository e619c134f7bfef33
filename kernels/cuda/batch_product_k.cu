// SPDX-License-Identifier: GPL-3.0-or-later
// Products on tensor cores of the "K" types: as batch_product.cuh says.
#include "kernels/cuda/device.h"

#include "kernels/cuda/batch_product.cuh"

namespace vitrine::kernels::cuda {

VT_MULTIPLY_BATCH(, Q2_K);
VT_MULTIPLY_BATCH(, Q3_K);
VT_MULTIPLY_BATCH(, Q4_K);
VT_MULTIPLY_BATCH(, Q5_K);
VT_MULTIPLY_BATCH(, Q6_K);

} // namespace vitrine::kernels::cuda
