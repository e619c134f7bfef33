// SPDX-License-Identifier: GPL-3.0-or-later
// One list a step, executed strictly in order before the forward pass.
#pragma once

#include <cstdint>

namespace vitrine::engine {

/// In pages (kv_shape.h): of the device by number, in host memory blockPages() a slot.
struct KvTransfer
{
    enum class Kind : std::uint8_t {
        Copy,    ///< device → device
        SwapOut, ///< device → host
        SwapIn   ///< host → device
    };
    Kind kind = Kind::Copy;
    std::int32_t from = 0, to = 0;
    bool operator==(const KvTransfer&) const = default;
};

} // namespace vitrine::engine
