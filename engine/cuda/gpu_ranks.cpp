// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/gpu_ranks.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/cuda/executor_thread.h"
#include "engine/execution/composed_executor.h"
#include "engine/parallel/rank_group.h"
#include "engine/parallel/tensor_shard.h"
#include "kernels/cuda/device_list.h"
#include "kernels/cuda/nccl_library.h"

namespace vitrine::engine {

namespace {

class GpuRanks final : public ComposedExecutor
{
public:
    GpuRanks(Parts ranks, std::shared_ptr<RankGroup> hosts)
        : ComposedExecutor(std::move(ranks)), m_hosts(std::move(hosts))
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

private:
    const Executor& first() const { return *m_parts.front(); }

    std::shared_ptr<RankGroup> m_hosts;
    std::size_t m_underWay = 0; ///< steps
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

ExecutorInfo GpuRanks::info() const
{
    ExecutorInfo info = infoOfParts();
    info.device = std::to_string(m_parts.size()) + " ranks, " + info.parts.front().device;
    info.layers = info.parts.front().layers;
    for (std::size_t rank = 0; rank < info.parts.size(); ++rank)
        info.parts[rank].device = "rank " + std::to_string(rank) + ", " + info.parts[rank].device;
    return info;
}

Result<void> checkGpus(std::uint32_t ranks, int first)
{
    const kernels::cuda::DeviceList list = kernels::cuda::listDevices();
    if (list.devices.empty())
        return outOfResources("no GPU can be used: " + list.reason);
    const auto from = std::count_if(list.devices.begin(), list.devices.end(),
                                    [&](const auto& device) { return device.index >= first; });
    if (static_cast<std::uint32_t>(from) < ranks)
        return invalidArgument(std::to_string(ranks) + " ranks need as many GPUs, and from number " +
                               std::to_string(first) + " on there are " + std::to_string(from) +
                               " that can be used; ask for fewer ranks");
    const kernels::cuda::NcclLibrary nccl = kernels::cuda::openNccl();
    return nccl ? Result<void>{} : outOfResources(nccl.reason);
}

/// What the ranks do while they are loaded, and what their caller looks at meanwhile.
class Loading
{
public:
    Loading(std::shared_ptr<const Model> model, const ExecutorOptions& options, const CudaOptions& cuda,
            std::shared_ptr<RankGroup> hosts)
        : m_model(std::move(model)), m_options(options), m_cuda(cuda), m_hosts(std::move(hosts))
    {}

    /// Of one rank, on its thread. Whoever fails says so: the others do not wait for it.
    Result<std::unique_ptr<Executor>> load(std::uint32_t rank)
    {
        ExecutorOptions options = m_options;
        options.ranks = m_hosts->communicator(rank);
        CudaOptions cuda = m_cuda;
        cuda.device += static_cast<int>(rank);
        options.gpu = cuda.device;
        Result<std::unique_ptr<Executor>> made =
            makeCudaExecutor(m_model, options, cuda, [this, rank](LoadStage /*stage*/, double fraction) {
                if (rank == 0)
                    m_fraction = fraction;
                return !m_stop;
            });
        if (!made && !m_failed.exchange(true)) {
            m_failure = made.error();
            m_hosts->end(made.error().message);
        }
        return made;
    }

    /// Waits for this rank; tells of the progress and asks whether to go on.
    void wait(std::future<Result<void>>& rank, const LoadProgress& progress)
    {
        constexpr std::chrono::milliseconds kPause{20};
        while (rank.wait_for(kPause) != std::future_status::ready)
            if (progress && !progress(LoadStage::PackingWeights, m_fraction))
                m_stop = true;
    }

    /// Of whoever failed first; once all ranks are through.
    Result<void> result() const { return m_failed ? Result<void>(*m_failure) : Result<void>{}; }

private:
    std::shared_ptr<const Model> m_model;
    ExecutorOptions m_options;
    CudaOptions m_cuda;
    std::shared_ptr<RankGroup> m_hosts;
    std::atomic<double> m_fraction{0.0};
    std::atomic<bool> m_stop{false}, m_failed{false};
    std::optional<Error> m_failure; ///< written by the first rank that fails
};

} // namespace

Result<std::unique_ptr<Executor>> makeGpuRanks(const std::shared_ptr<const Model>& model,
                                               const ExecutorOptions& options, const CudaOptions& cuda,
                                               const LoadProgress& progress)
{
    const std::uint32_t ranks = options.rankCount;
    VT_CHECK(ranks >= 2 && options.layers == LayerRange{});
    if (const auto possible = tensorShard(model->config(), model->weights(), 0, ranks); !possible)
        return possible.error();
    if (const Result<void> there = checkGpus(ranks, cuda.device); !there)
        return there.error();
    GroupShape shape;
    shape.ranks = ranks;
    shape.collectiveBytes = shape.messageBytes = 4096; // hosts agree on little
    Result<std::shared_ptr<RankGroup>> hosts = RankGroup::create(shape);
    if (!hosts)
        return hosts.error();
    Loading loading(model, options, cuda, *hosts);
    std::vector<std::unique_ptr<Executor>> parts;
    std::vector<std::future<Result<void>>> made;
    for (std::uint32_t rank = 0; rank < ranks; ++rank) {
        auto thread = std::make_unique<ExecutorThread>();
        made.push_back(thread->make([&loading, rank] { return loading.load(rank); }));
        parts.push_back(std::move(thread));
    }
    for (std::future<Result<void>>& one : made)
        loading.wait(one, progress);
    if (const Result<void> loaded = loading.result(); !loaded)
        return loaded.error();
    return std::unique_ptr<Executor>(std::make_unique<GpuRanks>(std::move(parts), std::move(*hosts)));
}

} // namespace vitrine::engine
