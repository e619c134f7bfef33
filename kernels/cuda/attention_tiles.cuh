// SPDX-License-Identifier: GPL-3.0-or-later
// Tiles of keys and values on their way into shared memory, as bf16 rows for tensor cores: 16-byte pieces of
// a row change places by the row's number, so that eight rows of a column of pieces lie in different banks.
// bf16 pages are copied beside the computing; Int8 and FP8 ones wait in registers meanwhile and are widened
// on the way (exactly), their scales go beside them.
#pragma once

#include <type_traits>

#include "kernels/cuda/async_copy.h"
#include "kernels/cuda/kv_rows.cuh"

namespace vitrine::kernels::cuda {

inline constexpr int kTileThreads = 128;
inline constexpr int kTileRows = 64; ///< queries of a block, 16 a warp

/// kExact: headDim is kDim; else it is smaller, a multiple of 16.
template<KvNumber N, int kDimOfTile, bool kExactDim>
struct TileShape
{
    static constexpr KvNumber kNumber = N;
    static constexpr int kDim = kDimOfTile;
    static constexpr bool kExact = kExactDim;
    static constexpr int kKeys = 4096 / kDim;
    static constexpr int kPieces = kDim / 8; ///< of a row
    static constexpr int kTileBytes = kKeys * kDim * 2;
    static constexpr int kScaleBytes = kvScaled(N) ? kKeys * 4 : 0;
    static constexpr int kTilesBytes = 4 * (kTileBytes + kScaleBytes); ///< two buffers of keys and values
    /// Of 16 columns of queries, in registers: rows of 256 leave none for the others, which each thread keeps
    /// in shared memory of its own.
    static constexpr int kHeldPairs = kDim == 256 ? 11 : kDim / 16;
    static constexpr int kSharedBytes = kTilesBytes + (kDim / 16 - kHeldPairs) * kTileThreads * 16;
    /// Rows of 256 leave no registers for what waits: their Int8 and FP8 tiles are loaded when they land.
    static constexpr bool kWaits = kvScaled(N) && kDim <= 128;
    static constexpr int kLoads = kKeys * kPieces / kTileThreads; ///< pieces of a thread
    static constexpr int kBlocks = 2; ///< on a multiprocessor: three would cost spills
    using KeyBits = std::conditional_t<(kKeys > 32), std::uint64_t, std::uint32_t>; ///< one a key
    static_assert(kTileRows * kDim * 2 <= kTilesBytes); // queries pass through the same memory

    /// Where a piece lies in a tile. Piece `index` ^ i is at this place ^ 16 i.
    __device__ static int place(int row, int index) { return (row * kPieces + (index ^ (row & 7))) * 16; }
};

__device__ __forceinline__ unsigned packBf16(float low, float high)
{
    const __nv_bfloat162 two = __floats2bfloat162_rn(low, high);
    return *reinterpret_cast<const unsigned*>(&two);
}

/// One of two buffers of tiles, as offsets from the beginning of shared memory, whose bits above those of a
/// row are the tile's alone: so the places of a row are one exclusive or apart.
template<class S>
struct TileBuffer
{
    std::uint8_t* memory;
    int number;

    __device__ int keys() const { return 2 * number * S::kTileBytes; }
    __device__ int values() const { return keys() + S::kTileBytes; }
    __device__ float* keyScales() const
    {
        return reinterpret_cast<float*>(memory + 4 * S::kTileBytes) + 2 * number * S::kKeys;
    }
    __device__ float* valueScales() const { return keyScales() + S::kKeys; }
    __device__ std::uint8_t* key(int row, int piece) const { return memory + keys() + S::place(row, piece); }
    __device__ std::uint8_t* value(int row, int piece) const
    {
        return memory + values() + S::place(row, piece);
    }
};

template<class S>
struct TileLoader
{
    static constexpr bool kScaled = kvScaled(S::kNumber);

