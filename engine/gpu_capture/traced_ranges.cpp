// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gpu_capture/traced_ranges.h"

#include <utility>

namespace vitrine::engine {

Result<TracedRanges> TracedRanges::attach(std::string cupti)
{
    auto names = std::make_shared<NvtxNames>();
    Result<NvtxCapture> nvtx = NvtxCapture::attach(names);
    if (!nvtx)
        return nvtx.error();
    return TracedRanges(std::move(names), std::move(*nvtx), std::move(cupti));
}

void TracedRanges::attachGpu()
{
    if (std::exchange(m_triedGpu, true))
        return;
    Result<GpuCapture> gpu = GpuCapture::attach(m_names, m_cupti);
    if (gpu)
        m_gpu.emplace(std::move(*gpu));
    else
        m_note = gpu.error().message;
}

void TracedRanges::start()
{
    attachGpu();
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
