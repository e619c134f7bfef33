// SPDX-License-Identifier: GPL-3.0-or-later
// Load as text: one request a line of JSON. Any thread.
#pragma once

#include <functional>
#include <string>

#include "engine/workload/workload.h"

namespace vitrine::engine {

/// Every line of `text`, checked before a model is loaded. BadInput names `name` and the line. Keys that are
/// not known are told to `onUnknown`, each once. A line without an id has its number as one.
Result<Workload> parseWorkload(const std::string& text, const std::string& name,
                               const std::function<void(const std::string&)>& onUnknown);

/// What parseWorkload() reads again, without the end of the line; of invented load.
/// REQUIRES: the prompt is a text or tokens.
std::string workloadLine(const WorkloadItem& item);

} // namespace vitrine::engine
