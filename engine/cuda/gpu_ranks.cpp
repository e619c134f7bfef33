// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/gpu_ranks.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/cuda/executor_thread.h"
#include "engine/cuda/gpu_team.h"
#include "engine/execution/composed_executor.h"

namespace vitrine::engine {

namespace {

class GpuRanks final : public ComposedExecutor
{
public:
    GpuRanks(GpuTeam team, std::shared_ptr<const Model> model, const ExecutorOptions& options,
             const CudaOptions& cuda)
        : ComposedExecutor(std::move(team.ranks)), m_hosts(std::move(team.hosts)), m_model(std::move(model)),
          m_options(options), m_cuda(cuda)
    {}
    /// Nobody waits for a rank that is gone.
    ~GpuRanks() override
    {
        if (m_underWay > 0)
            m_hosts->end("the model is unloaded");
        dropParts();
    }

    std::uint64_t freeKvBytes() const override;
    std::optional<double> moveSeconds() const override;
    bool prepareAhead() override;
    bool mayFollow(const ForwardBatch& batch) const override;
    bool takesFollowers() const override { return true; }
    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override;

    std::span<const TokenId> bestTokens() const override { return first().bestTokens(); }
    std::span<const TokenId> chosenTokens() const override { return first().chosenTokens(); }
    SampledToken report(std::size_t row) const override { return first().report(row); }
    bool canChoose(const SamplingParams& params) const override { return first().canChoose(params); }
    std::size_t mostAdjustments() const override { return first().mostAdjustments(); }
    bool overlaps() const override { return true; }
    bool measuresAttention() const override { return false; }
    std::span<const float> attentionMass(std::size_t /*index*/) const override { return {}; }
    OperationTimes operationTimes() const override { return {}; }
    ExecutorInfo info() const override;

    bool isBroken() const override { return m_hosts->hasEnded(); }
    Result<RankRecovery> recover() override;

private:
    const Executor& first() const { return *m_parts.front(); }
    bool failsTooOften();
    Result<void> loadAgain();

