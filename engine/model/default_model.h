// SPDX-License-Identifier: GPL-3.0-or-later
// Which model files lie on this machine, and which one is taken when nobody names one.
// Pure look-ups in the environment and the file system; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace vitrine::engine {

/// The file the installer brings.
inline constexpr const char* kDefaultModelFile = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// Where model files are looked for: the folder in $VITRINE_MODELS when it is set, else
/// $XDG_DATA_HOME/vitrine/models, else ~/.local/share/vitrine/models. Empty when there is no home.
std::string modelFolder();

/// Every .gguf file of that folder, kDefaultModelFile first, the others by name. Empty when there is none.
std::vector<std::string> findModelFiles();

/// The first of findModelFiles(), or an error that says where was looked and what to do.
Result<std::string> findDefaultModel();

} // namespace vitrine::engine
