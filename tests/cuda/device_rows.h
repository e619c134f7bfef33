// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of either number in the memory of the emulated device, and how far they may lie from a reference.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "emulator/support.h"
#include "kernels/cuda/number.h"
#include "kernels/half.h"

namespace vitrine::tests {

/// To the nearest bfloat16, ties to even.
inline std::uint16_t bf16BitsOf(float value)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    if (std::isnan(value))
        return static_cast<std::uint16_t>(bits >> 16U | 0x40U);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U);
}

class DeviceRows
{
public:
    DeviceRows(kernels::cuda::Number number, const std::vector<float>& values)
        : m_number(number), m_bytes(bytesOf(number, values))
    {}

    void* data() const { return m_bytes.data(); }
    /// What is there now; of bfloat16 exactly.
    std::vector<float> read() const
    {
        const std::vector<std::uint8_t> bytes = m_bytes.read();
        std::vector<float> values(bytes.size() / kernels::cuda::numberBytes(m_number));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = m_number == kernels::cuda::Number::F32
                            ? kernels::loadAs<float>(bytes.data() + 4 * i)
                            : kernels::bf16ToFloat(kernels::loadAs<std::uint16_t>(bytes.data() + 2 * i));
        return values;
    }

private:
    static std::vector<std::uint8_t> bytesOf(kernels::cuda::Number number, const std::vector<float>& values)
    {
        std::vector<std::uint8_t> bytes(values.size() * kernels::cuda::numberBytes(number));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::uint16_t bits = bf16BitsOf(values[i]);
            if (number == kernels::cuda::Number::F32)
                std::memcpy(bytes.data() + 4 * i, &values[i], 4);
            else
                std::memcpy(bytes.data() + 2 * i, &bits, 2);
        }
        return bytes;
    }

    kernels::cuda::Number m_number;
    DeviceVector<std::uint8_t> m_bytes;
};

/// What a row of the number can lie from the exact value: its own rounding, and that of float32 on the way.
inline bool isNear(kernels::cuda::Number number, float value, double exact, double scale)
{
    const double own = number == kernels::cuda::Number::F32 ? 0.0 : std::abs(exact) * 0x1.02p-8;
    return std::abs(double{value} - exact) <= own + scale * 2e-6; // false for NaN
}

/// Index of the first that is not near, or -1. scales: what float32 errors are relative to.
inline std::ptrdiff_t firstOff(kernels::cuda::Number number, const std::vector<float>& values,
                               const std::vector<double>& exact, const std::vector<double>& scales)
{
    if (values.size() != exact.size())
        return 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!isNear(number, values[i], exact[i], scales[i]))
            return static_cast<std::ptrdiff_t>(i);
    return -1;
}

} // namespace vitrine::tests
