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
    if (activity.graph != 0)
        text += (text.empty() ? "graph " : ", graph ") + std::to_string(activity.graph);
    return text;
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

NvtxEvent GpuEvents::eventOf(const GpuActivity& activity, std::int64_t offsetNs, const ActivityLog& log)
{
    NvtxEvent event;
    event.kind = NvtxKind::Range;
    event.thread = threadOf(activity);
    event.startNs = shifted(activity.startNs, offsetNs);
    event.endNs = shifted(activity.endNs, offsetNs);
    event.domain = m_names->numberOf("CUDA");
    event.payloadKind = NvtxPayload::Unsigned;
    event.payload = payloadOf(activity);
    event.detail = m_names->detailOf(detailOf(activity));
    switch (activity.work) {
    case GpuWork::Kernel:
        event.category = m_names->numberOf("kernel");
        event.message = kernelName(activity.name, log);
        break;
    case GpuWork::Copy:
        event.category = m_names->numberOf("copy");
        event.message = m_names->numberOf(copyName(activity.copyKind));
        break;
    case GpuWork::Set:
        event.category = m_names->numberOf("set");
        event.message = m_names->numberOf("set memory");
        break;
    }
    return event;
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
    const Stream stream{activity.device, activity.context, activity.stream};
    if (const auto known = m_streams.find(stream); known != m_streams.end())
        return known->second;
    if (m_streams.size() >= kMostStreams)
        return GpuCapture::kFirstStream + kMostStreams;
    const auto thread = GpuCapture::kFirstStream + static_cast<std::uint32_t>(m_streams.size());
    const std::uint32_t first = m_firstContext.try_emplace(activity.device, activity.context).first->second;
    std::string name = "GPU " + std::to_string(activity.device);
    if (activity.context != first)
        name += " context " + std::to_string(activity.context);
    m_threads[thread] = name + " stream " + std::to_string(activity.stream);
    m_streams.emplace(stream, thread);
    return thread;
}

} // namespace vitrine::engine
