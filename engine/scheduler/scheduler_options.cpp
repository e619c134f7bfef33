// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/scheduler_options.h"

namespace vitrine::engine {

Result<void> checkOptions(const SchedulerOptions& options)
{
    if (options.maxRunning < 1)
        return invalidArgument("at least one request must be allowed to run");
    if (options.tokenBudget < 1)
        return invalidArgument("a step needs a budget of at least one token");
    if (!(options.itlTarget >= 0.0 && options.itlTarget <= 3600.0))
        return invalidArgument("the target between two tokens must be from 0 (none) to 3600 seconds");
    if (!(options.watermark >= 0.0 && options.watermark < 1.0))
        return invalidArgument("the watermark must be a share of the KV pool from 0 to less than 1");
    return {};
}

} // namespace vitrine::engine
