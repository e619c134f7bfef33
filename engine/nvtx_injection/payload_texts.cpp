// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/payload_texts.h"

#include <utility>

namespace vitrine::engine {

namespace {

constexpr unsigned kPlaceBits = 16;
constexpr std::uint32_t kPlaceMask = (1U << kPlaceBits) - 1;

} // namespace

std::uint32_t PayloadTexts::keep(std::string_view text)
{
    if (text.empty())
        return 0;
    const std::lock_guard guard(m_lock);
    if (m_free.empty()) {
        if (m_texts.size() == kMost)
            return 0;
        m_free.push_back(static_cast<std::uint32_t>(m_texts.size()));
        m_texts.emplace_back();
    }
    const std::uint32_t place = m_free.back();
    m_free.pop_back();
    m_texts[place] = text.substr(0, kLongest);
    return (m_times << kPlaceBits) | place;
}

std::string PayloadTexts::take(std::uint32_t number)
{
    const std::uint32_t place = number & kPlaceMask;
    const std::lock_guard guard(m_lock);
    if (number == 0 || number >> kPlaceBits != (m_times & kPlaceMask) || place >= m_texts.size() ||
        m_texts[place].empty())
        return {};
    m_free.push_back(place);
    return std::exchange(m_texts[place], {});
}

void PayloadTexts::clear()
{
    const std::lock_guard guard(m_lock);
    m_texts.clear();
    m_free.clear();
    do
        ++m_times;
    while ((m_times & kPlaceMask) == 0);
}

} // namespace vitrine::engine
