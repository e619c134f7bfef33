// SPDX-License-Identifier: GPL-3.0-or-later
// What is recorded while nobody waits.
#include <algorithm>
#include <span>
#include <type_traits>

#include "engine/cuda/cuda_executor_state.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

/// What rank 0 wants to record next: collectives are recorded by all ranks or none.
std::optional<GraphKey> sharedWish(DeviceGroup& group, const std::optional<GraphKey>& own)
{
    struct
    {
        GraphKey key;
        std::uint64_t wanted = 0;
    } wish;
    static_assert(std::is_trivially_copyable_v<GraphKey>);
    if (own)
        wish = {*own, 1};
    const bool told = group.tell(std::as_writable_bytes(std::span(&wish, 1)));
    return told && wish.wanted != 0 ? std::optional(wish.key) : std::nullopt;
}

} // namespace

/// No context is longer than the pool.
GraphLadder CudaExecutor::ladder() const
{
    const std::int64_t longest = (std::int64_t{m_limits.context} + m_plan.blockSize - 1) / m_plan.blockSize;
    GraphLadder ladder;
    ladder.sequences = m_limits.sequences;
    ladder.pages = std::min<std::int64_t>(longest, m_plan.blocks);
    ladder.columns = m_columns.shape.blockPages();
    ladder.choices = canChoose({});
    ladder.hidden = m_model->hiddenIn();
    ladder.head = m_model->ends();
    return ladder;
}

bool CudaExecutor::prepareAhead()
{
    VT_CHECK(m_flights.empty());
    const bool known = m_plan.blocks > 0 && m_limits.sequences > 0;
    if (!known || m_failure)
        return false;
    std::optional<GraphKey> next = nextToRecord();
    if (m_group != nullptr)
        next = sharedWish(*m_group, next);
    return next && recordAhead(*next);
}

std::optional<GraphKey> CudaExecutor::nextToRecord() const
{
    if (!m_cuda.graphs || !m_recordsAhead || !m_graphs.hasRoom())
        return std::nullopt;
    const std::vector<GraphKey> used = m_graphs.used();
    for (const GraphKey& key : graphsWorthRecording(ladder(), used))
        if (m_graphs.isNew(key))
            return key;
    return std::nullopt;
}

DecodeGraphs::Agree CudaExecutor::agreement()
{
    if (m_group == nullptr)
        return {};
    return [this](std::uint32_t bits) { return m_group->agree(bits); };
}

/// A shape that has no room yet is left to the step that brings it.
bool CudaExecutor::recordAhead(const GraphKey& key)
{
    enter();
    const StepPlan plan = planner().decode(key.shape, key.result);
    bool room = m_room.holds(plan, m_onePath);
    if (m_group != nullptr)
        room = m_group->agree(room && m_graphs.hasRoom() ? 1 : 0) != 0;
    if (!room) {
        m_graphs.leave(key);
        return !m_failure;
    }
    ForwardBatch nobody;
    nobody.blockSize = m_plan.blockSize;
    nobody.queryStart = {0};
    m_room.inputs().fill(nobody, m_columns, plan.shape, key.place);
    const cuda::Status recorded = m_graphs.recordAhead(
        key, m_queue.stream(), [&] { return queue(plan, key.place, key.fed); }, agreement());
    m_recordsAhead = bool(recorded);
    return m_recordsAhead;
}

} // namespace vitrine::engine
