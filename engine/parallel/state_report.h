// SPDX-License-Identifier: GPL-3.0-or-later
// Files that say what every rank was at when one failed, for a person who looks for the cause: in the user's
// folder for such things (XDG Base Directory Specification: XDG_STATE_HOME), the last ten of them, readable
// by the user alone. Any thread.
#pragma once

#include <string>

namespace vitrine::engine {

/// The file's path; empty where it could not be written.
std::string writeStateReport(const std::string& text);

} // namespace vitrine::engine
