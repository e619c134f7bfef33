// SPDX-License-Identifier: GPL-3.0-or-later
// What a call into CUDA came to, without CUDA's headers: the engine turns it into an Error once.
#pragma once

struct CUstream_st;
struct CUevent_st;

namespace vitrine::kernels::cuda {

/// The number of cudaError_t; cuBLAS' own statuses lie kCublasStatus above. 0: it worked.
struct [[nodiscard]] Status
{
    int code = 0;

    explicit operator bool() const { return code == 0; }
    bool operator==(const Status&) const = default;
};

inline constexpr int kCublasStatus = 100'000;

/// Static text for people: "out of memory (cudaErrorMemoryAllocation)".
const char* describe(Status status);
/// Whether memory was what was missing.
bool isOutOfMemory(Status status);

using Stream = CUstream_st*; ///< as cudaStream_t
using Event = CUevent_st*;   ///< as cudaEvent_t

} // namespace vitrine::kernels::cuda
