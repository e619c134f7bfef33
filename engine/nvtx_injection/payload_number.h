// SPDX-License-Identifier: GPL-3.0-or-later
// Single values of extended payloads. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/nvtx_injection/capture_interface.h"

namespace vitrine::engine {

using PayloadBytes = std::span<const std::byte>;

struct PayloadNumber
{
    NvtxRawPayload kind = NvtxRawPayload::None;
    std::uint64_t bits = 0; ///< of an integer or of a double
};

/// nullopt: no number is of this type, or there are too few bytes.
std::optional<PayloadNumber> readNumber(std::uint64_t type, PayloadBytes bytes);
/// An unsigned number of 1, 2, 4 or 8 bytes, all of them.
std::uint64_t readUnsigned(PayloadBytes bytes);
/// As people read it: addresses and colours in hexadecimal.
std::string textOf(std::uint64_t type, const PayloadNumber& number);
std::string hexadecimal(std::uint64_t value);
/// Characters of a text type up to its end or a zero, as UTF-8 without control characters, at most `most`
/// bytes.
std::string readText(std::uint64_t type, PayloadBytes bytes, std::size_t most);

} // namespace vitrine::engine
