// SPDX-License-Identifier: GPL-3.0-or-later
// How activations lie in device memory between kernels. Sums are float32 in either case.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::kernels::cuda {

enum class Number : std::uint8_t { F32, BF16 };

constexpr std::size_t numberBytes(Number number)
{
    return number == Number::F32 ? 4 : 2;
}

} // namespace vitrine::kernels::cuda
