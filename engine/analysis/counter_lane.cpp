// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/counter_lane.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {

void CounterLane::add(std::int64_t ns, double value)
{
    if (!std::isfinite(value))
        return;
    const std::int64_t last = m_samples.empty() ? -kMostNs : m_samples.back().ns;
    if (m_samples.size() % kBlock == 0)
        m_blocks.push_back({value, value});
    m_samples.push_back({std::max(last, saneNs(ns)), value});
    Bounds& block = m_blocks.back();
    block = {std::min(block.least, value), std::max(block.most, value)};
}

/// Whole blocks, so that the others keep their bounds.
void CounterLane::forgetBefore(std::int64_t ns)
{
    const std::size_t before = firstFrom(ns);
    const std::size_t blocks = before == 0 ? 0 : (before - 1) / kBlock;
    m_samples.erase(m_samples.begin(), m_samples.begin() + static_cast<std::ptrdiff_t>(blocks * kBlock));
    m_blocks.erase(m_blocks.begin(), m_blocks.begin() + static_cast<std::ptrdiff_t>(blocks));
}

std::size_t CounterLane::firstFrom(std::int64_t ns) const
{
    const auto at =
        std::lower_bound(m_samples.begin(), m_samples.end(), ns,
                         [](const CounterSample& sample, std::int64_t time) { return sample.ns < time; });
    return static_cast<std::size_t>(at - m_samples.begin());
}

std::size_t CounterLane::count(const TimeRange& range) const
{
    const std::size_t first = firstFrom(range.startNs), last = firstFrom(range.endNs);
    return last > first ? last - first : 0;
}

std::optional<double> CounterLane::valueAt(std::int64_t ns) const
{
    const std::size_t next = firstFrom(saneNs(ns) + 1);
    return next == 0 ? std::nullopt : std::optional(m_samples[next - 1].value);
}

/// REQUIRES: from < to.
CounterLane::Bounds CounterLane::boundsOf(std::size_t from, std::size_t to) const
{
    Bounds all{m_samples[from].value, m_samples[from].value};
    const auto take = [&all](const Bounds& one) {
        all = {std::min(all.least, one.least), std::max(all.most, one.most)};
    };
    for (std::size_t i = from; i < to;) {
        if (i % kBlock == 0 && i + kBlock <= to) {
            take(m_blocks[i / kBlock]);
            i += kBlock;
        } else {
            take({m_samples[i].value, m_samples[i].value});
            ++i;
        }
    }
    return all;
}

std::vector<CounterColumn> CounterLane::fold(const TimeRange& range, std::uint32_t columns) const
{
    std::vector<CounterColumn> folded;
    if (range.isEmpty())
        return folded;
    const std::int64_t width = std::max<std::int64_t>(1, (range.length() - 1) / columns + 1);
    std::size_t i = firstFrom(range.startNs);
    if (i > 0) {
        const double held = m_samples[i - 1].value;
        folded.push_back({range.startNs, held, held, held, 0});
    }
    while (i < m_samples.size() && m_samples[i].ns < range.endNs) {
        const std::int64_t begin =
            range.startNs + (m_samples[i].ns - range.startNs) / width * width; // of the column
        const std::int64_t end = range.endNs - begin > width ? begin + width : range.endNs;
        const std::size_t next = std::max(i + 1, firstFrom(end));
        const Bounds bounds = boundsOf(i, next);
        folded.push_back({m_samples[i].ns, bounds.least, bounds.most, m_samples[next - 1].value,
                          static_cast<std::uint32_t>(next - i)});
        i = next;
    }
    return folded;
}

} // namespace vitrine::engine
