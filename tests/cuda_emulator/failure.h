// SPDX-License-Identifier: GPL-3.0-or-later
// Why work on a device failed: CUDA's code, and a sentence for the tests that says where.
#pragma once

#include <driver_types.h>
#include <string>

namespace vitrine::cuda_emulator {

struct Failure
{
    cudaError_t error = cudaErrorUnknown;
    std::string message;
};

} // namespace vitrine::cuda_emulator
