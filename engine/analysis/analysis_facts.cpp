// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/analysis_facts.h"

#include "engine/engine.h"
#include "engine/execution/weight_reads.h"
#include "engine/telemetry/machine.h"
#include "kernels/cpu/cpu_topology.h"

namespace vitrine::engine {

AnalysisFacts factsOf(const Engine& engine)
{
    AnalysisFacts facts;
    const MemoryInfo memory = machineMemory();
    if (memory.totalBytes > 0 && memory.availableBytes > 0) {
        facts.memoryTotal = memory.totalBytes;
        facts.memoryAvailable = memory.availableBytes;
    }
    facts.cores = kernels::cpu::CpuTopology::ofThisProcess().bestThreads();
    const std::optional<ModelSummary> model = engine.model();
    if (!model)
        return facts;
    facts.threads = engine.threads();
    facts.kvFormat = model->kvFormat;
    facts.weightBytes = static_cast<std::uint64_t>(weightBytesRead(model->executor, model->experts, 1.0));
    facts.kvBytes = model->executor.kvBytes;
    if (engine.scheduler() != nullptr)
        facts.scheduler = engine.scheduler()->options();
    if (engine.kvCache() != nullptr)
        facts.prefixCache = engine.kvCache()->options().prefixCache;
    return facts;
}

} // namespace vitrine::engine
