// SPDX-License-Identifier: GPL-3.0-or-later
// What one thread has told NVTX: a bounded ring of events and the ranges that are open. A range becomes one
// event when it ends, so what is dropped is a whole range and what is kept nests.
//
// Written by its thread, without locks; drained by one other thread at a time.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/nvtx_injection/capture_interface.h"
#include "engine/nvtx_injection/payload_texts.h"
#include "engine/telemetry/spsc_ring.h"

namespace vitrine::engine {

class ThreadEvents
{
public:
    /// `payloads` lives longer.
    ThreadEvents(std::uint32_t thread, std::size_t capacity, PayloadTexts& payloads)
        : m_thread(thread), m_payloads(payloads), m_ring(capacity)
    {}

    // Its thread

    /// Ranges that were opened in an earlier session are forgotten.
    void enter(std::uint32_t session);
    void push(NvtxRawEvent event);
    /// The innermost open range of the domain ends; none: it began before the session. `last`: told with the
    /// end, added to what was told with the beginning.
    void pop(std::uint32_t domain, std::int64_t nowNs, const NvtxRawEvent* last = nullptr);
    void add(NvtxRawEvent event);
    /// The number of a text that comes again and again; 0: not seen yet.
    std::uint32_t knownText(std::string_view text) const;
    void remember(std::string_view text, std::uint32_t id);
    void end() { m_ended.store(true, std::memory_order_release); }

    // The reader

    bool ended() const { return m_ended.load(std::memory_order_acquire); }
    std::size_t drain(std::vector<NvtxRawEvent>& out) { return m_ring.drain(out); }
    std::uint64_t dropped() const { return m_ring.dropped() + m_tooDeep.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t kDeepest = 128;
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void forget(std::uint32_t payload) { m_payloads.take(payload); }
    void merge(NvtxRawEvent& range, const NvtxRawEvent& last);

    std::uint32_t m_thread;
    PayloadTexts& m_payloads;
    SpscRing<NvtxRawEvent> m_ring;
    std::array<NvtxRawEvent, kDeepest> m_open;
    std::size_t m_depth = 0;
    std::size_t m_deeper = 0; // open beyond kDeepest
    std::uint32_t m_session = 0;
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> m_texts;
    std::atomic<std::uint64_t> m_tooDeep{0};
    std::atomic<bool> m_ended{false};
};

} // namespace vitrine::engine
