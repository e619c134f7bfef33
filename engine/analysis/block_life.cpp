// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/block_life.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "engine/analysis/block_tracker.h"
#include "engine/analysis/step_moments.h"

namespace vitrine::engine {

namespace {

class LifeReader
{
public:
    LifeReader(const RecordingStart& pool, std::size_t steps)
        : m_tracker(pool.blocks), m_stride((steps + BlockLife::kMostPoints - 1) / BlockLife::kMostPoints)
    {}

    void add(const RecordedStep& step)
    {
        m_clock.enter(step);
        m_nowNs = m_clock.startNs();
        m_givenBack = kNullBlock;
        for (const BlockEvent& event : step.blocks)
            add(event);
        if (m_seen++ % m_stride == 0)
            m_life.references.push_back({m_clock.landedNs(), m_tracker.referenced(), m_tracker.shared(),
                                         m_tracker.cached(), m_tracker.references()});
    }

    BlockLife finish()
    {
        m_life.lifetime = Samples(std::move(m_lifetime));
        m_life.idleBeforeEvict = Samples(std::move(m_idle));
        m_life.reuseGap = Samples(std::move(m_gaps));
        return std::move(m_life);
    }

private:
    void add(const BlockEvent& event)
    {
        const TrackedBlock* block = m_tracker.find(event.block);
        const bool idle = block != nullptr && block->references == 0;
        switch (event.kind) {
        case BlockEventKind::Take:
        case BlockEventKind::CopyOnWrite:
            ++m_life.taken;
            m_found.erase(event.block.value);
            break;
        case BlockEventKind::Share:
            ++m_life.shared;
            m_found.insert(event.block.value);
            if (idle && block->findable) {
                ++m_life.revived;
                m_gaps.push_back(secondsBetween(block->idleNs, m_nowNs));
            }
            break;
        case BlockEventKind::Fill:
            ++m_life.filled;
            break;
        case BlockEventKind::Evict:
            evict(event, block, idle);
            break;
        default:
            break;
        }
        m_tracker.apply(event, m_nowNs);
        const bool gaveBack = event.kind == BlockEventKind::Release || event.kind == BlockEventKind::Drop;
        m_givenBack = gaveBack ? event.block : kNullBlock;
    }

    /// One that goes in the moment it is given back was a copy of another one; so was one that is still held.
    void evict(const BlockEvent& event, const TrackedBlock* block, bool idle)
    {
        if (!idle || event.block == m_givenBack) {
            ++m_life.duplicates;
            return;
        }
        ++m_life.evicted;
        m_life.evictedNew += m_found.contains(event.block.value) ? 0 : 1;
        m_idle.push_back(secondsBetween(block->idleNs, m_nowNs));
        m_lifetime.push_back(secondsBetween(block->takenNs, m_nowNs));
    }

    BlockLife m_life;
    BlockTracker m_tracker;
    StepMoments m_clock;
    std::int64_t m_nowNs = 0;
    BlockId m_givenBack = kNullBlock;         // by the event before
    std::unordered_set<std::int32_t> m_found; // since they were taken
    std::vector<double> m_lifetime, m_idle, m_gaps;
    std::size_t m_stride, m_seen = 0;
};

} // namespace

BlockLife blockLife(const RecordingStart& pool, std::span<const RecordedStep> steps)
{
    LifeReader reader(pool, std::max<std::size_t>(steps.size(), 1));
    for (const RecordedStep& step : steps)
        reader.add(step);
    return reader.finish();
}

} // namespace vitrine::engine
