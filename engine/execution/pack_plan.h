// SPDX-License-Identifier: GPL-3.0-or-later
// Where each packed matrix of a model's weights lies in one piece of memory, and who packs which panels of
// it. Plain value; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/execution/cpu_weights.h"
#include "kernels/cpu/linear.h"

namespace vitrine::engine {

inline constexpr CpuMatrix CpuExpert::*kExpertMatrices[] = {&CpuExpert::gate, &CpuExpert::up,
                                                            &CpuExpert::down};

/// Some panels of a matrix, all of one rank's share in a step: who packs them touches their memory first.
struct PackTask
{
    CpuMatrix* matrix;
    std::int64_t firstPanel, endPanel;
    std::size_t offset; ///< of the whole packed matrix in the arena
};

class PackPlan
{
public:
    /// Describes `packed` of every matrix that the operations take; its data stays null. Weights and
    /// operations outlive the plan. `ranks`: threads that pack.
    PackPlan(CpuWeights& weights, const kernels::cpu::LinearOperations& operations, std::uint32_t ranks);

    std::size_t bytes() const { return m_bytes; } ///< whatever the ranks
    std::size_t size() const { return m_size; }   ///< tasks
    const std::vector<PackTask>& tasksOf(std::uint32_t rank) const { return m_tasks[rank]; }
    std::uint32_t ranks() const { return m_ranks; }
    /// Every matrix that has a task points into `arena` from now on.
    void pointTo(const std::uint8_t* arena) const;

private:
    void addExperts(CpuLayer& layer);
    void addGroup(const std::vector<CpuMatrix*>& matrices);
    void addTasks(CpuMatrix& matrix, std::size_t before, std::size_t total);

    const kernels::cpu::LinearOperations& m_operations;
    std::uint32_t m_ranks;
    std::vector<std::vector<PackTask>> m_tasks; ///< [rank]
    std::size_t m_bytes = 0, m_size = 0;
};

} // namespace vitrine::engine
