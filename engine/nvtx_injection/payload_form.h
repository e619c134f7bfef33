// SPDX-License-Identifier: GPL-3.0-or-later
// How values of the types that NVTX defines lie in memory. Pure; any thread.
#pragma once

#include <cstdint>

namespace vitrine::engine {

enum class PayloadForm : std::uint8_t {
    None, ///< not known
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Long,
    ULong,
    Int64,
    UInt64,
    Size,
    Float,
    Double,
    LongDouble,
    Half,
    BrainFloat,
    Bytes16, ///< no number of the language
    Text8,   ///< and the next two: characters
    Text16,
    Text32,
    Handle ///< a pointer that stands for something
};

PayloadForm formOf(std::uint64_t type);

} // namespace vitrine::engine
