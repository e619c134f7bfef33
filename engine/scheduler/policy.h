// SPDX-License-Identifier: GPL-3.0-or-later
// In which order waiting requests are admitted. A policy owns the waiting queue, so that each can keep the
// order that suits it; every operation costs at most the logarithm of the queue. Starvation is excluded in
// all of them: what waits rises as time passes or as others are served.
// Owned by the Scheduler; engine thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/scheduler/request.h"

namespace vitrine::engine {

enum class PolicyKind : std::uint8_t { Fcfs, Priority, Fair, Shortest };
const char* policyName(PolicyKind kind); ///< "fcfs", "priority", "fair", "shortest"
std::optional<PolicyKind> policyFromName(std::string_view name);

class Policy
{
public:
    virtual ~Policy() = default;

    virtual PolicyKind kind() const = 0;
    /// REQUIRES: the request is not queued. One that was preempted goes where its arrival puts it.
    virtual void push(Request& request) = 0;
    /// REQUIRES: the request is queued.
    virtual void erase(Request& request) = 0;
    virtual bool contains(const Request& request) const = 0;
    virtual std::size_t size() const = 0;
    /// The first `most` requests in the order in which they would be admitted now.
    virtual std::vector<Request*> first(std::size_t most) const = 0;
    /// Every queued request, in no particular order.
    virtual std::vector<Request*> all() const { return first(size()); }

    /// A step computes tokens of a request (for those that share by use). The order changes with
    /// stepServed(), once a step.
    virtual void served(const Request& /*request*/, std::uint32_t /*prefill*/, std::uint32_t /*decode*/) {}
    virtual void stepServed() {}
    /// A request of the client has begun (or stopped) to be in the engine: waiting or running.
    virtual void arrived(const Request& /*request*/) {}
    virtual void left(const Request& /*request*/) {}
};

std::unique_ptr<Policy> makePolicy(PolicyKind kind);

} // namespace vitrine::engine
