// SPDX-License-Identifier: GPL-3.0-or-later
// What is recorded while nobody waits.
#include <algorithm>

#include "engine/cuda/cuda_executor_state.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

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
    if (!m_cuda.graphs || !m_recordsAhead || !known || m_failure || !m_graphs.hasRoom())
        return false;
    const std::vector<GraphKey> used = m_graphs.used();
    for (const GraphKey& key : graphsWorthRecording(ladder(), used))
        if (m_graphs.isNew(key))
            return recordAhead(key);
    return false;
}

/// A shape that has no room yet is left to the step that brings it.
bool CudaExecutor::recordAhead(const GraphKey& key)
{
    enter();
    const StepPlan plan = planner().decode(key.shape, key.result);
    if (!m_room.holds(plan, m_onePath)) {
        m_graphs.leave(key);
        return true;
    }
    ForwardBatch nobody;
    nobody.blockSize = m_plan.blockSize;
    nobody.queryStart = {0};
    m_room.inputs().fill(nobody, m_columns, plan.shape, key.place);
    const cuda::Status recorded =
        m_graphs.recordAhead(key, m_queue.stream(), [&] { return queue(plan, key.place, key.fed); });
    m_recordsAhead = bool(recorded);
    return m_recordsAhead;
}

} // namespace vitrine::engine
