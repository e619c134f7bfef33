// SPDX-License-Identifier: GPL-3.0-or-later
// Copies from global to shared memory that run beside the thread (compute capability 8.0). A thread sees the
// bytes that it copied after its wait, the other threads after a barrier behind that.
#pragma once

#include "kernels/cuda/device.h"

#if defined(VITRINE_CUDA_EMULATOR)
#include "cuda_emulator/async_copy.h"
#endif

namespace vitrine::kernels::cuda {

// Both aligned to Bytes (4, 8, 16). Only the first `sourceBytes` are read, the rest of the target becomes
// zero.
template<int Bytes>
__device__ __forceinline__ void copyAsync(void* shared, const void* global, int sourceBytes = Bytes)
{
    static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16);
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::copyAsync(shared, global, Bytes, sourceBytes);
#else
    const unsigned place = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    if constexpr (Bytes == 16) {
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(place), "l"(global),
                     "r"(sourceBytes)
                     : "memory");
    } else {
        asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(place), "l"(global), "n"(Bytes),
                     "r"(sourceBytes)
                     : "memory");
    }
#endif
}

// What was begun since the last call becomes a group.
__device__ __forceinline__ void commitCopies()
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::commitCopies();
#else
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Waits until at most the newest `Pending` groups of this thread are under way.
template<int Pending>
__device__ __forceinline__ void waitForCopies()
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::waitForCopies(Pending);
#else
    asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
#endif
}

// Waits for all copies of this thread, committed or not.
__device__ __forceinline__ void waitForAllCopies()
{
#if defined(VITRINE_CUDA_EMULATOR)
    cuda_emulator::waitForAllCopies();
#else
    asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}

} // namespace vitrine::kernels::cuda
