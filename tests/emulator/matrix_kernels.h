// SPDX-License-Identifier: GPL-3.0-or-later
// Products of one warp, with matrices as they lie in memory by rows: A 16 × K, B K × 8, D 16 × 8.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime_api.h>

// Fragments gathered element by element, as the layout says. D += A · B.
void launchProduct(float* d, const __nv_bfloat16* a, const __nv_bfloat16* b);
void launchProduct(float* d, const __half* a, const __half* b);
void launchProduct(int* d, const signed char* a, const signed char* b);
// The same for bf16, with fragments that come from shared memory by ldmatrix.
void launchLoadedProduct(float* d, const __nv_bfloat16* a, const __nv_bfloat16* b);
// A product that lane 3 leaves out.
void launchProductWithoutALane(float* d);
// One function of the device after the other over (x, y); results[i] of function i, as float.
void launchFunctions(float* results, float x, float y);
constexpr int kFunctions = 12;
