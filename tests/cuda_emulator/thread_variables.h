// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in variables of device code. They are set before a thread runs on.
#pragma once

#include <vector_types.h>

extern constinit thread_local uint3 threadIdx;
extern constinit thread_local uint3 blockIdx;
extern constinit thread_local dim3 blockDim;
extern constinit thread_local dim3 gridDim;
inline constexpr int warpSize = 32;
