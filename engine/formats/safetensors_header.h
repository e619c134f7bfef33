// SPDX-License-Identifier: GPL-3.0-or-later
// The description in front of a safetensors file: eight bytes with its length, then JSON with type, shape and
// place of each tensor. Format: https://github.com/huggingface/safetensors, "Format".
//
// What is read is bounded before room is made for it, and everything is checked: types, that shapes give as
// many bytes as the places have, that these follow each other without holes up to the end of the file. Any
// thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace vitrine::engine {

enum class SafetensorsType : std::uint8_t {
    Bool,
    U8,
    I8,
    F8E4M3,
    F8E5M2,
    F8E8M0,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    I64,
    U64,
    F64,
};

/// As the file spells it: "F8_E4M3".
std::string_view nameOf(SafetensorsType type);
std::uint32_t bytesOf(SafetensorsType type); ///< of one value

struct SafetensorsTensor
{
    std::string name;
    SafetensorsType type{};
    std::vector<std::uint64_t> shape; ///< outermost dimension first; empty: one value
    std::uint64_t offset = 0;         ///< from the first byte of the file
    std::uint64_t bytes = 0;

    std::uint64_t values() const { return bytes / bytesOf(type); }
};

/// "[320, 64]"
std::string shapeText(const SafetensorsTensor& tensor);

/// The tensors by their place in the file, whose name begins every error.
Result<std::vector<SafetensorsTensor>> readSafetensorsHeader(std::span<const std::uint8_t> file,
                                                             const std::string& name);

} // namespace vitrine::engine