    PagedHead head;
    int pieces; ///< of a row that are there
    int endKey; ///< keys behind are zeros
    KvEight<S::kNumber> waiting[S::kWaits ? 2 * S::kLoads : 1];
    float scale = 0; ///< of a key, or of a value
    int tile = 0;    ///< that was begun

    __device__ TileLoader(const PagedHead& pages, int headDim, int end)
        : head(pages), pieces(headDim / 8), endKey(end)
    {}

    /// Starts to load the tile.
    __device__ __forceinline__ void begin(int number, const TileBuffer<S>& buffer)
    {
        tile = number;
        if constexpr (S::kWaits) {
            eachPiece([&](int i, int, int, const std::uint8_t* from, bool there) {
                waiting[2 * i] = read(from, there);
                waiting[2 * i + 1] = read(from + head.headBytes, there);
            });
            readScale();
        } else if constexpr (!kScaled) {
            eachPiece([&](int, int row, int piece, const std::uint8_t* from, bool there) {
                copyAsync<16>(buffer.key(row, piece), from, there ? 16 : 0);
                copyAsync<16>(buffer.value(row, piece), from + head.headBytes, there ? 16 : 0);
            });
            commitCopies();
        }
    }

    /// Brings what was begun into the buffer, which nobody reads any more.
    __device__ __forceinline__ void land(const TileBuffer<S>& buffer)
    {
        if constexpr (!kScaled) {
            waitForCopies<0>();
            return;
        }
        if constexpr (kScaled && !S::kWaits)
            readScale();
        eachPiece([&](int i, int row, int piece, const std::uint8_t* from, bool there) {
            if constexpr (S::kWaits) {
                widen(waiting[2 * i], buffer.key(row, piece));
                widen(waiting[2 * i + 1], buffer.value(row, piece));
            } else {
                widen(read(from, there), buffer.key(row, piece));
                widen(read(from + head.headBytes, there), buffer.value(row, piece));
            }
        });
        if (static_cast<int>(threadIdx.x) < 2 * S::kKeys)
            buffer.keyScales()[threadIdx.x] = scale * kvRawFactor(S::kNumber);
    }

private:
    /// use(load of the thread, row, piece of the row, where it comes from, whether it is there).
    template<typename Use>
    __device__ __forceinline__ void eachPiece(Use use) const
    {
#pragma unroll
        for (int i = 0; i < S::kLoads; ++i) {
            const int index = i * kTileThreads + static_cast<int>(threadIdx.x);
            const int row = index / S::kPieces;
            const int piece = index % S::kPieces;
            if (!S::kExact && piece >= pieces)
                continue;
            const int key = tile * S::kKeys + row;
            const std::int64_t place = key < endKey ? head.row(key) : -1;
            use(i, row, piece, head.keys + (place < 0 ? 0 : place) + piece * 8 * kvElementBytes(S::kNumber),
                place >= 0);
        }
    }

    __device__ __forceinline__ KvEight<S::kNumber> read(const std::uint8_t* from, bool there) const
    {
        return there ? loadEight<S::kNumber>(from) : zeroEight<S::kNumber>();
    }

    __device__ void readScale()
    {
        static_assert(2 * S::kKeys <= kTileThreads);
        const int thread = static_cast<int>(threadIdx.x);
        const int key = tile * S::kKeys + thread % S::kKeys;
        const std::int64_t place = thread < 2 * S::kKeys && key < endKey ? head.scale(key) : -1;
        scale = place < 0 ? 0.0F
                          : *reinterpret_cast<const float*>(head.keys + place +
                                                            (thread < S::kKeys ? 0 : head.headBytes));
    }

    __device__ void widen(const KvEight<S::kNumber>& eight, std::uint8_t* to) const
    {
        float wide[8];
        unpackEight<S::kNumber>(eight, wide);
        *reinterpret_cast<uint4*>(to) = make_uint4(packBf16(wide[0], wide[1]), packBf16(wide[2], wide[3]),
                                                   packBf16(wide[4], wide[5]), packBf16(wide[6], wide[7]));
    }
};

} // namespace vitrine::kernels::cuda
