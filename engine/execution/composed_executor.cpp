// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/composed_executor.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/clock.h"

namespace vitrine::engine {

namespace {

/// Calls change(part) in order until one refuses; then back(part) for those that had agreed, latest first.
template<class Change, class Back>
Result<void> changeAll(const std::vector<std::unique_ptr<Executor>>& parts, Change change, Back back)
{
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Result<void> changed = change(*parts[i]);
        if (changed)
            continue;
        while (i > 0)
            back(*parts[--i]);
        return changed;
    }
    return {};
}

void addConversions(std::vector<WeightConversion>& all, const std::vector<WeightConversion>& more)
{
    for (const WeightConversion& one : more) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const WeightConversion& c) {
            return c.type == one.type && c.form == one.form;
        });
        if (found == all.end()) {
            all.push_back(one);
            continue;
        }
        found->tensors += one.tensors;
        found->fileBytes += one.fileBytes;
        found->bytes += one.bytes;
    }
}

void addMemory(DeviceMemory& all, const DeviceMemory& more)
{
    all.total += more.total;
    all.free += more.free;
    all.limit += more.limit;
    all.kept += more.kept;
    all.graphs += more.graphs;
    all.graphBudget += more.graphBudget;
    all.recordedSteps += more.recordedSteps;
}

} // namespace

ComposedExecutor::ComposedExecutor(Parts parts) : m_parts(std::move(parts))
{
    VT_CHECK(!m_parts.empty());
}

std::uint64_t ComposedExecutor::kvBytesPerToken() const
{
    std::uint64_t sum = 0;
    for (const std::unique_ptr<Executor>& part : m_parts)
        sum += part->kvBytesPerToken();
    return sum;
}

Result<StepLimits> ComposedExecutor::reserveSteps(const StepLimits& limits)
{
    Result<StepLimits> granted = limits;
    for (std::size_t i = 0; i < m_parts.size() && granted; ++i)
        granted = m_parts[i]->reserveSteps(*granted);
    if (granted)
        m_limits = *granted;
    return granted;
}

bool ComposedExecutor::hasRoom(const StepLimits& limits) const
{
    return std::all_of(m_parts.begin(), m_parts.end(),
                       [&](const std::unique_ptr<Executor>& part) { return part->hasRoom(limits); });
}

Result<void> ComposedExecutor::reserveKv(const KvPlan& plan)
{
    m_plan = {};
    for (const std::unique_ptr<Executor>& part : m_parts)
        if (Result<void> reserved = part->reserveKv(plan); !reserved)
            return reserved;
    m_plan = plan;
    return {};
}

Result<void> ComposedExecutor::reserveHost(std::uint32_t blocks)
{
    Result<void> reserved = changeAll(
        m_parts, [&](Executor& part) { return part.reserveHost(blocks); },
        [](Executor& part) { static_cast<void>(part.reserveHost(0)); });
    m_hostBlocks = reserved ? blocks : 0;
    return reserved;
}

Result<void> ComposedExecutor::resizeKv(std::uint32_t blocks)
{
    VT_CHECK(m_batch == nullptr);
    const std::uint32_t before = m_plan.blocks;
    Result<void> resized = changeAll(
        m_parts, [&](Executor& part) { return part.resizeKv(blocks); },
        [&](Executor& part) { static_cast<void>(part.resizeKv(before)); });
    if (resized)
        m_plan.blocks = blocks;
    return resized;
}

Result<void> ComposedExecutor::setThreads(std::uint32_t threads)
{
    VT_CHECK(m_batch == nullptr);
    const std::uint32_t before = fastest().info().threads;
    return changeAll(
        m_parts, [&](Executor& part) { return part.setThreads(threads); },
        [&](Executor& part) { static_cast<void>(part.setThreads(before)); });
}

Result<void> ComposedExecutor::restore()
{
    if (m_deterministic)
        setDeterministic(*m_deterministic);
    if (m_limits)
        if (const Result<StepLimits> granted = reserveSteps(StepLimits(*m_limits)); !granted)
            return granted.error();
    if (m_plan.blocks == 0)
        return {};
    const KvPlan plan = m_plan;
    const std::uint32_t hostBlocks = m_hostBlocks;
    Result<void> reserved = reserveKv(plan);
    if (reserved && hostBlocks > 0)
        reserved = reserveHost(hostBlocks);
    m_plan = plan; // of the next try, if there was no room
    m_hostBlocks = hostBlocks;
    return reserved;
}

void ComposedExecutor::setDeterministic(bool on)
{
    m_deterministic = on;
    for (const std::unique_ptr<Executor>& part : m_parts)
        part->setDeterministic(on);
}

Result<void> ComposedExecutor::transfer(std::span<const KvTransfer> transfers)
{
    VT_CHECK(m_batch == nullptr);
    m_moveSeconds.assign(m_parts.size(), 0.0);
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const std::int64_t start = nowNs();
        if (Result<void> moved = m_parts[i]->transfer(transfers); !moved)
            return moved;
        m_moveSeconds[i] = static_cast<double>(nowNs() - start) * 1e-9;
    }
    return {};
}

/// By the device's clock for parts that only queue moves, by this thread's for the others.
std::optional<double> ComposedExecutor::moveSeconds() const
{
    std::optional<double> sum;
    for (const std::unique_ptr<Executor>& part : m_parts)
        if (part->moveSeconds())
            sum = 0.0;
    for (std::size_t i = 0; i < m_moveSeconds.size() && sum; ++i)
        *sum += m_parts[i]->moveSeconds().value_or(m_moveSeconds[i]);
    return sum;
}

void ComposedExecutor::timeOperations(bool on)
{
    for (const std::unique_ptr<Executor>& part : m_parts)
        part->timeOperations(on);
}

std::vector<RankTimes> ComposedExecutor::rankTimes() const
{
    std::vector<RankTimes> all;
    for (const std::unique_ptr<Executor>& part : m_parts) {
        const std::vector<RankTimes> own = part->rankTimes();
        all.insert(all.end(), own.begin(), own.end());
    }
    return all;
}

Executor& ComposedExecutor::fastest() const
{
    return **std::max_element(m_parts.begin(), m_parts.end(),
                              [](const auto& a, const auto& b) { return a->ranks() < b->ranks(); });
}

ExecutorInfo ComposedExecutor::infoOfParts() const
{
    ExecutorInfo sum;
    for (const std::unique_ptr<Executor>& part : m_parts) {
        ExecutorInfo own = part->info();
        sum.weightBytes += own.weightBytes;
        sum.expertBytes += own.expertBytes;
        sum.kvBytes += own.kvBytes;
        sum.hostBytes += own.hostBytes;
        sum.workspaceBytes += own.workspaceBytes;
        addConversions(sum.conversions, own.conversions);
        addMemory(sum.memory, own.memory);
        sum.parts.push_back(std::move(own));
    }
    return sum;
}

} // namespace vitrine::engine
