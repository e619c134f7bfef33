// SPDX-License-Identifier: GPL-3.0-or-later
// Samples of one counter in order of time, folded to what can be seen: of a column of the screen the least,
// the most and the last value. One owner, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "engine/analysis/time_range.h"

namespace vitrine::engine {

struct CounterSample
{
    std::int64_t ns = 0;
    double value = 0;
};

/// What is drawn: from startNs on the counter is `last`, after it was between `least` and `most`.
struct CounterColumn
{
    std::int64_t startNs = 0;
    double least = 0, most = 0, last = 0;
    std::uint32_t samples = 0;
};

class CounterLane
{
public:
    /// Brought into order: none lies before the one before. What is no finite number is passed over.
    void add(std::int64_t ns, double value);
    /// Samples before `ns` go, but the last of them: it holds until the next.
    void forgetBefore(std::int64_t ns);

    std::size_t size() const { return m_samples.size(); }
    std::size_t count(const TimeRange& range) const; ///< those that lie in it
    /// That holds at `ns`; nullopt: before the first.
    std::optional<double> valueAt(std::int64_t ns) const;

    /// A column with samples each, at most `columns`; before them what holds where the range begins, with no
    /// sample. Work grows with the columns and a 64th of the samples. REQUIRES: columns > 0.
    std::vector<CounterColumn> fold(const TimeRange& range, std::uint32_t columns) const;

private:
    static constexpr std::size_t kBlock = 64;
    struct Bounds
    {
        double least = 0, most = 0;
    };

    std::size_t firstFrom(std::int64_t ns) const;
    Bounds boundsOf(std::size_t from, std::size_t to) const;

    std::deque<CounterSample> m_samples;
    std::deque<Bounds> m_blocks; // of kBlock samples each, the last one of fewer
};

} // namespace vitrine::engine
