// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gpu_capture/traced_ranges.h"

#include <utility>

namespace vitrine::engine {

Result<TracedRanges> TracedRanges::attach(const std::string& cupti)
{
    auto names = std::make_shared<NvtxNames>();
    Result<NvtxCapture> nvtx = NvtxCapture::attach(names);
    if (!nvtx)
        return nvtx.error();
    TracedRanges ranges(names, std::move(*nvtx));
    Result<GpuCapture> gpu = GpuCapture::attach(names, cupti);
    if (gpu)
        ranges.m_gpu.emplace(std::move(*gpu));
    else
        ranges.m_note = gpu.error().message;
    return ranges;
}

void TracedRanges::start()
{
    m_nvtx.start();
    if (m_gpu)
        m_gpu->start();
}

void TracedRanges::stop()
{
    m_nvtx.stop();
    if (m_gpu)
        m_gpu->stop();
}

std::vector<NvtxEvent> TracedRanges::take()
{
    std::vector<NvtxEvent> events = m_nvtx.take();
    if (m_gpu) {
        const std::vector<NvtxEvent> gpu = m_gpu->take();
        events.insert(events.end(), gpu.begin(), gpu.end());
    }
    return events;
}

std::map<std::uint32_t, std::string> TracedRanges::threads() const
{
    std::map<std::uint32_t, std::string> threads = m_nvtx.threads();
    if (m_gpu)
        threads.merge(m_gpu->threads());
    return threads;
}

std::uint64_t TracedRanges::dropped() const
{
    return m_nvtx.dropped() + (m_gpu ? m_gpu->dropped() : 0);
}

} // namespace vitrine::engine
