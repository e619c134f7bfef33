// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/memory_report.h"

#include "engine/base/mebibytes.h"
#include "engine/telemetry/process_memory.h"

namespace vitrine::cli {

using engine::mebibytes;

Json memoryReport(const engine::ExecutorInfo& info)
{
    Json report{{"weights", info.weightBytes},
                {"kv", info.kvBytes},
                {"workspace", info.workspaceBytes},
                {"host_tier", info.hostBytes}};
    const engine::DeviceMemory& memory = info.memory;
    if (memory.total == 0)
        return report;
    report["graphs"] = memory.graphs;
    report["graph_budget"] = memory.graphBudget;
    report["recorded_steps"] = memory.recordedSteps;
    report["kept_free"] = memory.kept;
    report["free"] = memory.free;
    report["limit"] = memory.limit == 0 ? Json(nullptr) : Json(memory.limit);
    report["total"] = memory.total;
    return report;
}

Json processMemoryReport()
{
    const engine::ProcessMemory memory = engine::memoryOfGroup();
    return {{"processes", memory.processes},
            {"resident", memory.residentBytes},
            {"proportional", memory.proportionalBytes}};
}

std::string memoryLine(const engine::ExecutorInfo& info)
{
    const engine::DeviceMemory& memory = info.memory;
    std::string line = info.device + ": weights " + mebibytes(info.weightBytes) + ", KV cache " +
                       mebibytes(info.kvBytes) + ", steps " + mebibytes(info.workspaceBytes) +
                       ", recorded steps up to " + mebibytes(memory.graphBudget) + ", " +
                       mebibytes(memory.free) + " free of " + mebibytes(memory.total);
    if (memory.limit != 0)
        line += ", limit " + mebibytes(memory.limit);
    return line;
}

} // namespace vitrine::cli
