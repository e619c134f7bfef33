// SPDX-License-Identifier: GPL-3.0-or-later
// A tensor of a safetensors file with what scales it, and the form in which the engine takes its values.
// Views: valid as long as the files. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/base/result.h"
#include "engine/formats/folder_config.h"
#include "engine/formats/safetensors_file.h"
#include "kernels/quant_type.h"

namespace vitrine::engine {

struct StoredTensor
{
    const SafetensorsFile* file = nullptr;
    const SafetensorsTensor* tensor = nullptr;
    const SafetensorsFile* scaleFile = nullptr;
    const SafetensorsTensor* scale = nullptr; ///< nullptr: the values are as they stand
    ScaleBlock block;                         ///< rows and columns that one factor of `scale` is for

    std::span<const std::uint8_t> data() const { return file->dataOf(*tensor); }
    std::uint64_t rows() const; ///< product of all dimensions but the last
    std::uint64_t columns() const;
};

/// F32, F16 and BF16 stay; F64 becomes F32, eight bits with their factors F16, which holds all of their
/// digits. nullopt: weights have no such type.
std::optional<kernels::QuantType> decodedType(SafetensorsType type);

/// Sets `block` from the shape of the scale and the size that config.json says. An error names both shapes.
Result<void> setScaleBlock(StoredTensor& stored, const ScaleBlock& configured);

/// All values in decodedType(). REQUIRES: out has that many bytes; setScaleBlock() where there is a scale.
void decode(const StoredTensor& stored, std::span<std::uint8_t> out);

/// All values plus 1, as float32. REQUIRES: as decode(), no scale.
void decodePlusOne(const StoredTensor& stored, std::span<std::uint8_t> out);

/// False where a value is infinite or none. Of types that hold floats, and MXFP4; true for others.
bool allFinite(kernels::QuantType type, std::span<const std::uint8_t> data);

} // namespace vitrine::engine
