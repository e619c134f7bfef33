// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/self_test/test_pages.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "kernels/half.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using cuda::KvNumber;

namespace {

constexpr float kLargestInt8 = 127.0F;

std::uint16_t bfloatBits(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U);
}

float floatOfBfloat(std::uint16_t bits)
{
    return std::bit_cast<float>(std::uint32_t{bits} << 16U);
}

/// Cut off behind ten bits; what is too small for a normal half is 0.
std::uint16_t halfBits(float value)
{
    constexpr std::uint32_t kSmallestExponent = 113; // 2^-14
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t exponent = bits >> 23U & 0xFFU;
    if (exponent < kSmallestExponent)
        return 0;
    return static_cast<std::uint16_t>((bits >> 16U & 0x8000U) | (exponent - 112U) << 10U |
                                      (bits >> 13U & 0x3FFU));
}

template<class T>
T loadAt(const std::uint8_t* from)
{
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

void writeElement(KvNumber number, std::uint8_t* to, float value, float scale)
{
    if (number == KvNumber::F32) {
        std::memcpy(to, &value, sizeof value);
    } else if (number == KvNumber::Int8) {
        *to = static_cast<std::uint8_t>(static_cast<std::int8_t>(std::lround(value / scale)));
    } else {
        const std::uint16_t bits = number == KvNumber::F16 ? halfBits(value) : bfloatBits(value);
        std::memcpy(to, &bits, sizeof bits);
    }
}

double readElement(KvNumber number, const std::uint8_t* from, float scale)
{
    if (number == KvNumber::F32)
        return double{loadAt<float>(from)};
    if (number == KvNumber::Int8)
        return double{scale} * static_cast<std::int8_t>(*from);
    const auto bits = loadAt<std::uint16_t>(from);
    return double{number == KvNumber::F16 ? kernels::halfToFloat(bits) : floatOfBfloat(bits)};
}

} // namespace

float bfloatOf(float value)
{
    return floatOfBfloat(bfloatBits(value));
}

std::vector<std::uint8_t> activationBytes(cuda::Number number, const std::vector<float>& values)
{
    std::vector<std::uint8_t> bytes(values.size() * cuda::numberBytes(number));
    const KvNumber same = number == cuda::Number::F32 ? KvNumber::F32 : KvNumber::BF16;
    for (std::size_t i = 0; i < values.size(); ++i)
        writeElement(same, bytes.data() + i * cuda::numberBytes(number), values[i], 1.0F);
    return bytes;
}

std::vector<float> activationFloats(cuda::Number number, const std::vector<std::uint8_t>& bytes)
{
    std::vector<float> values(bytes.size() / cuda::numberBytes(number));
    const KvNumber same = number == cuda::Number::F32 ? KvNumber::F32 : KvNumber::BF16;
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(readElement(same, bytes.data() + i * cuda::numberBytes(number), 1.0F));
    return values;
}

TestPages::TestPages(const cuda::KvPages& shape)
    : m_shape(shape), m_bytes(static_cast<std::size_t>(shape.totalBytes()), kUnwritten)
{}

std::int64_t TestPages::rowOffset(const PageRow& row) const
{
    return m_shape.headOffset(row.slot / m_shape.blockSize, row.layer, row.kvHead) +
           (row.isValue ? m_shape.headBytes() : 0) + row.slot % m_shape.blockSize * m_shape.rowBytes();
}

std::int64_t TestPages::scaleOffset(const PageRow& row) const
{
    const std::int64_t offset = row.slot % m_shape.blockSize;
    return rowOffset(row) - offset * m_shape.rowBytes() + m_shape.scaleOffset() + offset * 4;
}

void TestPages::write(const PageRow& row, std::span<const float> values)
{
    float largest = 0.0F;
    for (const float value : values)
        largest = std::max(largest, std::fabs(value));
    const float scale = largest > 0.0F ? largest / kLargestInt8 : 1.0F;
    std::uint8_t* to = m_bytes.data() + rowOffset(row);
    for (std::size_t i = 0; i < values.size(); ++i)
        writeElement(m_shape.number, to + static_cast<std::int64_t>(i) * m_shape.elementBytes(), values[i],
                     scale);
    if (m_shape.scaled())
        std::memcpy(m_bytes.data() + scaleOffset(row), &scale, sizeof scale);
}

std::vector<double> TestPages::read(const PageRow& row) const
{
    const float scale = m_shape.scaled() ? loadAt<float>(m_bytes.data() + scaleOffset(row)) : 1.0F;
    std::vector<double> values;
    for (std::int64_t i = 0; i < m_shape.headDim; ++i)
        values.push_back(
            readElement(m_shape.number, m_bytes.data() + rowOffset(row) + i * m_shape.elementBytes(), scale));
    return values;
}

void TestPages::forget(const PageRow& row)
{
    std::fill_n(m_bytes.begin() + rowOffset(row), m_shape.rowBytes(), kUnwritten);
    if (m_shape.scaled())
        std::fill_n(m_bytes.begin() + scaleOffset(row), 4, kUnwritten);
}

} // namespace vitrine::engine
