// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/machine_speed.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/execution/rank_executor.h"
#include "engine/parallel/rank_group.h"
#include "engine/plan/compute_speed.h"
#include "engine/telemetry/machine.h"
#include "kernels/cpu/thread_pool.h"

namespace vitrine::engine {

namespace {

constexpr std::int64_t kLongestMs = 20'000; // that a rank waits for another: only where the machine is stuck

/// One rank's sums; its times in seconds, after those that warm up.
std::vector<double> sumAgainAndAgain(Communicator& own, std::size_t values, std::size_t rounds)
{
    std::vector<float> sums(values, 1.0F);
    std::vector<double> took;
    for (std::size_t round = 0; round < rounds + rounds / 4; ++round) {
        const std::int64_t start = nowNs();
        if (!own.allReduce(sums, Deadline::inMilliseconds(kLongestMs)))
            return {};
        if (round >= rounds / 4)
            took.push_back(static_cast<double>(nowNs() - start) * 1e-9);
        std::fill(sums.begin(), sums.end(), 1.0F);
    }
    return took;
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Of as much memory as a step reads, so that caches help here as they help the model.
double bandwidth(double bytes, std::uint32_t threads)
{
    constexpr double kFewest = 16 << 20, kMost = 256 << 20;
    return measureReadBandwidth(static_cast<std::uint64_t>(std::clamp(bytes, kFewest, kMost)), threads);
}

Error noMemory()
{
    return outOfResources("there is not enough free memory to measure this machine; close other programs or "
                          "say how many processes there shall be");
}

Result<void> measureLink(std::uint32_t ranks, std::uint32_t hidden, MachineSpeed& speed)
{
    LinkSpeed link{ranks, {}};
    for (std::size_t i = 0; i < kLinkTokens.size() && ranks > 1; ++i) {
        const std::optional<double> sum = measureSum(ranks, std::size_t{hidden} * kLinkTokens[i]);
        if (!sum)
            return noMemory();
        link.sumSeconds[i] = *sum;
    }
    speed.links.push_back(link);
    return {};
}

} // namespace

double MachineSpeed::readBytes(double threadsThatRead) const
{
    return std::min(readBytesOfAll, std::max(1.0, threadsThatRead) * readBytesOfOne);
}

double MachineSpeed::sumSeconds(std::uint32_t ranks, double tokens) const
{
    if (ranks <= 1)
        return 0.0;
    const auto link =
        std::find_if(links.begin(), links.end(), [ranks](const LinkSpeed& l) { return l.ranks == ranks; });
    VT_CHECK(link != links.end());
    std::size_t upper = 1;
    while (upper + 1 < kLinkTokens.size() && tokens > kLinkTokens[upper])
        ++upper;
    const double from = kLinkTokens[upper - 1], to = kLinkTokens[upper];
    const double first = link->sumSeconds[upper - 1], last = link->sumSeconds[upper];
    return std::max(0.0, first + (last - first) * (tokens - from) / (to - from));
}

std::uint32_t MachineSpeed::threadsOf(std::uint32_t processes) const
{
    return std::max(1U, threads / processes);
}

double MachineSpeed::barrierSeconds(std::uint32_t threadsOfProcess) const
{
    if (threadsOfProcess <= 1)
        return 0.0;
    const auto barrier = std::find_if(barriers.begin(), barriers.end(),
                                      [&](const BarrierSpeed& b) { return b.threads == threadsOfProcess; });
    VT_CHECK(barrier != barriers.end());
    return barrier->seconds;
}

std::optional<double> measureSum(std::uint32_t ranks, std::size_t values)
{
    constexpr std::size_t kValues = 4'000'000, kFewest = 12, kMost = 400;
    const Result<std::shared_ptr<RankGroup>> group = RankGroup::create({.ranks = ranks});
    if (!group)
        return std::nullopt;
    const std::size_t rounds = std::clamp(kValues / std::max<std::size_t>(1, values), kFewest, kMost);
    std::vector<double> took;
    {
        std::vector<std::jthread> others;
        for (std::uint32_t rank = 1; rank < ranks; ++rank)
            others.emplace_back([&, rank] {
                static_cast<void>(sumAgainAndAgain(*(*group)->communicator(rank), values, rounds));
            });
        took = sumAgainAndAgain(*(*group)->communicator(0), values, rounds);
    }
    if (took.empty())
        return std::nullopt;
    return median(std::move(took));
}

double measureBarrier(std::uint32_t threads)
{
    constexpr std::size_t kWarmUp = 200, kRounds = 2000;
    kernels::cpu::ThreadPool pool(threads);
    std::vector<double> took;
    took.reserve(kRounds);
    pool.run([&](std::uint32_t rank) {
        for (std::size_t round = 0; round < kWarmUp + kRounds; ++round) {
            const std::int64_t start = nowNs();
            pool.barrier();
            if (rank == 0 && round >= kWarmUp)
                took.push_back(static_cast<double>(nowNs() - start) * 1e-9);
        }
    });
    return median(std::move(took));
}

Result<MachineSpeed> measureMachine(const Model& model, const ModelWork& work, std::uint32_t threads,
                                    bool deterministic, std::span<const StagePlan> plans)
{
    MachineSpeed speed;
    speed.threads = threadsOfRank(threads, 1);
    speed.readBytesOfAll = bandwidth(work.bytes(), speed.threads);
    speed.readBytesOfOne =
        speed.threads == 1 ? speed.readBytesOfAll : bandwidth(work.bytes() / speed.threads, 1);
    if (speed.readBytesOfAll <= 0.0 || speed.readBytesOfOne <= 0.0)
        return noMemory();
    speed.multiplyAdds = measureMultiplyAdds(model, speed.threads, deterministic);
    std::set<std::uint32_t> ranks, threadsEach;
    for (const StagePlan& plan : plans) {
        ranks.insert(plan.ranks);
        threadsEach.insert(speed.threadsOf(plan.processes()));
    }
    for (const std::uint32_t count : threadsEach)
        if (count > 1)
            speed.barriers.push_back({count, measureBarrier(count)});
    for (const std::uint32_t count : ranks)
        if (const Result<void> measured = measureLink(count, work.hidden, speed); !measured)
            return measured.error();
    return speed;
}

} // namespace vitrine::engine
