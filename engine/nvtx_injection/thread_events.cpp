// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/thread_events.h"

#include <algorithm>

namespace vitrine::engine {

void ThreadEvents::enter(std::uint32_t session)
{
    if (session == m_session)
        return;
    m_session = session; // payloads that are still open went with their session
    m_depth = m_deeper = 0;
}

void ThreadEvents::push(NvtxRawEvent event)
{
    if (m_depth == kDeepest) {
        ++m_deeper;
        m_tooDeep.fetch_add(1, std::memory_order_relaxed);
        forget(event.detail);
        return;
    }
    m_open[m_depth++] = event;
}

void ThreadEvents::pop(std::uint32_t domain, std::int64_t nowNs, const NvtxRawEvent* last)
{
    if (m_deeper > 0) {
        --m_deeper;
        forget(last != nullptr ? last->detail : 0);
        return;
    }
    std::size_t at = m_depth;
    while (at > 0 && m_open[at - 1].domain != domain)
        --at;
    if (at == 0) {
        forget(last != nullptr ? last->detail : 0);
        return;
    }
    NvtxRawEvent range = m_open[at - 1];
    std::copy(m_open.begin() + static_cast<std::ptrdiff_t>(at),
              m_open.begin() + static_cast<std::ptrdiff_t>(m_depth),
              m_open.begin() + static_cast<std::ptrdiff_t>(at - 1));
    --m_depth;
    range.endNs = nowNs;
    if (last != nullptr)
        merge(range, *last);
    add(range);
}

void ThreadEvents::add(NvtxRawEvent event)
{
    event.thread = m_thread;
    if (!m_ring.push(event))
        forget(event.detail);
}

void ThreadEvents::merge(NvtxRawEvent& range, const NvtxRawEvent& last)
{
    if (last.message != 0)
        range.message = last.message;
    if (range.payloadKind == NvtxRawPayload::None) {
        range.payloadKind = last.payloadKind;
        range.payload = last.payload;
    }
    if (last.detail == 0)
        return;
    std::string text = m_payloads.take(range.detail);
    text += (text.empty() ? "" : "; ") + m_payloads.take(last.detail);
    range.detail = m_payloads.keep(text);
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
