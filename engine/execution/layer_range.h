// SPDX-License-Identifier: GPL-3.0-or-later
// Consecutive layers of a model: what one executor computes of it.
#pragma once

#include <cstdint>

namespace vitrine::engine {

struct LayerRange
{
    std::uint32_t first = 0;
    std::uint32_t count = 0; ///< 0: all from the first on
    std::uint32_t end() const { return first + count; }
    bool operator==(const LayerRange&) const = default;
};

} // namespace vitrine::engine