    std::shared_ptr<RankGroup> m_hosts;
    std::shared_ptr<const Model> m_model;
    ExecutorOptions m_options;
    CudaOptions m_cuda;
    std::size_t m_underWay = 0;           ///< steps
    std::vector<std::int64_t> m_failures; ///< when, by nowNs(), of the last minute
    std::optional<ExecutorInfo>
        m_lastInfo; ///< of GPUs that could not be loaded again: all else of them is gone
};

/// As many tokens as the fullest GPU has room for.
std::uint64_t GpuRanks::freeKvBytes() const
{
    std::uint64_t tokens = std::numeric_limits<std::uint64_t>::max();
    for (const std::unique_ptr<Executor>& rank : m_parts)
        tokens = std::min(tokens, rank->freeKvBytes() / rank->kvBytesPerToken());
    return std::max<std::uint64_t>(1, tokens * kvBytesPerToken());
}

/// They move at the same time.
std::optional<double> GpuRanks::moveSeconds() const
{
    std::optional<double> longest;
    for (const std::unique_ptr<Executor>& rank : m_parts)
        longest = std::max(longest, rank->moveSeconds());
    return longest;
}

/// All at once: they record the same steps together.
bool GpuRanks::prepareAhead()
{
    std::vector<std::future<bool>> all;
    for (const std::unique_ptr<Executor>& rank : m_parts)
        all.push_back(static_cast<ExecutorThread&>(*rank).preparesAhead());
    bool more = true;
    for (std::future<bool>& one : all)
        more = one.get() && more;
    return more;
}

bool GpuRanks::mayFollow(const ForwardBatch& batch) const
{
    return m_underWay == 1 && std::all_of(m_parts.begin(), m_parts.end(),
                                          [&](const auto& rank) { return rank->mayFollow(batch); });
}

Result<void> GpuRanks::launch(const ForwardBatch& batch)
{
    VT_CHECK(m_underWay < 2);
    for (const std::unique_ptr<Executor>& rank : m_parts)
        if (Result<void> launched = rank->launch(batch); !launched)
            return launched;
    ++m_underWay;
    return {};
}

/// All at once: the one that fails lets the others go.
Result<std::span<const float>> GpuRanks::await()
{
    VT_CHECK(m_underWay > 0);
    std::vector<std::future<Result<std::span<const float>>>> all;
    for (const std::unique_ptr<Executor>& rank : m_parts)
        all.push_back(static_cast<ExecutorThread&>(*rank).awaits());
    Result<std::span<const float>> result = all.front().get();
    for (std::size_t rank = 1; rank < all.size(); ++rank)
        if (const Result<std::span<const float>> other = all[rank].get(); !other && result)
            result = other.error();
    --m_underWay;
    return result;
}

/// Often in a row it is no accident, and every time takes as long as loading.
bool GpuRanks::failsTooOften()
{
    constexpr std::int64_t kMinuteNs = 60'000'000'000;
    const std::int64_t now = nowNs();
    std::erase_if(m_failures, [now](std::int64_t at) { return now - at > kMinuteNs; });
    m_failures.push_back(now);
    return m_failures.size() > m_options.rankFailures;
}

/// The GPUs give back what they have first: there is no room for it twice.
Result<void> GpuRanks::loadAgain()
{
    m_lastInfo = info();
    for (std::unique_ptr<Executor>& rank : m_parts)
        rank = std::make_unique<ExecutorThread>();
    Result<GpuTeam> team = loadGpuTeam(m_model, m_options, m_cuda, {});
    if (!team)
        return team.error();
    m_parts = std::move(team->ranks);
    m_hosts = std::move(team->hosts);
    m_lastInfo.reset();
    Result<void> restored = restore();
    if (!restored)
        m_hosts->end(restored.error().message);
    return restored;
}

/// The whole group: who has left one of NCCL's cannot come back to it, and KV of one rank alone is of no use.
Result<RankRecovery> GpuRanks::recover()
{
    VT_CHECK(m_underWay == 0);
    RankRecovery recovery;
    recovery.reason = m_hosts->reason();
    recovery.failedNs = nowNs();
    recovery.ranksBefore = recovery.ranksNow = static_cast<std::uint32_t>(m_parts.size());
    if (m_lastInfo)
        return internalError("the GPUs could not be loaded again; load the model again");
    if (failsTooOften())
        return internalError("the GPUs failed " + std::to_string(m_failures.size()) +
                             " times within a minute; load the model again, on one GPU perhaps");
    if (const Result<void> loaded = loadAgain(); !loaded)
        return loaded.error();
    for (std::uint32_t rank = 0; rank < recovery.ranksNow; ++rank)
        recovery.replaced.push_back(rank);
    recovery.recoveredNs = nowNs();
    return recovery;
}

ExecutorInfo GpuRanks::info() const
{
    if (m_lastInfo)
        return *m_lastInfo;
    ExecutorInfo info = infoOfParts();
    info.device = std::to_string(m_parts.size()) + " ranks, " + info.parts.front().device;
    info.layers = info.parts.front().layers;
    for (std::size_t rank = 0; rank < info.parts.size(); ++rank)
        info.parts[rank].device = "rank " + std::to_string(rank) + ", " + info.parts[rank].device;
    return info;
}

} // namespace

Result<std::unique_ptr<Executor>> makeGpuRanks(const std::shared_ptr<const Model>& model,
                                               const ExecutorOptions& options, const CudaOptions& cuda,
                                               const LoadProgress& progress)
{
    Result<GpuTeam> team = loadGpuTeam(model, options, cuda, progress);
    if (!team)
        return team.error();
    return std::unique_ptr<Executor>(std::make_unique<GpuRanks>(std::move(*team), model, options, cuda));
}

} // namespace vitrine::engine
