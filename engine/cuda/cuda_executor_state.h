// SPDX-License-Identifier: GPL-3.0-or-later
// The class behind makeCudaExecutor(), for its own files: cuda_executor.cpp has the steps,
// cuda_executor_memory.cpp who gets how much of the device, cuda_executor_graphs.cpp what is recorded ahead.
// Engine thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/cuda/decode_graphs.h"
#include "engine/cuda/device_budget.h"
#include "engine/cuda/device_group.h"
#include "engine/cuda/device_kv.h"
#include "engine/cuda/device_queue.h"
#include "engine/cuda/device_weights.h"
#include "engine/cuda/kv_mover.h"
#include "engine/cuda/step_plan.h"
#include "engine/cuda/step_room.h"
#include "engine/execution/model_part.h"
#include "engine/execution/rope_table.h"
#include "kernels/cuda/device_list.h"
#include "kernels/cuda/sample.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

class CudaExecutor final : public Executor
{
public:
    CudaExecutor(std::shared_ptr<const ModelPart> model, const ExecutorOptions& options,
                 const CudaOptions& cudaOptions, kernels::cuda::DeviceInfo device, DeviceWeights weights,
                 std::unique_ptr<DeviceGroup> group);

    Result<void> start()
    {
        Result<void> started = m_queue.start(m_rope);
        return started ? m_mover.start() : started;
    }

    ~CudaExecutor() override
    {
        if (m_group != nullptr && !m_flights.empty())
            m_group->end(
                "the model is unloaded"); // nobody waits for this rank, nor do its own moves for others
        m_mover.wait();
        if (!m_flights.empty())
            (void)kernels::cuda::synchronize(m_queue.stream());
    }

    std::uint64_t kvBytesPerToken() const override
    {
        const kernels::cuda::KvPages one = shapeFor({1, 1});
        return static_cast<std::uint64_t>(one.totalBytes());
    }

    std::uint64_t freeKvBytes() const override;
    Result<StepLimits> reserveSteps(const StepLimits& limits) override;
    bool hasRoom(const StepLimits& limits) const override { return m_room.fits(limits); }
    bool prepareAhead() override;

    Result<void> reserveKv(const KvPlan& plan) override;
    Result<void> reserveHost(std::uint32_t slots) override;
    Result<void> resizeKv(std::uint32_t blocks) override;
    void setDeterministic(bool on) override
    {
        VT_CHECK(m_flights.empty());
        m_onePath = on || m_options.precise;
        m_graphs.forget();
    }

    Result<void> transfer(std::span<const KvTransfer> transfers) override;
    std::optional<double> moveSeconds() const override { return m_moveSeconds; }

    bool mayFollow(const ForwardBatch& batch) const override;
    bool takesFollowers() const override { return true; }
    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override;
    std::span<const float> hiddenRows() const override { return m_room.results().hiddenRows(m_hiddenRows); }
    std::span<const TokenId> bestTokens() const override { return m_tokens; }
    std::span<const TokenId> chosenTokens() const override { return m_tokens; }
    bool canChoose(const SamplingParams& params) const override
    {
        const std::uint32_t vocab = m_model->config().vocab;
        const bool takesTopK = params.topK <= kernels::cuda::kMostTopK || params.topK >= vocab;
        return takesTopK && vocab <= kernels::cuda::kMostSampledVocab;
    }
    std::size_t mostAdjustments() const override { return kMostAdjustments; }
    SampledToken report(std::size_t row) const override { return m_reports.at(row); }
    bool overlaps() const override { return true; }
    bool measuresAttention() const override { return false; }
    std::span<const float> attentionMass(std::size_t /*index*/) const override { return {}; }
    void timeOperations(bool /*on*/) override {}
    OperationTimes operationTimes() const override { return {}; }

    ExecutorInfo info() const override;

private:
    /// A launched step and its place of pinned memory.
    struct Flight
    {
        const ForwardBatch* batch = nullptr;
        std::size_t place = 0;
    };

    /// The device of a thread is the first one until it says otherwise.
    void enter() const { (void)kernels::cuda::useDevice(m_device.index); }

    kernels::cuda::KvPages shapeFor(const KvPlan& plan) const
    {
        const ModelConfig& config = m_model->config();
        kernels::cuda::KvPages shape;
        shape.number = m_options.precise ? kernels::cuda::KvNumber::F32 : kvNumberOf(m_options.kvFormat);
        shape.pages = std::int64_t{plan.blocks} * m_columns.shape.blockPages();
        shape.layers = m_columns.layersPerPage;
        shape.blockSize = plan.blockSize;
        shape.kvHeads = config.kvHeads;
        shape.headDim = config.headDim;
        return shape;
    }

    StepPlanner planner() const
    {
        return {m_model->config().kvHeads,    m_plan.blockSize, m_device.multiprocessors,
                m_columns.shape.blockPages(), m_onePath,        m_cuda.graphs,
                m_model->hiddenIn(),          m_model->ends()};
    }

    /// What the device has left and what of the rest is this executor's.
    DeviceUse use() const;
    StepLimits granted(const StepLimits& limits) const; ///< as far as there is memory for them
    GraphLadder ladder() const;
    /// The next one worth recording; nothing: there is none.
    std::optional<GraphKey> nextToRecord() const;
    bool recordAhead(const GraphKey& key);
    DecodeGraphs::Agree agreement();
    /// Memory for a step; recorded graphs go where something moved.
    Result<void> makeRoom(const ForwardBatch& batch, const StepPlan& plan);
    /// The same on all ranks, or on none.
    Result<void> makeRoomTogether(const ForwardBatch& batch, const StepPlan& plan);
    Result<void> waitFor(const Flight& flight);
    Error fail(Error error);
    std::size_t tokensUnderWay() const; ///< that a step which follows may name
    std::size_t nextPlace() const { return m_flights.empty() ? 0 : 1 - m_flights[0].place; }
    kernels::cuda::Status queueFlight(const Flight& flight, const StepPlan& plan);
    kernels::cuda::Status queue(const StepPlan& plan, std::size_t place, bool fed);

    std::shared_ptr<const ModelPart> m_model;
    ExecutorOptions m_options;
    CudaOptions m_cuda;
    kernels::cuda::DeviceInfo m_device;
    DeviceWeights m_weights;
    KvColumns m_columns;
    RopeTable m_rope;
    DeviceBudget m_budget;
    DeviceQueue m_queue;
    std::unique_ptr<DeviceGroup> m_group; ///< null: the device has all tensors. Outlives the graphs
    DeviceKv m_kv;
    KvMover m_mover;
    KvPlan m_plan;
    StepRoom m_room;
    StepLimits m_limits{0, 0, 0, 0}; ///< that there is room for; nothing: nobody has said
    DecodeGraphs m_graphs;
    bool m_recordsAhead = true; ///< until it fails
    bool m_onePath;
    std::vector<Flight> m_flights;       ///< launched, oldest first
    std::vector<TokenId> m_tokens;       ///< chosen in the last step
    TokenReports m_reports;              ///< likewise
    std::size_t m_hiddenRows = 0;        ///< that the last step gave
    std::optional<double> m_moveSeconds; ///< of the moves before the last step
    std::optional<Error> m_failure;      ///< after which nothing can be believed
};

} // namespace vitrine::engine
