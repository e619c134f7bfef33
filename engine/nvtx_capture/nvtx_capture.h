// SPDX-License-Identifier: GPL-3.0-or-later
// Captures what this process tells NVTX, the engine's ranges and those of other libraries, without any tool:
// a library of ours beside the program is named as NVTX's injection (docs/adr/0014). A tool that was named
// before, as Nsight Systems does, gets every call as well.
//
// attach() at the beginning of main(), before threads and before the first call to NVTX; the rest on one
// thread at a time. Memory is bounded, for each thread and in all: who takes too seldom loses events, which
// are counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/nvtx_capture/nvtx_event.h"
#include "engine/nvtx_capture/nvtx_names.h"

namespace vitrine::engine {

struct CaptureInterface;
struct NvtxRawEvent;

class NvtxCapture
{
public:
    static constexpr std::size_t kEventsOfThread = 32'768;

    /// Once in a process. An error: built without NVTX, the library is not there, or NVTX is in use already.
    /// `names`: where its texts go, of its own if null.
    static Result<NvtxCapture> attach(std::shared_ptr<NvtxNames> names = {});

    /// `eventsOfThread` find room between two calls of take().
    void start(std::size_t eventsOfThread = kEventsOfThread);
    /// What came until here can still be taken; spans that are open end here.
    void stop();
    bool running() const { return m_running; }

    /// What has come since the last call. A span comes when it has ended.
    std::vector<NvtxEvent> take();
    /// Of the events so far; only ever grows.
    const std::vector<std::string>& names() const { return m_names->all(); }
    /// Threads that were seen and have a name.
    std::map<std::uint32_t, std::string> threads() const;
    std::uint64_t dropped() const; ///< since start()
    bool chained() const;          ///< another tool gets the calls as well

private:
    struct SpanKey
    {
        std::uint32_t domain;
        std::uint64_t span;
        auto operator<=>(const SpanKey&) const = default;
    };

    NvtxCapture(const CaptureInterface* library, std::shared_ptr<NvtxNames> names)
        : m_library(library), m_names(std::move(names))
    {}
    NvtxEvent eventOf(const NvtxRawEvent& raw, const char* detail);
    void take(const NvtxRawEvent& raw, const char* detail, std::vector<NvtxEvent>& out);
    void pairSpans(std::vector<NvtxEvent>& out);
    void endOpenSpans(std::vector<NvtxEvent>& out);
    std::uint32_t nameOf(std::uint32_t text);
    std::uint32_t categoryOf(const NvtxRawEvent& raw);
    void addDetail(NvtxEvent& event, std::uint32_t detail);

    const CaptureInterface* m_library;
    bool m_running = false;
    std::int64_t m_stoppedNs = 0;
    std::uint64_t m_lostSpans = 0;
    std::shared_ptr<NvtxNames> m_names;
    std::unordered_map<std::uint32_t, std::uint32_t> m_texts; // the library's → names
    std::set<std::uint32_t> m_threads;
    std::map<SpanKey, NvtxEvent> m_open;
    std::map<SpanKey, NvtxEvent> m_ends; // whose starts may still come: another thread was read before
};

} // namespace vitrine::engine
