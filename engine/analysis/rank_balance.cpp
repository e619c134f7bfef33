// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/rank_balance.h"

#include <algorithm>
#include <utility>

#include "engine/analysis/time_range.h"

namespace vitrine::engine {

namespace {

double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

double positive(std::int64_t ns)
{
    return static_cast<double>(std::max<std::int64_t>(ns, 0));
}

/// Takes one step after the other.
class Reader
{
public:
    explicit Reader(std::span<const RecordedStep> steps)
    {
        std::int64_t last = 0;
        bool any = false;
        for (const RecordedStep& step : steps) {
            if (step.ranks.processes.empty())
                continue;
            const std::int64_t start = saneNs(step.record.startNs);
            m_startNs = any ? std::min(m_startNs, start) : start;
            last = any ? std::max(last, start) : start;
            any = true;
        }
        m_eachNs = (last - m_startNs) / static_cast<std::int64_t>(RankBalance::kMostStretches) + 1;
    }

    void add(const RecordedStep& step)
    {
        for (const RankEvent& event : step.rankEvents)
            addEvent(event);
        if (step.record.step == 0 || step.ranks.processes.empty())
            return;
        ++m_balance.steps;
        const double forward = std::max(positive(step.record.forwardNs), longest(step.ranks));
        m_balance.forwardNs += forward;
        if (step.ranks.processes.size() > m_balance.processes.size()) {
            m_balance.processes.resize(step.ranks.processes.size());
            m_balance.stages = step.ranks.stages;
        }
        const RankSkew skew = skewOf(step.ranks);
        m_skews.push_back(static_cast<double>(skew.ns) * 1e-9);
        ++m_balance.processes[skew.slowest].slowest;
        addUneven({step.record.step, saneNs(step.record.startNs), forward, skew});
        RankStretch& stretch = stretchAt(saneNs(step.record.startNs), step.ranks.processes.size());
        ++stretch.steps;
        m_stretchNs += forward;
        for (std::size_t i = 0; i < step.ranks.processes.size(); ++i)
            addLoad(i, soundTimes(step.ranks.processes[i].times), forward, stretch);
    }

    RankBalance finish()
    {
        endStretch();
        m_balance.skews = Samples(std::move(m_skews));
        return std::move(m_balance);
    }

private:
    static double longest(const RankParts& ranks)
    {
        double most = 0;
        for (const RankPart& part : ranks.processes) {
            const RankTimes times = soundTimes(part.times);
            most = std::max(most, positive(times.computeNs + times.sumNs + times.waitNs));
        }
        return most;
    }

    void addLoad(std::size_t process, const RankTimes& times, double forward, RankStretch& stretch)
    {
        RankLoad& load = m_balance.processes[process];
        const double compute = positive(times.computeNs), sum = positive(times.sumNs),
                     wait = positive(times.waitNs);
        load.computeNs += compute;
        load.sumNs += sum;
        load.waitNs += wait;
        load.idleNs += std::max(forward - compute - sum - wait, 0.0);
        load.hiddenNs += std::min(positive(times.hiddenNs), compute);
        load.bytes += static_cast<double>(times.bytes);
        stretch.busy[process] += compute;
        stretch.bytesPerSecond += static_cast<double>(times.bytes);
        stretch.sumShare += sum;
    }

    /// Stretches are equally long; a step whose time goes back counts in the newest one, and another number
    /// of processes begins one.
    RankStretch& stretchAt(std::int64_t ns, std::size_t processes)
    {
        const std::int64_t place = std::clamp<std::int64_t>(
            (ns - m_startNs) / m_eachNs, 0, static_cast<std::int64_t>(RankBalance::kMostStretches) - 1);
        const std::int64_t begin = m_startNs + place * m_eachNs;
        auto& all = m_balance.stretches;
        const bool begins = all.empty() || all.back().busy.size() != processes || begin > all.back().startNs;
        if (begins && all.size() < 2 * RankBalance::kMostStretches) {
            endStretch();
            const std::int64_t start = all.empty() ? begin : std::max(begin, all.back().startNs);
            all.push_back({start, begin + m_eachNs, 0, std::vector<double>(processes), 0, 0, 0, 0});
        }
        all.back().busy.resize(std::max(all.back().busy.size(), processes));
        return all.back();
    }

    /// Its sums become shares.
    void endStretch()
    {
        const double forward = std::exchange(m_stretchNs, 0.0);
        if (m_balance.stretches.empty())
            return;
        RankStretch& stretch = m_balance.stretches.back();
        for (double& busy : stretch.busy)
            busy = std::min(ratio(busy, forward), 1.0);
        const auto [least, most] = std::minmax_element(stretch.busy.begin(), stretch.busy.end());
        stretch.least = *least;
        stretch.most = *most;
        stretch.bytesPerSecond = ratio(stretch.bytesPerSecond, forward * 1e-9);
        stretch.sumShare =
            std::min(ratio(stretch.sumShare, forward * static_cast<double>(stretch.busy.size())), 1.0);
    }

    void addUneven(UnevenStep step)
    {
        auto& worst = m_balance.uneven;
        if (step.skew.ns <= 0)
            return;
        const auto place = std::find_if(worst.begin(), worst.end(), [&](const UnevenStep& other) {
            return other.skew.ns < step.skew.ns;
        });
        worst.insert(place, step);
        if (worst.size() > RankBalance::kMostUneven)
            worst.pop_back();
    }

    void addEvent(RankEvent event)
    {
        auto& events = m_balance.events;
        ++m_balance.eventCount;
        event.startNs = saneNs(event.startNs);
        if (!events.empty())
            event.startNs = std::max(event.startNs, events.back().startNs);
        event.endNs = std::max(event.startNs, saneNs(event.endNs));
        events.push_back(std::move(event));
        if (events.size() > RankBalance::kMostEvents)
            events.erase(events.begin());
    }

    RankBalance m_balance;
    std::int64_t m_startNs = 0, m_eachNs = 1;
    double m_stretchNs = 0; ///< of forward passes in the stretch under way
    std::vector<double> m_skews;
};

} // namespace

double RankBalance::linkBytesPerSecond() const
{
    double bytes = 0;
    for (const RankLoad& load : processes)
        bytes += load.bytes;
    return ratio(bytes, forwardNs * 1e-9);
}

double RankBalance::sumShare() const
{
    double sums = 0, all = 0;
    for (const RankLoad& load : processes) {
        sums += load.sumNs;
        all += load.allNs();
    }
    return ratio(sums, all);
}

double RankBalance::waitShare() const
{
    double waits = 0, all = 0;
    for (const RankLoad& load : processes) {
        waits += load.waitNs + load.idleNs;
        all += load.allNs();
    }
    return ratio(waits, all);
}

double RankBalance::hiddenShare() const
{
    double hidden = 0, late = 0;
    for (const RankLoad& load : processes) {
        hidden += load.hiddenNs;
        late += load.hiddenNs + load.waitNs;
    }
    return ratio(hidden, late);
}

RankBalance rankBalance(std::span<const RecordedStep> steps)
{
    Reader reader(steps);
    for (const RecordedStep& step : steps)
        reader.add(step);
    return reader.finish();
}

} // namespace vitrine::engine
