// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes of memory in messages of the engine and lines of the command line.
#pragma once

#include <cstdint>
#include <string>

namespace vitrine::engine {

/// "12 MiB", rounded up: what is there is never told as nothing.
inline std::string mebibytes(std::uint64_t bytes)
{
    return std::to_string((bytes + (1U << 20) - 1) >> 20) + " MiB";
}

} // namespace vitrine::engine
