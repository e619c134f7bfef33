// SPDX-License-Identifier: GPL-3.0-or-later
// How evenly processes share the work of steps: what each of them did with the time of the forward passes,
// who was behind and by how much, what went between them, and what became of those that failed. Values of a
// recording may be anything; nothing here is NaN or below zero. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/analysis/samples.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

/// Of one process, over all steps in which it took part.
struct RankLoad
{
    double computeNs = 0, sumNs = 0, waitNs = 0;
    double idleNs = 0;         ///< of the forward passes: it had finished its part, or not begun
    double hiddenNs = 0;       ///< of computeNs: others were late meanwhile
    double bytes = 0;          ///< sent
    std::uint64_t slowest = 0; ///< steps in which it computed longest

    double allNs() const { return computeNs + sumNs + waitNs + idleNs; }
};

/// Steps of a stretch of time.
struct RankStretch
{
    std::int64_t startNs = 0, endNs = 0;
    std::uint64_t steps = 0;
    std::vector<double> busy;   ///< [processes] share of the forward passes in which it computed, 0 … 1
    double most = 0, least = 0; ///< of `busy`
    double bytesPerSecond = 0;  ///< sent by all, while steps were computed
    double sumShare = 0;        ///< of the forward passes, spent in exchanging; the mean of the processes
};

/// A step in which one process computed much longer than another.
struct UnevenStep
{
    std::uint64_t step = 0;
    std::int64_t startNs = 0;
    double forwardNs = 0;
    RankSkew skew;
};

struct RankBalance
{
    static constexpr std::size_t kMostStretches = 160, kMostUneven = 8, kMostEvents = 200;

    std::uint32_t stages = 1;        ///< of the step with most processes
    std::uint64_t steps = 0;         ///< that several processes computed
    double forwardNs = 0;            ///< of those
    std::vector<RankLoad> processes; ///< as many as ever computed together
    Samples skews;                   ///< seconds, of each step
    std::vector<RankStretch> stretches;
    std::vector<UnevenStep> uneven; ///< the worst first
    std::vector<RankEvent> events;  ///< the last ones, in order; times in order too
    std::uint64_t eventCount = 0;   ///< of all

    bool alone() const { return processes.empty(); }
    double linkBytesPerSecond() const; ///< of all, while steps were computed
    double sumShare() const;           ///< of the forward passes, in exchanging; the mean of the processes
    double waitShare() const;          ///< likewise, waiting or idle
    double hiddenShare() const;        ///< of the time in which others were late: it computed on
};

RankBalance rankBalance(std::span<const RecordedStep> steps);

} // namespace vitrine::engine
