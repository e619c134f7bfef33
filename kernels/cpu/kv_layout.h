// SPDX-License-Identifier: GPL-3.0-or-later
// How keys and values lie in paged memory: [block][layer][kvHead][K, V][token of the block][headDim], so that
// a block of all layers is one run of bytes, and what a head's attention reads of it another: one page of
// memory in the usual sizes. Arithmetic only; any thread.
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
    /// From a token's key to its value.
    std::size_t valueOffset() const { return headBytes(); }
    std::size_t layerBytes() const { return kvHeads * 2 * headBytes(); } ///< of one block
    std::size_t blockBytes() const { return layers * layerBytes(); }
    std::size_t totalBytes() const { return blocks * blockBytes(); }
    std::size_t bytesPerToken() const { return layers * 2 * kvHeads * rowBytes(); }

    /// Offset of the key row of `slot` = block * blockSize + token.
    std::size_t keyOffset(std::size_t layer, std::size_t kvHead, std::size_t slot) const
    {
        return slot / blockSize * blockBytes() + layer * layerBytes() + kvHead * 2 * headBytes() +
               slot % blockSize * rowBytes();
    }
};

} // namespace vitrine::kernels::cpu
