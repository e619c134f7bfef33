// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/thread_events.h"

#include <algorithm>

namespace vitrine::engine {

void ThreadEvents::enter(std::uint32_t session)
{
    if (session == m_session)
        return;
    m_session = session;
    m_depth = m_deeper = 0;
}

void ThreadEvents::push(NvtxRawEvent event)
{
    if (m_depth == kDeepest) {
        ++m_deeper;
        m_tooDeep.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    m_open[m_depth++] = event;
}

void ThreadEvents::pop(std::uint32_t domain, std::int64_t nowNs)
{
    if (m_deeper > 0) {
        --m_deeper;
        return;
    }
    std::size_t at = m_depth;
    while (at > 0 && m_open[at - 1].domain != domain)
        --at;
    if (at == 0)
        return;
    NvtxRawEvent range = m_open[at - 1];
    std::copy(m_open.begin() + static_cast<std::ptrdiff_t>(at),
              m_open.begin() + static_cast<std::ptrdiff_t>(m_depth),
              m_open.begin() + static_cast<std::ptrdiff_t>(at - 1));
    --m_depth;
    range.endNs = nowNs;
    add(range);
}

void ThreadEvents::add(NvtxRawEvent event)
{
    event.thread = m_thread;
    m_ring.push(event);
}

std::uint32_t ThreadEvents::knownText(std::string_view text) const
{
    const auto known = m_texts.find(text);
    return known == m_texts.end() ? 0 : known->second;
}

void ThreadEvents::remember(std::string_view text, std::uint32_t id)
{
    constexpr std::size_t kMost = 4096;
    if (m_texts.size() >= kMost)
        m_texts.clear();
    m_texts.emplace(text, id);
}

} // namespace vitrine::engine
