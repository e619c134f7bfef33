// SPDX-License-Identifier: GPL-3.0-or-later
// Small kernels for the tests of streams and graphs. One block each; errors are left to cudaGetLastError.
#pragma once

#include <cuda_runtime_api.h>

// values[i] = values[i] * factor + summand
void launchScale(int* values, int count, int factor, int summand, cudaStream_t stream = nullptr);
// target[i + shift] = source[i], whatever lies there
void launchCopy(int* target, const int* source, int count, int shift = 0, cudaStream_t stream = nullptr);
// A kernel of 40 KiB static and the given dynamic shared memory.
void launchLargeShared(int* out, size_t dynamicBytes);
cudaError_t allowLargeShared(int dynamicBytes);
size_t largeSharedStaticBytes();
