// SPDX-License-Identifier: GPL-3.0-or-later
// Invented load for replay and bench. The same kind, shape and seed always give the same lines.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/cli/command.h"

namespace vitrine::cli {

struct TraceShape
{
    std::uint64_t count = 0;
    std::uint64_t least = 0, most = 0; ///< range of lengths in tokens; what they mean depends on the kind
    double rate = 0.0;                 ///< arrivals a second; 0: all at once
};

/// The usual shape of a kind; nullopt when there is no such kind.
std::optional<TraceShape> usualShape(const std::string& kind);
/// One line of help for each kind.
std::string traceKindsHelp();

/// Hands each request to `sink` until it answers false. REQUIRES: usualShape(kind), least ≤ most.
void makeTrace(const std::string& kind, const TraceShape& shape, std::uint64_t seed,
               const std::function<bool(const Json&)>& sink);

} // namespace vitrine::cli
