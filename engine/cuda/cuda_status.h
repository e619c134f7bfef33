// SPDX-License-Identifier: GPL-3.0-or-later
// CUDA's answers as the engine's: the one place where they are turned.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "kernels/cuda/status.h"

namespace vitrine::engine {

/// `doing`: "loading the weights onto the GPU". Memory that was missing is OutOfResources.
inline Result<void> resultOf(kernels::cuda::Status status, const std::string& doing)
{
    if (status)
        return {};
    const std::string message = doing + " failed: " + kernels::cuda::describe(status);
    return kernels::cuda::isOutOfMemory(status) ? outOfResources(message) : internalError(message);
}

} // namespace vitrine::engine
