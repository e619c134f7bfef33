// SPDX-License-Identifier: GPL-3.0-or-later
// Invented load. The same kind, shape and seed always give the same requests. Any thread.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "engine/workload/workload.h"

namespace vitrine::engine {

struct WorkloadShape
{
    std::uint64_t count = 0;
    std::uint64_t least = 0, most = 0; ///< range of lengths in tokens; what they mean depends on the kind
    double rate = 0.0;                 ///< arrivals a second; 0: all at once
    std::uint32_t replyTokens = 0;     ///< of each reply; 0: as the kind has it
    std::uint32_t sharedTokens = 0;    ///< every prompt begins with the same tokens (of texts: words)
};

/// What the range of lengths is of.
enum class WorkloadLength : std::uint8_t { OfReply, OfPrompt, OfBoth, OfBeginning };

struct WorkloadKind
{
    const char* name;
    WorkloadShape usual;
    WorkloadLength length;
    const char* help;
};

std::span<const WorkloadKind> workloadKinds();
/// nullptr when there is no such kind.
const WorkloadKind* findWorkloadKind(std::string_view name);

/// Hands each request to `sink` until it answers false. REQUIRES: a kind of workloadKinds(), least ≤ most.
void makeWorkload(const WorkloadKind& kind, const WorkloadShape& shape, std::uint64_t seed,
                  const std::function<bool(WorkloadItem)>& sink);
Workload makeWorkload(const WorkloadKind& kind, const WorkloadShape& shape, std::uint64_t seed);

} // namespace vitrine::engine
