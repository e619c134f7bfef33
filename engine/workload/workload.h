// SPDX-License-Identifier: GPL-3.0-or-later
// Load for an engine: requests, and when each of them comes. Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace vitrine::engine {

struct WorkloadItem
{
    std::string id;              ///< JSON, as it was given: "\"r7\"", "12"
    double arrivalSeconds = 0.0; ///< from the beginning, ≥ 0
    GenerationRequest request;
    std::uint32_t samples = 1;
};

using Workload = std::vector<WorkloadItem>;

} // namespace vitrine::engine
