// SPDX-License-Identifier: GPL-3.0-or-later
// Copies and fills of memory: every pointer and length is compared with the allocation it lies in, when they
// are asked for and again when they run.
#pragma once

#include "cuda_emulator/machine.h"

namespace vitrine::cuda_emulator {

// `height` rows of `width` bytes, each a pitch behind the one before.
struct CopyRequest
{
    void* target = nullptr;
    std::size_t targetPitch = 0;
    const void* source = nullptr;
    std::size_t sourcePitch = 0;
    std::size_t width = 0;
    std::size_t height = 1;
    cudaMemcpyKind kind = cudaMemcpyDefault;
};

struct SetRequest
{
    void* target = nullptr;
    std::size_t pitch = 0;
    int value = 0;
    std::size_t width = 0;
    std::size_t height = 1;
};

// With the lock held. `wait`: the call returns when the copy is done, as calls without "Async" do.
cudaError_t copy(Machine& all, MachineLock& lock, cudaStream_t stream, const CopyRequest& request, bool wait);
cudaError_t set(Machine& all, cudaStream_t stream, const SetRequest& request);

} // namespace vitrine::cuda_emulator
