// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/replicas/prefix_memory.h"

namespace vitrine::engine {

void PrefixMemory::remember(std::span<const PrefixKey> keys)
{
    for (auto key = keys.rbegin(); key != keys.rend(); ++key)
        touch(*key);
    while (m_places.size() > m_most) {
        m_places.erase(m_byUse.back());
        m_byUse.pop_back();
    }
}

void PrefixMemory::touch(const PrefixKey& key)
{
    const auto place = m_places.find(key);
    if (place != m_places.end()) {
        m_byUse.splice(m_byUse.begin(), m_byUse, place->second);
        return;
    }
    m_byUse.push_front(key);
    m_places.emplace(key, m_byUse.begin());
}

std::size_t PrefixMemory::known(std::span<const PrefixKey> keys) const
{
    std::size_t count = 0;
    while (count < keys.size() && m_places.contains(keys[count]))
        ++count;
    return count;
}

} // namespace vitrine::engine
