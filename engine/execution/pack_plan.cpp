// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/pack_plan.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

constexpr std::int64_t kPanelsPerTask = 64; // some milliseconds at most

} // namespace

PackPlan::PackPlan(CpuWeights& weights, const cpu::LinearOperations& operations, std::uint32_t ranks)
    : m_operations(operations), m_ranks(ranks), m_tasks(ranks)
{
    for (CpuLayer& layer : weights.layers) {
        addGroup({&layer.q, &layer.k, &layer.v});
        for (CpuMatrix* matrix : {&layer.output, &layer.gate, &layer.up, &layer.down})
            addGroup({matrix});
        addExperts(layer);
    }
    if (weights.head.source)
        addGroup({&weights.head});
}

void PackPlan::pointTo(const std::uint8_t* arena) const
{
    for (const std::vector<PackTask>& tasks : m_tasks)
        for (const PackTask& task : tasks)
            task.matrix->packed.data = arena + task.offset;
}

/// Which of them a step reads is not known, nor by whom.
void PackPlan::addExperts(CpuLayer& layer)
{
    for (const auto part : kExpertMatrices) {
        std::vector<CpuMatrix*> stack;
        for (CpuExpert& expert : layer.experts)
            stack.push_back(&(expert.*part));
        addGroup(stack);
    }
}

/// Matrices that a step shares out together, by bytes.
void PackPlan::addGroup(const std::vector<CpuMatrix*>& matrices)
{
    std::size_t total = 0;
    for (CpuMatrix* matrix : matrices)
        if (matrix->source && m_operations.canPack(matrix->source.type, matrix->columns()))
            total += m_operations.describe(matrix->source.type, matrix->rows(), matrix->columns(),
                                           &matrix->packed);
    std::size_t before = 0;
    for (CpuMatrix* matrix : matrices) {
        const std::size_t bytes = matrix->packed.panelBytes * static_cast<std::size_t>(matrix->panels());
        if (bytes == 0)
            continue;
        addTasks(*matrix, before, total);
        before += bytes;
        m_bytes += (bytes + 63) / 64 * 64;
    }
}

void PackPlan::addTasks(CpuMatrix& matrix, std::size_t before, std::size_t total)
{
    const auto ownerOf = [&](std::int64_t panel) {
        const std::size_t middle = before + matrix.packed.panelBytes * static_cast<std::size_t>(panel) +
                                   matrix.packed.panelBytes / 2;
        return static_cast<std::uint32_t>(middle * m_ranks / total);
    };
    std::int64_t end = 0;
    for (std::int64_t panel = 0; panel < matrix.panels(); panel = end) {
        const std::uint32_t owner = ownerOf(panel);
        end = panel + 1;
        while (end < matrix.panels() && end - panel < kPanelsPerTask && ownerOf(end) == owner)
            ++end;
        m_tasks[owner].push_back({&matrix, panel, end, m_bytes});
        ++m_size;
    }
}

} // namespace vitrine::engine
