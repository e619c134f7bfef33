// SPDX-License-Identifier: GPL-3.0-or-later
#include "cuda_emulator/thread_variables.h"

constinit thread_local uint3 threadIdx{};
constinit thread_local uint3 blockIdx{};
constinit thread_local dim3 blockDim{1, 1, 1};
constinit thread_local dim3 gridDim{1, 1, 1};
