// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/machine_speed.h"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/execution/rank_executor.h"
#include "engine/parallel/rank_group.h"
#include "engine/plan/compute_speed.h"
#include "engine/telemetry/machine.h"

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
    std::nth_element(took.begin(), took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2), took.end());
    return took[took.size() / 2];
}

Result<MachineSpeed> measureMachine(const Model& model, const ModelWork& work, std::uint32_t threads,
                                    bool deterministic, std::span<const std::uint32_t> ranks)
{
    MachineSpeed speed;
    speed.threads = threadsOfRank(threads, 1);
    speed.readBytesOfAll = bandwidth(work.bytes(), speed.threads);
    speed.readBytesOfOne =
        speed.threads == 1 ? speed.readBytesOfAll : bandwidth(work.bytes() / speed.threads, 1);
    if (speed.readBytesOfAll <= 0.0 || speed.readBytesOfOne <= 0.0)
        return noMemory();
    speed.multiplyAdds = measureMultiplyAdds(model, speed.threads, deterministic);
    for (const std::uint32_t count : ranks) {
        LinkSpeed link{count, {}};
        for (std::size_t i = 0; i < kLinkTokens.size() && count > 1; ++i) {
            const std::optional<double> sum = measureSum(count, std::size_t{work.hidden} * kLinkTokens[i]);
            if (!sum)
                return noMemory();
            link.sumSeconds[i] = *sum;
        }
        speed.links.push_back(link);
    }
    return speed;
}

} // namespace vitrine::engine
