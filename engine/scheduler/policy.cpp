// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/policy.h"

#include <array>

#include "engine/scheduler/fair_policy.h"
#include "engine/scheduler/ranked_policy.h"

namespace vitrine::engine {
namespace {

constexpr std::array kKinds{PolicyKind::Fcfs, PolicyKind::Priority, PolicyKind::Fair, PolicyKind::Shortest};

} // namespace

const char* policyName(PolicyKind kind)
{
    switch (kind) {
    case PolicyKind::Fcfs:
        return "fcfs";
    case PolicyKind::Priority:
        return "priority";
    case PolicyKind::Fair:
        return "fair";
    case PolicyKind::Shortest:
        return "shortest";
    }
    return "fcfs";
}

std::optional<PolicyKind> policyFromName(std::string_view name)
{
    for (const PolicyKind kind : kKinds)
        if (name == policyName(kind))
            return kind;
    return std::nullopt;
}

std::unique_ptr<Policy> makePolicy(PolicyKind kind)
{
    if (kind == PolicyKind::Fair)
        return std::make_unique<FairPolicy>();
    return std::make_unique<RankedPolicy>(kind);
}

} // namespace vitrine::engine
