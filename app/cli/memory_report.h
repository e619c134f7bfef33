// SPDX-License-Identifier: GPL-3.0-or-later
// Where memory went: what a loaded model takes of the machine's memory, or of a GPU's.
#pragma once

#include <string>

#include "app/cli/command.h"
#include "engine/execution/executor.h"

namespace vitrine::cli {

/// In bytes. On a GPU also what it has in all, what is free, kept free and allowed, and recorded steps.
Json memoryReport(const engine::ExecutorInfo& info);
/// Of this process and its children: {"processes", "resident", "proportional"}, in bytes. Pages that several
/// of them share count once in "proportional".
Json processMemoryReport();
/// One line for people about a GPU's memory.
std::string memoryLine(const engine::ExecutorInfo& info);

} // namespace vitrine::cli
