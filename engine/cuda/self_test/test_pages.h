// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as kernels lay them down, written and read by the host: activations, and rows of keys and values in
// their pages. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/cuda/kv_pages.h"
#include "kernels/cuda/number.h"

namespace vitrine::engine {

/// Rounded to what bfloat16 holds: exact as an activation of either kind.
float bfloatOf(float value);
std::vector<std::uint8_t> activationBytes(kernels::cuda::Number number, const std::vector<float>& values);
std::vector<float> activationFloats(kernels::cuda::Number number, const std::vector<std::uint8_t>& bytes);

/// A head's key (or value) of one token.
struct PageRow
{
    std::int64_t slot = 0; ///< page * blockSize + offset
    std::int64_t layer = 0;
    std::int64_t kvHead = 0;
    bool isValue = false;
};

/// A pool in the host's memory; what nobody wrote is 0xEE. Of the formats that the engine has: no FP8.
class TestPages
{
public:
    explicit TestPages(const kernels::cuda::KvPages& shape); ///< its pool is not used

    const kernels::cuda::KvPages& shape() const { return m_shape; }
    std::vector<std::uint8_t>& bytes() { return m_bytes; }
    const std::vector<std::uint8_t>& bytes() const { return m_bytes; }

    /// As near as the format comes; `values`: [headDim], below 2 in size.
    void write(const PageRow& row, std::span<const float> values);
    std::vector<double> read(const PageRow& row) const;
    /// Marks the bytes of a row and its scale as ones that nobody wrote.
    void forget(const PageRow& row);

private:
    std::int64_t rowOffset(const PageRow& row) const;
    std::int64_t scaleOffset(const PageRow& row) const;

    kernels::cuda::KvPages m_shape;
    std::vector<std::uint8_t> m_bytes;
};

inline constexpr std::uint8_t kUnwritten = 0xEE;

} // namespace vitrine::engine
