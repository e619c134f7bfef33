// SPDX-License-Identifier: GPL-3.0-or-later
// What the GPUs of this process do, kernels (those of launched graphs too), copies and memory that is set, as
// events like those of NvtxCapture: of the domain "CUDA", on a thread of its own for each stream, in times of
// nowNs(). Through CUPTI, which is looked for when the program runs.
//
// One thread at a time; records come on threads of CUPTI's. Memory is bounded: who takes too seldom loses
// events, which are counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/nvtx_capture/nvtx_event.h"
#include "engine/nvtx_capture/nvtx_names.h"

namespace vitrine::engine {

class GpuCapture
{
public:
    static constexpr std::size_t kActivities = 262'144;
    /// Threads from here on are streams; no system's thread has such a number.
    static constexpr std::uint32_t kFirstStream = 0x8000'0000U;

    /// Once in a process. An error is a sentence for people: built without CUPTI, it is not installed, no
    /// GPU, or another tool has it. `names`: where its texts go, of its own if null; `library`: CUPTI's file,
    /// empty: where it is usually.
    static Result<GpuCapture> attach(std::shared_ptr<NvtxNames> names = {}, const std::string& library = {});

    GpuCapture(GpuCapture&&) noexcept;
    GpuCapture& operator=(GpuCapture&&) noexcept;
    ~GpuCapture();

    /// `activities` find room between two calls of take().
    void start(std::size_t activities = kActivities);
    /// What came until here can still be taken; work that has not ended does not come.
    void stop();
    bool running() const;

    /// What has come since the last call, in any order.
    std::vector<NvtxEvent> take();
    const std::vector<std::string>& names() const; ///< of the events so far; only ever grows
    /// "GPU 0 stream 7".
    std::map<std::uint32_t, std::string> threads() const;
    std::uint64_t dropped() const; ///< since start()

private:
    struct State;
    explicit GpuCapture(std::unique_ptr<State> state);

    std::unique_ptr<State> m_state;
};

} // namespace vitrine::engine
