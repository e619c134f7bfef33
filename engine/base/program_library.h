// SPDX-License-Identifier: GPL-3.0-or-later
// Where libraries and programs of ours lie that are loaded or started by name while one runs. Any thread.
#pragma once

#include <string>

namespace vitrine::engine {

/// Beside the program; in ../lib of an installed one; in engine/ of a build folder. Empty: nowhere.
std::string programLibrary(const char* name);
/// Another program of ours: beside this one, or in app/ of a build folder. Empty: nowhere.
std::string programFile(const char* name);

} // namespace vitrine::engine
