// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the weights of a folder, for the fuzzer and for the replay of its corpus.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/formats/folder_config.h"
#include "engine/formats/json_settings.h"
#include "engine/formats/safetensors_header.h"
#include "tests/engine/support/exercise.h"

namespace vitrine::test {

/// The message of the refusal, or "" when the header is accepted: then every tensor lies in the bytes, and
/// none overlaps another.
inline std::string exerciseSafetensors(std::span<const std::uint8_t> bytes)
{
    const auto tensors = engine::readSafetensorsHeader(bytes, "input.safetensors");
    if (!tensors)
        return tensors.error().message;
    std::uint64_t last = 0;
    for (const engine::SafetensorsTensor& tensor : *tensors) {
        must(tensor.offset >= last && tensor.bytes <= bytes.size());
        must(tensor.offset <= bytes.size() - tensor.bytes);
        must(tensor.values() * engine::bytesOf(tensor.type) == tensor.bytes);
        must(!engine::shapeText(tensor).empty());
        last = tensor.offset + tensor.bytes;
    }
    return {};
}

/// Any text as a config.json, likewise.
inline std::string exerciseConfig(std::string_view text)
{
    auto config = engine::readFolderConfig(text, "config.json");
    if (!config)
        return config.error().message;
    must(!config->entries.empty());
    const auto generation = engine::readGenerationConfig(text, "config.json", *config);
    return generation ? std::string() : generation.error().message;
}

} // namespace vitrine::test
