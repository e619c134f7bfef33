// SPDX-License-Identifier: GPL-3.0-or-later
// Policies whose order is a number fixed when a request is queued: fcfs (arrival), priority and shortest.
// The last two age: a level of priority is worth kSecondsPerLevel of waiting, a token of expected length
// kSecondsPerToken. Since everybody ages at the same rate, the order of two requests never changes while both
// wait, and a sorted set is enough. Owned by the Scheduler; engine thread only.
#pragma once

#include <set>

#include "engine/scheduler/policy.h"

namespace vitrine::engine {

class RankedPolicy final : public Policy
{
public:
    static constexpr double kSecondsPerLevel = 10.0;
    static constexpr double kSecondsPerToken = 0.05;

    explicit RankedPolicy(PolicyKind kind) : m_kind(kind) {}

    PolicyKind kind() const override { return m_kind; }
    void push(Request& request) override;
    void erase(Request& request) override;
    bool contains(const Request& request) const override;
    std::size_t size() const override { return m_queue.size(); }
    std::vector<Request*> first(std::size_t most) const override;

private:
    struct ByRank
    {
        bool operator()(const Request* a, const Request* b) const
        {
            return a->rank != b->rank ? a->rank < b->rank : a->id < b->id;
        }
    };

    double rankOf(const Request& request) const;

    PolicyKind m_kind;
    std::set<Request*, ByRank> m_queue;
};

} // namespace vitrine::engine
