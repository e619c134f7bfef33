// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/capture.h"

#include <algorithm>

#include <sys/syscall.h>
#include <unistd.h>

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostThreads = 1024; // that record at a time
constexpr std::size_t kMostNames = 65'536; // of categories, of threads
constexpr std::size_t kMostDomains = 4096;

// Plain, so that they are there until the thread is no more; the guard's end comes before.
thread_local ThreadEvents* t_events = nullptr;
thread_local bool t_ended = false;

struct ThreadGuard
{
    std::shared_ptr<ThreadEvents> events;
    ~ThreadGuard()
    {
        t_ended = true;
        t_events = nullptr;
        if (events)
            Capture::instance().leave(*events);
    }
};
thread_local ThreadGuard t_guard;

std::uint64_t categoryKey(std::uint32_t domain, std::uint32_t category)
{
    return (std::uint64_t{domain} << 32) | category;
}

const void* ownHandle(std::size_t number)
{
    return reinterpret_cast<const void*>(static_cast<std::uintptr_t>(number));
}

} // namespace

Capture& Capture::instance()
{
    static auto* const capture = new Capture; // threads may speak until the very end of the process
    return *capture;
}

ThreadEvents* Capture::eventsOfThread(std::uint32_t session)
{
    ThreadEvents* const events = t_events != nullptr ? t_events : makeEvents();
    if (events != nullptr)
        events->enter(session);
    return events;
}

ThreadEvents* Capture::makeEvents()
{
    const std::lock_guard guard(m_lock);
    if (t_ended || m_threads.size() >= kMostThreads) {
        ++m_droppedGone;
        return nullptr;
    }
    t_guard.events = std::make_shared<ThreadEvents>(static_cast<std::uint32_t>(::syscall(SYS_gettid)),
                                                    m_capacity, m_payloads);
    m_threads.push_back(t_guard.events);
    t_events = t_guard.events.get();
    return t_events;
}

std::uint32_t Capture::textOf(ThreadEvents& events, std::string_view text)
{
    if (const std::uint32_t known = events.knownText(text); known != 0)
        return known;
    const std::uint32_t id = m_texts.idOf(text);
    events.remember(text, id);
    return id;
}

const void* Capture::addDomain(std::string_view name, const void* theirs)
{
    const std::uint32_t text = m_texts.idOf(name);
    const std::lock_guard guard(m_lock);
    if (m_domainTexts.size() < kMostDomains)
        m_domainTexts.push_back(text);
    const auto domain = static_cast<std::uint32_t>(m_domainTexts.size() - 1);
    const void* const handle = theirs != nullptr ? theirs : ownHandle(domain);
    m_domainHandles.insert(handle, domain);
    return handle;
}

const void* Capture::addString(std::string_view text, const void* theirs)
{
    const std::uint32_t id = m_texts.idOf(text);
    const std::lock_guard guard(m_lock);
    const void* const handle = theirs != nullptr ? theirs : ownHandle(std::max(id, 1U));
    m_stringHandles.insert(handle, id);
    return handle;
}

void Capture::nameCategory(std::uint32_t domain, std::uint32_t category, std::string_view name)
{
    const std::uint32_t text = m_texts.idOf(name);
    const std::lock_guard guard(m_lock);
    if (m_categories.size() < kMostNames)
        m_categories.insert_or_assign(categoryKey(domain, category), text);
}

void Capture::nameThread(std::uint32_t thread, std::string_view name)
{
    const std::uint32_t text = m_texts.idOf(name);
    const std::lock_guard guard(m_lock);
    if (m_threadTexts.size() < kMostNames)
        m_threadTexts.insert_or_assign(thread, text);
}

void Capture::start(std::size_t eventsOfThread)
{
    constexpr std::size_t kMost = std::size_t{1} << 22U;
    const std::lock_guard reader(m_reader);
    std::vector<NvtxRawEvent> stale;
    collect(stale);
    m_payloads.clear();
    const std::lock_guard guard(m_lock);
    m_capacity = std::clamp<std::size_t>(eventsOfThread, 1, kMost);
    m_droppedBefore = droppedNow();
    s_session.store(++m_sessions, std::memory_order_relaxed);
}

std::size_t Capture::drain(void* context, void (*take)(void*, const NvtxRawEvent*, const char*))
{
    const std::lock_guard reader(m_reader);
    std::vector<NvtxRawEvent> events;
    collect(events);
    for (const NvtxRawEvent& event : events)
        take(context, &event, m_payloads.take(event.detail).c_str());
    return events.size();
}

/// Of every thread; those that have ended go when they are empty.
void Capture::collect(std::vector<NvtxRawEvent>& out)
{
    std::vector<std::shared_ptr<ThreadEvents>> threads;
    {
        const std::lock_guard guard(m_lock);
        threads = m_threads;
    }
    for (const auto& thread : threads) {
        const bool ended = thread->ended(); // before the last events are taken
        thread->drain(out);
        if (!ended)
            continue;
        const std::lock_guard guard(m_lock);
        m_droppedGone += thread->dropped();
        std::erase(m_threads, thread);
    }
}

std::uint64_t Capture::droppedNow() const
{
    std::uint64_t dropped = m_droppedGone;
    for (const auto& thread : m_threads)
        dropped += thread->dropped();
    return dropped;
}

std::uint64_t Capture::dropped()
{
    const std::lock_guard guard(m_lock);
    return droppedNow() - m_droppedBefore;
}

std::uint32_t Capture::domainText(std::uint32_t domain)
{
    const std::lock_guard guard(m_lock);
    return domain < m_domainTexts.size() ? m_domainTexts[domain] : 0;
}

std::uint32_t Capture::categoryText(std::uint32_t domain, std::uint32_t category)
{
    const std::lock_guard guard(m_lock);
    const auto known = m_categories.find(categoryKey(domain, category));
    return known == m_categories.end() ? 0 : known->second;
}

std::uint32_t Capture::threadText(std::uint32_t thread)
{
    const std::lock_guard guard(m_lock);
    const auto known = m_threadTexts.find(thread);
    return known == m_threadTexts.end() ? 0 : known->second;
}

} // namespace vitrine::engine
