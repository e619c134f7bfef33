// SPDX-License-Identifier: GPL-3.0-or-later
// Load from a file, as the command line reads it.
#pragma once

#include <string>

#include "app/cli/command.h"
#include "engine/workload/workload.h"

namespace vitrine::cli {

/// engine::parseWorkload(); keys that are not known are named once on stderr.
engine::Result<engine::Workload> parseLoad(const std::string& text, const std::string& name);

/// What a request is called in tables: a text without its quotes.
std::string plainId(const engine::WorkloadItem& item);

} // namespace vitrine::cli
