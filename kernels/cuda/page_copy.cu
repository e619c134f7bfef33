// SPDX-License-Identifier: GPL-3.0-or-later
// Memory bounds it: each page is read once and written once, with four loads of 16 bytes a thread under way.
#include "kernels/cuda/device.h"

#include <algorithm>

#include "kernels/cuda/page_copy.h"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kUnroll = 4;
constexpr std::int64_t kPieceBytes = std::int64_t{16} * kThreads * kUnroll; ///< of a page, a block's
constexpr std::int64_t kMostRows = 65535;                                   ///< of a grid

__global__ void __launch_bounds__(kThreads)
    copyPagesKernel(const std::uint8_t* source, std::uint8_t* target, std::int64_t pageBytes,
                    const PageCopy* copies, std::int64_t count)
{
    const std::int64_t vectors = pageBytes / 16;
    const std::int64_t first = blockIdx.x * std::int64_t{kThreads * kUnroll} + threadIdx.x;
    for (std::int64_t i = blockIdx.y; i < count; i += gridDim.y) {
        const PageCopy copy = copies[i];
        if (copy.from < 0 || copy.to < 0)
            continue;
        const auto* from = reinterpret_cast<const uint4*>(source + copy.from * pageBytes);
        auto* to = reinterpret_cast<uint4*>(target + copy.to * pageBytes);
        uint4 values[kUnroll] = {};
#pragma unroll
        for (int u = 0; u < kUnroll; ++u)
            if (first + u * kThreads < vectors)
                values[u] = from[first + u * kThreads];
#pragma unroll
        for (int u = 0; u < kUnroll; ++u)
            if (first + u * kThreads < vectors)
                to[first + u * kThreads] = values[u];
    }
}

} // namespace

Status copyPages(const std::uint8_t* source, std::uint8_t* target, std::int64_t pageBytes,
                 const PageCopy* copies, std::int64_t count, Stream stream)
{
    if (count == 0 || pageBytes == 0)
        return {};
    if (pageBytes % 16 != 0)
        return {cudaErrorInvalidValue};
    const std::int64_t pieces = (pageBytes + kPieceBytes - 1) / kPieceBytes;
    const dim3 grid(static_cast<unsigned>(pieces), static_cast<unsigned>(std::min(count, kMostRows)));
    VT_LAUNCH(copyPagesKernel, grid, dim3(kThreads), 0, stream, source, target, pageBytes, copies, count);
    return {static_cast<int>(cudaPeekAtLastError())};
}

} // namespace vitrine::kernels::cuda
