// SPDX-License-Identifier: GPL-3.0-or-later
// A buffer of another size where memory is short: contents are lost, the room is not.
#pragma once

#include "kernels/cuda/buffer.h"

namespace vitrine::engine {

/// Beside the old one; where both do not fit, instead of it. On failure the buffer is as large as it was,
/// unless somebody took that memory meanwhile: then it is null. Nothing that uses it may be under way.
template<kernels::cuda::Memory kind>
kernels::cuda::Status replaceBuffer(kernels::cuda::Buffer<kind>& buffer, std::size_t bytes)
{
    kernels::cuda::Buffer<kind> other;
    kernels::cuda::Status taken = other.allocate(bytes);
    if (!taken && buffer) {
        const std::size_t before = buffer.size();
        buffer.release();
        taken = other.allocate(bytes);
        if (!taken)
            (void)buffer.allocate(before); // a null buffer says that it failed
    }
    if (taken)
        buffer = std::move(other);
    return taken;
}

} // namespace vitrine::engine
