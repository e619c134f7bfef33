// SPDX-License-Identifier: GPL-3.0-or-later
// What became of ranks that failed: who they were, and with how many it goes on. Plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::engine {

struct RankRecovery
{
    std::string reason;                       ///< "the process of rank 2 was killed by signal 9"
    std::vector<std::uint32_t> replaced = {}; ///< ranks that have a new process, in order
    std::uint32_t ranksBefore = 0, ranksNow = 0;
    std::int64_t failedNs = 0;    ///< when the failure was found, by nowNs()
    std::int64_t recoveredNs = 0; ///< when all ranks could compute again
    std::string reportFile = {};  ///< state of every rank when it failed; empty: it could not be written

    double seconds() const { return static_cast<double>(recoveredNs - failedNs) * 1e-9; }
};

/// "the process of rank 2 was killed by signal 9; it was replaced within 0.8 s and what ran goes on"
std::string sentenceOf(const RankRecovery& recovery);

} // namespace vitrine::engine
