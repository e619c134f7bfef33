// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gpu_capture/activity_log.h"

#include <utility>

namespace vitrine::engine {

void ActivityLog::start(std::size_t most)
{
    const std::lock_guard guard(m_lock);
    m_most = most;
    m_waiting.clear();
    m_dropped = 0;
}

void ActivityLog::add(const GpuActivity& activity)
{
    const std::lock_guard guard(m_lock);
    if (m_waiting.size() < m_most)
        m_waiting.push_back(activity);
    else
        ++m_dropped;
}

void ActivityLog::drop(std::uint64_t count)
{
    const std::lock_guard guard(m_lock);
    m_dropped += count;
}

std::vector<GpuActivity> ActivityLog::take()
{
    const std::lock_guard guard(m_lock);
    return std::exchange(m_waiting, {});
}

std::uint64_t ActivityLog::dropped() const
{
    const std::lock_guard guard(m_lock);
    return m_dropped;
}

std::uint32_t ActivityLog::nameOf(std::string_view name)
{
    constexpr std::size_t kMostNames = 65'536, kLongest = 4096;
    const std::string key(name.substr(0, kLongest));
    const std::lock_guard guard(m_lock);
    if (const auto known = m_numbers.find(key); known != m_numbers.end())
        return known->second;
    if (key.empty() || m_names.size() >= kMostNames)
        return 0;
    const auto number = static_cast<std::uint32_t>(m_names.size());
    m_numbers.emplace(key, number);
    m_names.push_back(key);
    return number;
}

std::string ActivityLog::name(std::uint32_t number) const
{
    const std::lock_guard guard(m_lock);
    return m_names[number < m_names.size() ? number : 0];
}

} // namespace vitrine::engine
