// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/decode_graphs.h"

#include <algorithm>

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

constexpr std::size_t kMostGraphs = 256;
constexpr std::size_t kMostEntries = 1024;     // with those that are only known
constexpr std::uint64_t kLeastNodeBytes = 512; // a node's arguments and launch; an estimate
/// What a rank can do with a shape.
constexpr std::uint32_t kRecord = 1, kLaunch = 2;
constexpr int kNotByAll = -1;        // another rank could not record the shape
constexpr std::uint64_t kInUse = 64; // steps within which a shape that came is likely to come again

} // namespace

const DecodeGraphs::Entry* DecodeGraphs::find(const GraphKey& key) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry& entry) { return entry.key == key; });
    return found == m_entries.end() ? nullptr : &*found;
}

DecodeGraphs::Entry& DecodeGraphs::entryFor(const GraphKey& key)
{
    if (const Entry* known = find(key))
        return m_entries[static_cast<std::size_t>(known - m_entries.data())];
    if (m_entries.size() >= kMostEntries)
        m_entries.erase(
            std::min_element(m_entries.begin(), m_entries.end(),
                             [](const Entry& a, const Entry& b) { return a.lastUse < b.lastUse; }));
    m_entries.push_back({key, 0, false, false, {}});
    return m_entries.back();
}

cuda::Status DecodeGraphs::run(const GraphKey& key, cuda::Stream stream, const Queue& queue,
                               const Agree& agree)
{
    Entry& entry = entryFor(key);
    const bool again = entry.lastUse != 0;
    entry.lastUse = ++m_clock;
    std::uint32_t can = entry.graph ? kLaunch | kRecord : 0;
    if (again && !entry.graph && !entry.refused && makeRoom())
        can = kRecord;
    if (agree)
        can = agree(can);
    if (can == kRecord)
        entry.refused = !record(entry, stream, queue, agree);
    if (can == 0 || !entry.graph)
        return queue();
    ++m_launches;
    return entry.graph.launch(stream);
}

cuda::Status DecodeGraphs::recordAhead(const GraphKey& key, cuda::Stream stream, const Queue& queue,
                                       const Agree& agree)
{
    Entry& entry = entryFor(key);
    entry.triedAhead = true;
    return record(entry, stream, queue, agree);
}

/// Uploaded at once: else the first launch would do it, and its memory would not be counted.
cuda::Status DecodeGraphs::record(Entry& entry, cuda::Stream stream, const Queue& queue, const Agree& agree)
{
    cuda::Status recorded = entry.graph.capture(stream, queue);
    if (recorded)
        recorded = entry.graph.upload(stream);
    const bool byAll = !agree || agree(recorded ? kRecord : 0) != 0;
    if (!recorded || !byAll) {
        entry.graph = {};
        return recorded ? cuda::Status{kNotByAll} : recorded;
    }
    m_measuredBytes += entry.graph.bytes();
    m_measuredNodes += entry.graph.nodes();
    return recorded;
}

std::uint64_t DecodeGraphs::bytesFor(std::size_t nodes) const
{
    const std::uint64_t each =
        m_measuredNodes == 0 ? 0 : (m_measuredBytes + m_measuredNodes - 1) / m_measuredNodes;
    return nodes * std::max(each, kLeastNodeBytes);
}

std::uint64_t DecodeGraphs::bytes() const
{
    std::size_t nodes = 0;
    for (const Entry& entry : m_entries)
        nodes += entry.graph ? entry.graph.nodes() : 0;
    return bytesFor(nodes);
}

/// One more is as large as those that were recorded.
std::size_t DecodeGraphs::usualNodes() const
{
    std::size_t most = 0;
    for (const Entry& entry : m_entries)
        most = std::max(most, entry.graph ? entry.graph.nodes() : 0);
    return most;
}

bool DecodeGraphs::hasRoom() const
{
    return recorded() < kMostGraphs && bytes() + bytesFor(usualNodes()) <= m_budget;
}

/// What is in use stays: to record in turn what does not fit together costs more than single calls.
bool DecodeGraphs::makeRoom()
{
    while (!hasRoom()) {
        Entry* least = nullptr;
        for (Entry& entry : m_entries)
            if (entry.graph && (least == nullptr || entry.lastUse < least->lastUse))
                least = &entry;
        if (least == nullptr || (least->lastUse != 0 && least->lastUse + kInUse > m_clock))
            return false;
        least->graph = {};
    }
    return true;
}

bool DecodeGraphs::isNew(const GraphKey& key) const
{
    const Entry* known = find(key);
    return known == nullptr || (!known->graph && !known->refused && !known->triedAhead);
}

std::vector<GraphKey> DecodeGraphs::used() const
{
    std::vector<const Entry*> entries;
    for (const Entry& entry : m_entries)
        if (entry.lastUse != 0)
            entries.push_back(&entry);
    std::sort(entries.begin(), entries.end(),
              [](const Entry* a, const Entry* b) { return a->lastUse > b->lastUse; });
    std::vector<GraphKey> keys;
    for (const Entry* entry : entries)
        keys.push_back(entry->key);
    return keys;
}

void DecodeGraphs::clear()
{
    for (Entry& entry : m_entries) {
        entry.graph = {};
        entry.triedAhead = entry.refused = false;
    }
}

std::size_t DecodeGraphs::recorded() const
{
    return static_cast<std::size_t>(std::count_if(m_entries.begin(), m_entries.end(),
                                                  [](const Entry& entry) { return bool(entry.graph); }));
}

} // namespace vitrine::engine
