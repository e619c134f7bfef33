// SPDX-License-Identifier: GPL-3.0-or-later
// Which experts a token goes to, and a step's tokens gathered by expert. Pure functions over the caller's
// memory; any thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/model/model_config.h"

namespace vitrine::engine {

struct ExpertChoice
{
    std::uint32_t expert = 0;
    float weight = 0.0F; ///< of the expert's output in the sum
};

/// The choice of one token by its router logits [experts.count], largest first. A logit that is not a number
/// is taken after all others, and makes all weights none either.
/// REQUIRES: chosen.size() == experts.perToken.
void chooseExperts(const ExpertConfig& experts, const float* logits, std::span<ExpertChoice> chosen);

/// A token at one of its experts.
struct ExpertRow
{
    std::int32_t token = 0;
    float weight = 0.0F;
};

/// The rows of one expert that somebody chose.
struct ExpertRun
{
    std::uint32_t expert = 0;
    std::int64_t first = 0, count = 0;
    std::int64_t end() const { return first + count; }
};

/// Rows that groupByExpert() may fill, gaps included.
std::int64_t expertRowsFor(const ExpertConfig& experts, std::int64_t tokens, std::int64_t alignment);
/// Runs that there may be.
std::int64_t expertRunsFor(const ExpertConfig& experts, std::int64_t tokens);

/// Rows by expert and, of one expert, by token. Each run begins at a multiple of `alignment`; rows between
/// them have no meaning. Returns the runs, by expert, in the memory of `runs`.
/// REQUIRES: choices [tokens, experts.perToken]; firstRows [experts.count]; rows and runs have the sizes
/// above.
std::span<const ExpertRun> groupByExpert(const ExpertConfig& experts, std::span<const ExpertChoice> choices,
                                         std::int64_t alignment, std::int64_t* firstRows, ExpertRow* rows,
                                         ExpertRun* runs);

} // namespace vitrine::engine
