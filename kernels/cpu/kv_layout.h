// SPDX-License-Identifier: GPL-3.0-or-later
// How keys and values lie in paged memory: [block][layer][kvHead][K, V][token of the block][headDim], so that
// a block of all layers is one run of bytes, and what a head's attention reads of it another: one page of
// memory in the usual sizes. bfloat16 keys of blocks of whole units of sixteen tokens stand across those:
// [unit][pair of elements][token of the unit][2], which vectors over keys and AMX tiles read as it is.
// Arithmetic only; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace vitrine::kernels::cpu {

enum class KvElement : std::uint8_t { F32, F16, BF16, Int8 };

constexpr std::size_t kvElementBytes(KvElement element)
{
    return element == KvElement::F32 ? 4 : element == KvElement::Int8 ? 1 : 2;
}

/// Tokens of a unit of keys, and the bytes from one pair of a key's elements to the next.
inline constexpr std::size_t kKeyUnit = 16;
inline constexpr std::size_t kKeyPairStride = 4 * kKeyUnit;

/// Where the float32 scale of an int8 row stands, in bytes from its start: behind the values. A value is
/// its number times the scale.
constexpr std::size_t kvScaleOffset(std::size_t headDim)
{
    return (headDim + 3) / 4 * 4;
}

struct Int8Scale
{
    float scale = 0.0F;
    float inverse = 0.0F;
};

/// The scale of an int8 row whose largest magnitude this is. A row too small for a normal scale, whose
/// inverse could overflow, is stored as zeros.
constexpr Int8Scale int8Scale(float largest)
{
    constexpr float kMost = 127.0F;
    if (largest < kMost * std::numeric_limits<float>::min())
        return {};
    return {largest / kMost, kMost / largest};
}

constexpr std::size_t kvRowBytes(KvElement element, std::size_t headDim)
{
    return element == KvElement::Int8 ? kvScaleOffset(headDim) + 4 : headDim * kvElementBytes(element);
}

struct KvLayout
{
    KvElement element = KvElement::BF16;
    std::size_t layers = 0;
    std::size_t blocks = 0;
    std::size_t blockSize = 0; ///< tokens
    std::size_t kvHeads = 0;
    std::size_t headDim = 0;

    std::size_t rowBytes() const { return kvRowBytes(element, headDim); }
    std::size_t headBytes() const { return blockSize * rowBytes(); }
    bool keysInUnits() const
    {
        return element == KvElement::BF16 && blockSize % kKeyUnit == 0 && headDim % 2 == 0;
    }
    std::size_t unitBytes() const { return kKeyUnit * rowBytes(); }
    std::size_t layerBytes() const { return kvHeads * 2 * headBytes(); } ///< of one block
    std::size_t blockBytes() const { return layers * layerBytes(); }
    std::size_t totalBytes() const { return blocks * blockBytes(); }
    std::size_t bytesPerToken() const { return layers * 2 * kvHeads * rowBytes(); }

    /// Offset of the keys of a head in one block; its values lie headBytes() further.
    std::size_t headOffset(std::size_t layer, std::size_t kvHead, std::size_t block) const
    {
        return block * blockBytes() + layer * layerBytes() + kvHead * 2 * headBytes();
    }
    /// Offset of the key of `slot` = block * blockSize + token: its row or, in a unit, its first pair.
    std::size_t keyOffset(std::size_t layer, std::size_t kvHead, std::size_t slot) const
    {
        const std::size_t token = slot % blockSize;
        return headOffset(layer, kvHead, slot / blockSize) +
               (keysInUnits() ? token / kKeyUnit * unitBytes() + token % kKeyUnit * 4 : token * rowBytes());
    }
    std::size_t valueOffset(std::size_t layer, std::size_t kvHead, std::size_t slot) const
    {
        return headOffset(layer, kvHead, slot / blockSize) + headBytes() + slot % blockSize * rowBytes();
    }
};

} // namespace vitrine::kernels::cpu
