// SPDX-License-Identifier: GPL-3.0-or-later
// The number of ranks of an engine's model follows the load by itself: hands steps to a RankPolicy and
// carries out what it chooses. Thread: the engine's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/plan/rank_plan.h"
#include "engine/plan/rank_policy.h"

namespace vitrine::engine {

struct RankChange
{
    std::uint32_t before = 1, now = 1;
    RankDecision::Reason reason = RankDecision::Reason::Trial;
    double seconds = 0.0;     ///< that it took
    std::string refusal = {}; ///< why it stays as before; empty: it did not
    std::uint32_t wanted = 1; ///< with a refusal
};

/// "2 processes compute instead of 1, to see whether that is faster (0.31 s)"; of a refusal why it is so.
std::string sentenceOf(const RankChange& change);

class ElasticRanks
{
public:
    /// `clock`: nanoseconds, the one of the steps' times.
    explicit ElasticRanks(std::shared_ptr<const RankPlan> plan, const RankPolicyOptions& options = {},
                          std::function<std::int64_t()> clock = nowNs);

    /// Each step of the engine since the last act(), in order.
    void take(const StepRecord& step);
    /// Once a step, and a few times a second while there is none. Blocking where it changes the number:
    /// weights are packed, requests that run compute their KV anew.
    std::optional<RankChange> act(Engine& engine);

    const RankPolicy& policy() const { return m_policy; }
    const RankPlan& plan() const { return *m_plan; }

private:
    std::shared_ptr<const RankPlan> m_plan;
    std::function<std::int64_t()> m_clock;
    RankPolicy m_policy;
};

} // namespace vitrine::engine
