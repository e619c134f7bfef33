// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/gpu_team.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/cuda/executor_thread.h"
#include "engine/parallel/tensor_shard.h"
#include "kernels/cuda/device_list.h"
#include "kernels/cuda/nccl_library.h"

namespace vitrine::engine {

namespace {

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

Result<GpuTeam> loadGpuTeam(const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                            const CudaOptions& cuda, const LoadProgress& progress)
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
    GpuTeam team;
    team.hosts = *hosts;
    std::vector<std::future<Result<void>>> made;
    for (std::uint32_t rank = 0; rank < ranks; ++rank) {
        auto thread = std::make_unique<ExecutorThread>();
        made.push_back(thread->make([&loading, rank] { return loading.load(rank); }));
        team.ranks.push_back(std::move(thread));
    }
    for (std::future<Result<void>>& one : made)
        loading.wait(one, progress);
    if (const Result<void> loaded = loading.result(); !loaded)
        return loaded.error();
    return team;
}

} // namespace vitrine::engine
