// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of captured ranges share: the other library, and questions to what was captured.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <dlfcn.h>

#include "engine/nvtx_capture/nvtx_capture.h"

namespace vitrine::tests {

/// A function of a library, which is loaded once.
template<class Function>
Function libraryFunction(const char* library, const char* name)
{
    void* const handle = ::dlopen(library, RTLD_NOW);
    return handle != nullptr ? reinterpret_cast<Function>(::dlsym(handle, name)) : nullptr;
}

/// The other library (nvtx_other_library.cpp).
struct OtherLibrary
{
    explicit OtherLibrary(const char* path)
        : work(libraryFunction<void (*)(int)>(path, "otherWork")),
          plain(libraryFunction<void (*)()>(path, "otherPlain")),
          crossed(libraryFunction<void (*)()>(path, "otherCrossed")),
          push(libraryFunction<void (*)()>(path, "otherPush")),
          pop(libraryFunction<void (*)()>(path, "otherPop")),
          start(libraryFunction<std::uint64_t (*)()>(path, "otherStart")),
          end(libraryFunction<void (*)(std::uint64_t)>(path, "otherEnd")),
          nameThread(libraryFunction<void (*)(std::uint32_t)>(path, "otherNameThread"))
    {}
    bool complete() const { return work && plain && crossed && push && pop && start && end && nameThread; }

    void (*work)(int);
    void (*plain)();
    void (*crossed)();
    void (*push)();
    void (*pop)();
    std::uint64_t (*start)();
    void (*end)(std::uint64_t);
    void (*nameThread)(std::uint32_t);
};

/// What was captured, by name.
struct Captured
{
    const engine::NvtxCapture& capture;
    std::vector<engine::NvtxEvent> events;

    const std::string& name(std::uint32_t number) const { return capture.names()[number]; }
    std::vector<engine::NvtxEvent> of(const std::string& domain, const std::string& message) const
    {
        std::vector<engine::NvtxEvent> found;
        std::copy_if(events.begin(), events.end(), std::back_inserter(found), [&](const auto& event) {
            return name(event.domain) == domain && name(event.message) == message;
        });
        return found;
    }
    std::vector<std::uint64_t> payloads(const std::string& domain, const std::string& message) const
    {
        std::vector<std::uint64_t> payloads;
        for (const engine::NvtxEvent& event : of(domain, message))
            payloads.push_back(event.payload);
        std::sort(payloads.begin(), payloads.end());
        return payloads;
    }
    std::size_t count(engine::NvtxKind kind) const
    {
        return static_cast<std::size_t>(std::count_if(events.begin(), events.end(),
                                                      [&](const auto& event) { return event.kind == kind; }));
    }
};

/// The capture of the process; there is one.
inline std::optional<engine::NvtxCapture>& theCapture()
{
    static std::optional<engine::NvtxCapture> capture;
    return capture;
}
/// Makes it. Empty, or why it cannot be.
inline std::string attachCapture()
{
    engine::Result<engine::NvtxCapture> capture = engine::NvtxCapture::attach();
    if (!capture)
        return capture.error().message;
    theCapture().emplace(std::move(*capture));
    return {};
}
inline Captured stopCapture()
{
    theCapture()->stop();
    return {*theCapture(), theCapture()->take()};
}

/// Of each thread and domain any two ranges lie within or beside each other.
inline bool rangesNest(const std::vector<engine::NvtxEvent>& events)
{
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<engine::NvtxEvent>> lanes;
    for (const engine::NvtxEvent& event : events)
        if (event.kind == engine::NvtxKind::Range)
            lanes[{event.thread, event.domain}].push_back(event);
    for (auto& [lane, ranges] : lanes) {
        std::stable_sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) {
            return a.startNs != b.startNs ? a.startNs < b.startNs : a.endNs > b.endNs;
        });
        std::vector<std::int64_t> open;
        for (const engine::NvtxEvent& range : ranges) {
            while (!open.empty() && open.back() <= range.startNs)
                open.pop_back();
            if (range.endNs < range.startNs || (!open.empty() && range.endNs > open.back()))
                return false;
            open.push_back(range.endNs);
        }
    }
    return true;
}

} // namespace vitrine::tests
