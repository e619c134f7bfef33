// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses for weights that are made from what a file has. They are known, and take no memory, before the
// weights are written. One owner; it moves but does not copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/base/result.h"

namespace vitrine::engine {

class ConvertedMemory
{
public:
    /// Zeros that take memory as they are written. OutOfResources: there is no room for so many addresses.
    static Result<ConvertedMemory> reserve(std::size_t bytes);

    ConvertedMemory() = default;
    ConvertedMemory(ConvertedMemory&& other) noexcept;
    ConvertedMemory& operator=(ConvertedMemory&& other) noexcept;
    ~ConvertedMemory();

    std::span<std::uint8_t> bytes() const { return {m_data, m_size}; }

private:
    std::uint8_t* m_data = nullptr;
    std::size_t m_size = 0;
};

} // namespace vitrine::engine
