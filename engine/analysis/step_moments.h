// SPDX-License-Identifier: GPL-3.0-or-later
// When things of a recording happened: walks its steps and says of each when it began and when its tokens
// were there. Times of a recording may be anything: differences are taken so that nothing overflows.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

/// 0 when `to` is not behind `from`.
inline double secondsBetween(std::int64_t from, std::int64_t to)
{
    if (to <= from)
        return 0.0;
    return static_cast<double>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)) * 1e-9;
}

/// All blocks of the pool after the step.
inline std::uint64_t poolBlocks(const StepFigures& record)
{
    return std::uint64_t{record.blocksReferenced} + record.blocksCached + record.blocksFree;
}

/// 0 … 1 of the pool.
inline double poolShare(std::uint32_t blocks, const StepFigures& record)
{
    const std::uint64_t all = poolBlocks(record);
    return all == 0 ? 0.0 : static_cast<double>(blocks) / static_cast<double>(all);
}

class StepMoments
{
public:
    /// The next step of the recording. What came between two steps happens when the one before had ended.
    void enter(const RecordedStep& step)
    {
        if (step.record.step == 0)
            return;
        m_startNs = step.record.startNs;
        m_landedNs = step.record.endNs;
        for (const PhaseSpan& span : step.phases)
            if (span.phase == StepPhase::Sample)
                m_landedNs = span.endNs; // events are sent beside the next step
        m_landedNs = std::max(m_landedNs, m_startNs);
    }

    std::int64_t startNs() const { return m_startNs; }
    std::int64_t landedNs() const { return m_landedNs; }
    double seconds() const { return secondsBetween(m_startNs, m_landedNs); }

private:
    std::int64_t m_startNs = 0, m_landedNs = 0;
};

} // namespace vitrine::engine
