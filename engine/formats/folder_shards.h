// SPDX-License-Identifier: GPL-3.0-or-later
// Which safetensors files of a folder have the weights: "model.safetensors", those that an index names, or
// the only ones there are. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/formats/safetensors_file.h"

namespace vitrine::engine {

/// Opened. Errors name the shard that is missing or damaged, or a tensor that the index puts where it is not.
Result<std::vector<SafetensorsFile>> openShards(const std::string& folder);

} // namespace vitrine::engine
