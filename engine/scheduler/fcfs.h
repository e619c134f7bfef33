// SPDX-License-Identifier: GPL-3.0-or-later
// First come, first served: every choice the scheduler makes between requests stands here. The order is that
// of arrival, kept through preemptions, so a request that was preempted goes before all that came after it.
#pragma once

#include <span>

#include "engine/scheduler/request.h"

namespace vitrine::engine {

struct Fcfs
{
    static bool comesBefore(const Request& a, const Request& b) { return a.id.value < b.id.value; }

    /// Who gives its blocks to `beneficiary`: the last to come. Null when that is the beneficiary itself, so
    /// nobody loses work to a request that came later. `running` is in order.
    static Request* victim(std::span<Request* const> running, const Request& beneficiary)
    {
        return running.empty() || running.back()->id == beneficiary.id ? nullptr : running.back();
    }
};

} // namespace vitrine::engine
