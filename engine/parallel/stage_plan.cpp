// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/stage_plan.h"

#include "engine/parallel/group_layout.h"

namespace vitrine::engine {

std::string StagePlan::nameOf(std::uint32_t process) const
{
    const std::string rank = "rank " + std::to_string(rankOf(process));
    const std::string stage =
        "stage " + std::to_string(stageOf(process) + 1) + " of " + std::to_string(stages);
    return stages == 1 ? rank : ranks == 1 ? stage : rank + " of " + stage;
}

Result<void> StagePlan::validate() const
{
    const std::uint32_t most =
        stages > 1 ? kMostRanks - 1 : kMostRanks; // process 0 takes results as one more
    if (stages >= 1 && ranks >= 1 && std::uint64_t{stages} * ranks <= most)
        return {};
    return invalidArgument(std::to_string(stages) + " stages of " + std::to_string(ranks) + " ranks are " +
                           std::to_string(std::uint64_t{stages} * ranks) + " processes; there can be 1 to " +
                           std::to_string(most));
}

} // namespace vitrine::engine
