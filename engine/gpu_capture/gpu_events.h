// SPDX-License-Identifier: GPL-3.0-or-later
// From activities of GPUs to events of a recording: lanes for streams, names for people. One owner.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>

#include "engine/gpu_capture/activity_log.h"
#include "engine/gpu_capture/gpu_activity.h"
#include "engine/gpu_capture/graph_runs.h"
#include "engine/nvtx_capture/nvtx_event.h"
#include "engine/nvtx_capture/nvtx_names.h"

namespace vitrine::engine {

class GpuEvents
{
public:
    explicit GpuEvents(std::shared_ptr<NvtxNames> names) : m_names(std::move(names)) {}

    /// `offsetNs`: of nowNs() to the clock of the activity. `log` knows the kernel's name.
    NvtxEvent eventOf(const GpuActivity& activity, std::int64_t offsetNs, const ActivityLog& log);
    NvtxEvent eventOf(const GraphRun& run, std::int64_t offsetNs);
    const NvtxNames& names() const { return *m_names; }
    const std::map<std::uint32_t, std::string>& threads() const { return m_threads; }

private:
    std::uint32_t threadOf(const GpuActivity& activity);
    std::uint32_t laneOf(std::uint32_t device, std::uint32_t context, std::uint32_t stream);
    std::string laneName(std::uint32_t device, std::uint32_t context, std::uint32_t stream);
    NvtxEvent rangeOn(std::uint32_t thread, const char* category);
    std::uint32_t callName(std::uint32_t number, const ActivityLog& log);
    std::uint32_t kernelName(std::uint32_t number, const ActivityLog& log);

    using Stream = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>; // device, context, number

    std::shared_ptr<NvtxNames> m_names;
    std::map<Stream, std::uint32_t> m_streams;
    std::map<std::uint32_t, std::uint32_t> m_firstContext; // of a device
    std::map<std::uint32_t, std::string> m_threads;
    std::unordered_map<std::uint32_t, std::uint32_t> m_kernels; // the log's numbers → names
};

/// What a person calls a function, where it is a name of C++; else as it is.
std::string demangled(const std::string& name);

} // namespace vitrine::engine
