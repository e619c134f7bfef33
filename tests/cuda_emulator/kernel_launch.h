// SPDX-License-Identifier: GPL-3.0-or-later
// One launch of a kernel as a value, and what can go wrong while it runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include <vector_types.h>

namespace vitrine::cuda_emulator {

struct KernelLaunch
{
    std::string name;                  // as written in VT_LAUNCH
    const void* function = nullptr;    // for its static shared memory
    dim3 grid;                         // in blocks
    dim3 block;                        // in threads
    std::size_t dynamicShared = 0;     // bytes
    std::vector<const void*> pointers; // among the arguments
    std::function<void()> body;        // the kernel with its arguments: what one thread does
};

// Names kernel, block and threads.
struct KernelFault
{
    std::string message;
};

} // namespace vitrine::cuda_emulator
