// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets how much of the device.
#include <algorithm>

#include "engine/cuda/cuda_executor_state.h"
#include "engine/cuda/cuda_status.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

CudaExecutor::CudaExecutor(std::shared_ptr<const ModelPart> model, const ExecutorOptions& options,
                           const CudaOptions& cudaOptions, cuda::DeviceInfo device, DeviceWeights weights,
                           std::unique_ptr<DeviceGroup> group)
    : m_model(std::move(model)), m_options(options), m_cuda(cudaOptions), m_device(std::move(device)),
      m_weights(std::move(weights)), m_columns(m_model->columns()),
      m_rope(m_model->config(), m_model->ropeFactors()), m_budget(m_device.totalBytes, options.gpuMemory),
      m_group(std::move(group)),
      m_room(m_model->config(), {options.precise, m_columns.shape.blockPages(), m_device.multiprocessors,
                                 m_rope.kinds(), m_model->hiddenIn(), m_model->ends(), m_model->shard()}),
      m_onePath(options.precise || options.deterministic)
{
    m_graphs.setBudget(m_budget.graphs());
    if (m_group != nullptr)
        m_group->beforeLeaving([this] { m_graphs.clear(); });
}

Result<void> CudaExecutor::makeRoom(const ForwardBatch& batch, const StepPlan& plan)
{
    const std::uint64_t before = m_room.generation();
    Result<void> made = m_room.ensure(batch, plan, m_onePath);
    if (m_room.generation() != before)
        m_graphs.clear();
    if (made || made.error().code != ErrorCode::OutOfResources)
        return made;
    return outOfResources(made.error().message +
                          "; take a smaller KV cache, or fewer tokens and replies in a step");
}

/// Else one rank would refuse a step that the others wait in.
Result<void> CudaExecutor::makeRoomTogether(const ForwardBatch& batch, const StepPlan& plan)
{
    Result<void> own = makeRoom(batch, plan);
    if (m_group == nullptr || m_group->agree(own ? 1 : 0) != 0)
        return own;
    if (const Result<void> going = m_group->going(); !going)
        return fail(going.error());
    return own ? outOfResources("another GPU of the group has no room for this step") : own;
}

/// Before there is a pool steps may take a part of what it would get; afterwards they grow into the margin,
/// and never below what they have.
StepLimits CudaExecutor::granted(const StepLimits& limits) const
{
    DeviceUse now = use();
    now.free += m_room.bytes(); // the room there is makes way for the new one
    now.taken -= std::min(now.taken, m_room.bytes());
    const std::uint64_t most =
        m_kv.bytes() == 0 ? m_budget.forSteps(now) : m_room.bytes() + m_budget.forGrowth(use());
    StepLimits granted = m_room.within(limits, most);
    granted.tokens = std::max(granted.tokens, std::min(limits.tokens, m_limits.tokens));
    granted.sequences = std::max(granted.sequences, std::min(limits.sequences, m_limits.sequences));
    return granted;
}

Result<StepLimits> CudaExecutor::reserveSteps(const StepLimits& limits)
{
    VT_CHECK(m_flights.empty() && limits.blockSize >= 1);
    enter();
    StepLimits wanted = m_room.fits(limits) ? limits : granted(limits);
    const std::uint64_t before = m_room.generation();
    Result<void> made = m_room.reserve(wanted);
    while (!made && wanted.tokens > 1) { // others may have taken what was free
        wanted.tokens /= 2;
        wanted.sequences = std::min(wanted.sequences, wanted.tokens);
        made = m_room.reserve(wanted);
    }
    if (m_room.generation() != before)
        m_graphs.clear();
    if (!made)
        return made.error();
    m_limits = wanted;
    return wanted;
}

Result<void> CudaExecutor::reserveKv(const KvPlan& plan)
{
    VT_CHECK(plan.blockSize >= 1 && plan.blockSize <= 256 && plan.blocks >= 1 && m_flights.empty());
    enter();
    m_mover.wait();
    m_graphs.clear();
    m_plan = {};
    Result<void> reserved = m_kv.reserve(shapeFor(plan));
    if (reserved)
        m_plan = plan;
    return reserved;
}

Result<void> CudaExecutor::reserveHost(std::uint32_t slots)
{
    VT_CHECK(m_flights.empty());
    enter();
    m_mover.wait();
    return m_kv.reserveHost(std::size_t{slots} * m_columns.shape.blockPages());
}

Result<void> CudaExecutor::resizeKv(std::uint32_t blocks)
{
    VT_CHECK(m_flights.empty() && blocks >= 1);
    enter();
    const void* before = m_kv.pages().pool;
    Result<void> resized = m_kv.resize(std::int64_t{blocks} * m_columns.shape.blockPages(), m_queue.stream());
    if (m_kv.pages().pool != before) {
        m_graphs.clear();
        m_recordsAhead = true;
    }
    if (m_kv.bytes() == 0)
        return fail(resized.error());
    if (resized)
        m_plan.blocks = blocks;
    return resized;
}

/// Beside the step under way, unless that uses one of the pages: then after it.
Result<void> CudaExecutor::transfer(std::span<const KvTransfer> transfers)
{
    VT_CHECK(m_flights.size() <= 1);
    if (transfers.empty())
        return {};
    enter();
    const auto columns = static_cast<std::int32_t>(m_columns.shape.blockPages());
    const bool waits = !m_flights.empty() && touchesPages(*m_flights[0].batch, columns, transfers);
    return m_mover.move(m_kv, transfers, m_queue.stream(),
                        waits ? &m_queue.done(m_flights[0].place) : nullptr, nextPlace());
}

DeviceUse CudaExecutor::use() const
{
    enter();
    std::uint64_t total = 0;
    DeviceUse use;
    if (!cuda::deviceMemory(use.free, total))
        use.free = 0;
    use.graphs = m_graphs.bytes();
    use.taken = m_weights.arena.size() + m_kv.bytes() + m_room.bytes() + m_queue.bytes() + use.graphs;
    return use;
}

std::uint64_t CudaExecutor::freeKvBytes() const
{
    return std::max<std::uint64_t>(1, m_budget.forKv(use())); // 0 would say that it is unknown
}

ExecutorInfo CudaExecutor::info() const
{
    const DeviceUse now = use();
    ExecutorInfo info;
    info.device = m_device.name;
    info.weightBytes = m_weights.arena.size();
    info.expertBytes = m_weights.expertBytes;
    info.kvBytes = m_kv.bytes();
    info.hostBytes = m_kv.hostBytes();
    info.conversions = m_weights.conversions;
    info.workspaceBytes = m_room.bytes() + m_queue.bytes();
    info.layers = m_model->layers();
    info.memory.total = m_device.totalBytes;
    info.memory.free = now.free;
    info.memory.limit = m_budget.limit();
    info.memory.kept = m_budget.kept();
    info.memory.graphs = now.graphs;
    info.memory.graphBudget = m_graphs.budget();
    info.memory.recordedSteps = static_cast<std::uint32_t>(m_graphs.recorded());
    return info;
}

} // namespace vitrine::engine
