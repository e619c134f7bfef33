// SPDX-License-Identifier: GPL-3.0-or-later
// What is captured beside the engine's own recording: what is told to NVTX in this process, and what its GPUs
// do, as one stream of events with one list of names.
//
// attach() at the beginning of main(), before threads and before the first call to NVTX; the rest on one
// thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/gpu_capture/gpu_capture.h"
#include "engine/nvtx_capture/nvtx_capture.h"

namespace vitrine::engine {

class TracedRanges
{
public:
    /// Once in a process. NVTX must be there (NvtxCapture::attach()). `cupti`: its file, empty: where it is
    /// usually.
    static Result<TracedRanges> attach(std::string cupti = {});

    /// The first time looks for CUPTI, which takes a while where there is a GPU.
    void start();
    void stop(); ///< what came until here can still be taken
    bool running() const { return m_nvtx.running(); }

    std::vector<NvtxEvent> take();
    const std::vector<std::string>& names() const { return m_names->all(); } ///< only ever grows
    std::map<std::uint32_t, std::string> threads() const;
    std::uint64_t dropped() const; ///< since start()
    /// Another tool gets the calls to NVTX as well.
    bool chained() const { return m_nvtx.chained(); }
    /// After the first start(): why GPUs are not captured, in a sentence; empty: they are.
    const std::string& note() const { return m_note; }

private:
    TracedRanges(std::shared_ptr<NvtxNames> names, NvtxCapture nvtx, std::string cupti)
        : m_names(std::move(names)), m_nvtx(std::move(nvtx)), m_cupti(std::move(cupti))
    {}
    void attachGpu();

    std::shared_ptr<NvtxNames> m_names;
    NvtxCapture m_nvtx;
    std::string m_cupti;
    bool m_triedGpu = false;
    std::optional<GpuCapture> m_gpu;
    std::string m_note;
};

} // namespace vitrine::engine
