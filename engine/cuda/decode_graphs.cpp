// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/decode_graphs.h"

#include <algorithm>

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

constexpr std::size_t kMostGraphs = 64; // each takes some hundred KiB of device memory

} // namespace

DecodeGraphs::Entry& DecodeGraphs::entryFor(const Key& key)
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry& entry) { return entry.key == key; });
    if (found != m_entries.end())
        return *found;
    if (m_entries.size() >= kMostGraphs)
        m_entries.erase(
            std::min_element(m_entries.begin(), m_entries.end(),
                             [](const Entry& a, const Entry& b) { return a.lastUse < b.lastUse; }));
    m_entries.push_back({key, 0, false, {}});
    return m_entries.back();
}

cuda::Status DecodeGraphs::run(const Key& key, cuda::Stream stream,
                               const std::function<cuda::Status()>& queue)
{
    Entry& entry = entryFor(key);
    const bool again = entry.lastUse != 0;
    entry.lastUse = ++m_clock;
    if (again && !entry.graph && !entry.refused)
        entry.refused = !entry.graph.capture(stream, queue);
    if (!entry.graph)
        return queue();
    ++m_launches;
    return entry.graph.launch(stream);
}

std::size_t DecodeGraphs::recorded() const
{
    return static_cast<std::size_t>(std::count_if(m_entries.begin(), m_entries.end(),
                                                  [](const Entry& entry) { return bool(entry.graph); }));
}

} // namespace vitrine::engine
