// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that is captured in this process: sessions, threads, names. There is one, since NVTX's callbacks
// carry no context. While nothing is recorded a call costs one relaxed load here.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/ordered_mutex.h"
#include "engine/nvtx_injection/capture_interface.h"
#include "engine/nvtx_injection/handle_table.h"
#include "engine/nvtx_injection/payload_texts.h"
#include "engine/nvtx_injection/text_table.h"
#include "engine/nvtx_injection/thread_events.h"

namespace vitrine::engine {

class Capture
{
public:
    static Capture& instance();

    // Threads that call NVTX

    /// Where this thread's events go; null while nothing is recorded.
    static ThreadEvents* recording()
    {
        const std::uint32_t session = s_session.load(std::memory_order_relaxed);
        return session == 0 ? nullptr : instance().eventsOfThread(session);
    }
    std::uint32_t domainOf(const void* handle) const { return m_domainHandles.find(handle); }
    std::uint32_t registeredText(const void* handle) const { return m_stringHandles.find(handle); }
    std::uint32_t textOf(ThreadEvents& events, std::string_view text);
    /// A text that is kept as long as the process: names, not values.
    std::uint32_t textOf(std::string_view text) { return m_texts.idOf(text); }
    PayloadTexts& payloadTexts() { return m_payloads; }
    std::uint64_t nextSpan() { return m_spans.fetch_add(1, std::memory_order_relaxed); }

    /// `theirs`: what the next tool calls it; null: there is none, and one of ours is made.
    const void* addDomain(std::string_view name, const void* theirs);
    const void* addString(std::string_view text, const void* theirs);
    void nameCategory(std::uint32_t domain, std::uint32_t category, std::string_view name);
    void nameThread(std::uint32_t thread, std::string_view name);

    // The program that captures (capture_interface.h)

    void start(std::size_t eventsOfThread);
    void stop() { s_session.store(0, std::memory_order_relaxed); }
    std::size_t drain(void* context, void (*take)(void*, const NvtxRawEvent*, const char*));
    std::uint64_t dropped();
    const char* text(std::uint32_t id) const { return m_texts.text(id); }
    std::uint32_t domainText(std::uint32_t domain);
    std::uint32_t categoryText(std::uint32_t domain, std::uint32_t category);
    std::uint32_t threadText(std::uint32_t thread);

    /// The calling thread is about to end.
    void leave(ThreadEvents& events) { events.end(); }

private:
    ThreadEvents* eventsOfThread(std::uint32_t session);
    ThreadEvents* makeEvents();
    void collect(std::vector<NvtxRawEvent>& out);
    std::uint64_t droppedNow() const;

    // Not of the instance, which would have to be looked for.
    static inline constinit std::atomic<std::uint32_t> s_session{0}; // 0: nothing is recorded

    std::atomic<std::uint64_t> m_spans{1};
    HandleTable<13> m_domainHandles;
    HandleTable<17> m_stringHandles;
    TextTable m_texts;
    PayloadTexts m_payloads;

    OrderedMutex m_lock{LockOrder::NvtxCapture}; // guards what follows
    std::uint32_t m_sessions = 0;
    std::size_t m_capacity = 0;
    std::vector<std::shared_ptr<ThreadEvents>> m_threads;
    std::uint64_t m_droppedGone = 0;   // of threads that are gone, and of those that found no place
    std::uint64_t m_droppedBefore = 0; // when the session began
    std::vector<std::uint32_t> m_domainTexts{0};
    std::unordered_map<std::uint64_t, std::uint32_t> m_categories; // domain, category → text
    std::unordered_map<std::uint32_t, std::uint32_t> m_threadTexts;

    OrderedMutex m_reader{LockOrder::NvtxReader}; // held while draining; before m_lock
};

} // namespace vitrine::engine
