// SPDX-License-Identifier: GPL-3.0-or-later
// How keys and values lie in the pages of device memory: [page][layer][kvHead][K, V][token][headDim], so that
// a page is one run of bytes for copies, and a head's keys of a block another for attention. Each head's keys
// and values begin on 16 bytes of their page. Arithmetic only.
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __CUDACC__
#define VT_HOST_DEVICE __host__ __device__
#else
#define VT_HOST_DEVICE
#endif

namespace vitrine::kernels::cuda {

/// Int8 and FP8 (e4m3) rows have a float32 scale, x = value * scale. The scales of a block lie behind its
/// rows: rows stay aligned, and a warp's scales are one load.
enum class KvNumber : std::uint8_t { F32, F16, BF16, Int8, FP8 };

/// Kernels take any even head dimension up to this one.
inline constexpr std::int64_t kMostHeadDim = 512;

struct KvPages
{
    std::uint8_t* pool = nullptr;
    KvNumber number = KvNumber::BF16;
    std::int64_t pages = 0;
    std::int64_t layers = 0;    ///< in a page
    std::int64_t blockSize = 0; ///< tokens
    std::int64_t kvHeads = 0;
    std::int64_t headDim = 0;

    VT_HOST_DEVICE bool scaled() const { return number == KvNumber::Int8 || number == KvNumber::FP8; }
    VT_HOST_DEVICE std::int64_t elementBytes() const
    {
        return scaled() ? 1 : number == KvNumber::F32 ? 4 : 2;
    }
    VT_HOST_DEVICE std::int64_t rowBytes() const { return headDim * elementBytes(); }
    /// From a head's first key (or value) to the scale of that row.
    VT_HOST_DEVICE std::int64_t scaleOffset() const { return (blockSize * rowBytes() + 15) / 16 * 16; }
    VT_HOST_DEVICE std::int64_t headBytes() const
    {
        return scaleOffset() + (scaled() ? (blockSize * 4 + 15) / 16 * 16 : 0);
    }
    VT_HOST_DEVICE std::int64_t layerBytes() const { return kvHeads * 2 * headBytes(); }
    VT_HOST_DEVICE std::int64_t pageBytes() const { return layers * layerBytes(); }
    VT_HOST_DEVICE std::int64_t totalBytes() const { return pages * pageBytes(); }
    /// Of the first key of a head in a page; its values lie headBytes() further.
    VT_HOST_DEVICE std::int64_t headOffset(std::int64_t page, std::int64_t layer, std::int64_t kvHead) const
    {
        return page * pageBytes() + layer * layerBytes() + kvHead * 2 * headBytes();
    }
};

} // namespace vitrine::kernels::cuda
