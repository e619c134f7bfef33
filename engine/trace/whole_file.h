// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are there whole or not at all. Any thread.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "engine/base/result.h"

namespace vitrine::engine {

/// `write` fills a file beside `path` (PATH.tmp), which takes its place when that went well and goes away
/// when not; what was at `path` stays until then. What is no ordinary file (a pipe) is written to at once.
Result<void> writeWholeFile(const std::string& path,
                            const std::function<Result<void>(const std::string& partial)>& write);

/// The same for what writes to a stream. OutOfResources says why the stream took no more.
Result<void> writeWholeStream(const std::string& path, const std::function<void(std::ostream&)>& write);

/// Whether a file can be made there, said before long work; nothing is left behind.
Result<void> checkWritable(const std::string& path);

} // namespace vitrine::engine
