// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded or invented load: one request a line of JSON.
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"

namespace vitrine::cli {

struct LoadItem
{
    Json id; ///< as given; the line number when the line names none
    double arrivalSeconds = 0.0;
    engine::GenerationRequest request;
    std::uint32_t samples = 1;
};

/// Every line of `text`, checked before a model is loaded. BadInput names the line; InvalidArgument ("not
/// available yet") for what a later version brings. Unknown keys are named once on stderr.
engine::Result<std::vector<LoadItem>> parseLoad(const std::string& text, const std::string& name);

} // namespace vitrine::cli
