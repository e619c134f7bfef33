// SPDX-License-Identifier: GPL-3.0-or-later
// How positions rotate, from a config.json: "rope_parameters" of newer ones, "rope_theta" and "rope_scaling"
// of older ones. Pure.
#pragma once

#include <cstdint>

#include "engine/formats/folder_config.h"
#include "engine/formats/json_settings.h"

namespace vitrine::engine {

struct RopeSizes
{
    std::uint64_t headDim = 0, context = 0;
};

/// Adds GGUF's keys to `config`, and the factors that GGUF files have as tensors. Complaints go to
/// `settings`.
void readFolderRope(const FolderFamily& family, const RopeSizes& sizes, JsonSettings& settings,
                    FolderConfig& config);

} // namespace vitrine::engine
