// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gpu_capture/gpu_events.h"

#include <array>
#include <cstdlib>
#include <memory>

#include <cxxabi.h>

#include "engine/gpu_capture/gpu_capture.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostStreams = 4096; // further ones share a lane
constexpr std::size_t kLongestName = 1024;
constexpr std::uint32_t kGraphs = 0xFFFF'FFFF; // stands for a stream: the lane of a device's graphs

std::string sizeText(const std::array<std::uint32_t, 3>& size)
{
    return std::to_string(size[0]) + "×" + std::to_string(size[1]) + "×" + std::to_string(size[2]);
}

std::string detailOf(const GpuActivity& activity)
{
    std::string text;
    if (activity.work == GpuWork::Kernel)
        text = "grid " + sizeText(activity.grid) + ", block " + sizeText(activity.block) + ", " +
               std::to_string(activity.registers) + " registers, " + std::to_string(activity.sharedBytes) +
               " B shared";
    else if (activity.work == GpuWork::Set)
        text = "value " + std::to_string(activity.value);
    else if (activity.work == GpuWork::Call && activity.result != 0)
        text = "error " + std::to_string(activity.result);
    if (activity.graph != 0)
        text += (text.empty() ? "graph " : ", graph ") + std::to_string(activity.graph);
    return text;
}

const char* categoryOf(GpuWork work)
{
    switch (work) {
    case GpuWork::Kernel:
        return "kernel";
    case GpuWork::Copy:
        return "copy";
    case GpuWork::Set:
        return "set";
    case GpuWork::Call:
        break;
    }
    return "call";
}

/// [CUpti_ActivityMemcpyKind]
std::string copyName(std::uint8_t kind)
{
    constexpr std::array kNames = {"copy",
                                   "copy host to device",
                                   "copy device to host",
                                   "copy host to array",
                                   "copy array to host",
                                   "copy array to array",
                                   "copy array to device",
                                   "copy device to array",
                                   "copy device to device",
                                   "copy host to host",
                                   "copy device to other device"};
    return kNames[kind < kNames.size() ? kind : 0];
}

/// Of a kernel its blocks, else bytes.
std::uint64_t payloadOf(const GpuActivity& activity)
{
    if (activity.work != GpuWork::Kernel)
        return activity.bytes;
    return std::uint64_t{activity.grid[0]} * activity.grid[1] * activity.grid[2];
}

std::int64_t shifted(std::int64_t ns, std::int64_t offsetNs)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(ns) + static_cast<std::uint64_t>(offsetNs));
}

} // namespace

std::string demangled(const std::string& name)
{
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> readable(
        abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
    const std::string text = status == 0 && readable ? std::string(readable.get()) : name;
    return text.substr(0, kLongestName);
}

NvtxEvent GpuEvents::rangeOn(std::uint32_t thread, const char* category)
{
    NvtxEvent event;
    event.kind = NvtxKind::Range;
    event.thread = thread;
    event.domain = m_names->numberOf("CUDA");
    event.category = m_names->numberOf(category);
    event.payloadKind = NvtxPayload::Unsigned;
    return event;
}

NvtxEvent GpuEvents::eventOf(const GpuActivity& activity, std::int64_t offsetNs, const ActivityLog& log)
{
    NvtxEvent event = rangeOn(threadOf(activity), categoryOf(activity.work));
    event.startNs = shifted(activity.startNs, offsetNs);
    event.endNs = shifted(activity.endNs, offsetNs);
    event.payload = payloadOf(activity);
    event.correlation = activity.correlation;
    event.detail = m_names->detailOf(detailOf(activity));
    switch (activity.work) {
    case GpuWork::Kernel:
        event.message = kernelName(activity.name, log);
        break;
    case GpuWork::Copy:
        event.message = m_names->numberOf(copyName(activity.copyKind));
        break;
    case GpuWork::Set:
        event.message = m_names->numberOf("set memory");
        break;
    case GpuWork::Call:
        event.payloadKind = NvtxPayload::None;
        event.message = callName(activity.name, log);
        break;
    }
    return event;
}

NvtxEvent GpuEvents::eventOf(const GraphRun& run, std::int64_t offsetNs)
{
    NvtxEvent event = rangeOn(laneOf(run.device, run.context, kGraphs), "graph");
    event.startNs = shifted(run.startNs, offsetNs);
    event.endNs = shifted(run.endNs, offsetNs);
    event.message = m_names->numberOf("graph " + std::to_string(run.graph));
    event.payload = run.nodes;
    event.correlation = run.correlation;
    event.detail = m_names->detailOf(std::to_string(run.nodes) + " kernels, copies and sets");
    return event;
}

std::uint32_t GpuEvents::callName(std::uint32_t number, const ActivityLog& log)
{
    const std::string name = log.name(number);
    return m_names->numberOf(name.empty() ? "call" : name);
}

std::uint32_t GpuEvents::kernelName(std::uint32_t number, const ActivityLog& log)
{
    const auto known = m_kernels.find(number);
    if (known != m_kernels.end())
        return known->second;
    const std::string name = demangled(log.name(number));
    return m_kernels.emplace(number, m_names->numberOf(name.empty() ? "kernel" : name)).first->second;
}

std::uint32_t GpuEvents::threadOf(const GpuActivity& activity)
{
    return activity.work == GpuWork::Call ? activity.thread
                                          : laneOf(activity.device, activity.context, activity.stream);
}

std::uint32_t GpuEvents::laneOf(std::uint32_t device, std::uint32_t context, std::uint32_t stream)
{
    const Stream key{device, context, stream};
    if (const auto known = m_streams.find(key); known != m_streams.end())
        return known->second;
    if (m_streams.size() >= kMostStreams)
        return GpuCapture::kFirstStream + kMostStreams;
    const auto thread = GpuCapture::kFirstStream + static_cast<std::uint32_t>(m_streams.size());
    m_threads[thread] = laneName(device, context, stream);
    m_streams.emplace(key, thread);
    return thread;
}

std::string GpuEvents::laneName(std::uint32_t device, std::uint32_t context, std::uint32_t stream)
{
    const std::uint32_t first = m_firstContext.try_emplace(device, context).first->second;
    std::string name = "GPU " + std::to_string(device);
    if (context != first)
        name += " context " + std::to_string(context);
    return name + (stream == kGraphs ? " graphs" : " stream " + std::to_string(stream));
}

} // namespace vitrine::engine
