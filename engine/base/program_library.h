// SPDX-License-Identifier: GPL-3.0-or-later
// Where libraries of this program lie that are loaded by name while it runs. Any thread.
#pragma once

#include <string>

namespace vitrine::engine {

/// Beside the program; in ../lib of an installed one; in engine/ of a build folder. Empty: nowhere.
std::string programLibrary(const char* name);

} // namespace vitrine::engine
