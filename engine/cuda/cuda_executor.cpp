// SPDX-License-Identifier: GPL-3.0-or-later
// A step is: one copy of its inputs to the device, the pass, one copy of what is wanted back, an event. The
// thread waits nowhere but for that event. What the device reports late ends this executor: its memory is in
// doubt.
#include "engine/cuda/cuda_executor.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/base/check.h"
#include "engine/cuda/cuda_status.h"
#include "engine/cuda/decode_graphs.h"
#include "engine/cuda/device_choice.h"
#include "engine/cuda/device_kv.h"
#include "engine/cuda/device_weights.h"
#include "engine/cuda/step_plan.h"
#include "engine/cuda/step_results.h"
#include "engine/execution/batch_check.h"
#include "kernels/cpu/dequantize.h"
#include "kernels/cuda/blas.h"
#include "kernels/cuda/device_list.h"
#include "kernels/cuda/sample.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

constexpr std::uint64_t kHeadroomBytes = std::uint64_t{512} << 20U;
constexpr std::size_t kScratchBytes = std::size_t{64} << 20U;

/// No more than the largest matrix takes.
std::size_t scratchFor(const ModelConfig& config, cuda::Number number)
{
    const std::uint64_t widest = std::max({std::uint64_t{config.ffn}, std::uint64_t{config.vocab},
                                           std::uint64_t{config.heads} * config.headDim});
    const std::uint64_t bytes =
        widest * std::max<std::uint64_t>(config.hidden, 1) * cuda::numberBytes(number);
    return static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kScratchBytes));
}

std::vector<float> ropeFactors(const Model& model)
{
    const WeightView& view = model.weights().ropeFactors;
    std::vector<float> factors(view ? view.columns * view.rows : 0);
    if (view)
        kernels::cpu::dequantize(view.type, view.data, factors.data(), factors.size());
    return factors;
}

class CudaExecutor final : public Executor
{
public:
    CudaExecutor(std::shared_ptr<const Model> model, const ExecutorOptions& options,
                 const CudaOptions& cudaOptions, cuda::DeviceInfo device, DeviceWeights weights)
        : m_model(std::move(model)), m_options(options), m_cuda(cudaOptions), m_device(std::move(device)),
          m_weights(std::move(weights)), m_columns(kvColumns(m_model->config())),
          m_rope(m_model->config(), ropeFactors(*m_model)),
          m_number(options.precise ? cuda::Number::F32 : cuda::Number::BF16),
          m_work(m_model->config(), m_number, m_rope.kinds(), scratchFor(m_model->config(), m_number)),
          m_results(m_model->config().vocab), m_onePath(options.precise || options.deterministic)
    {}

    Result<void> start()
    {
        for (const auto& [status, doing] : {std::pair{m_stream.create(), "making a GPU stream"},
                                            std::pair{m_done[0].create(), "making a GPU event"},
                                            std::pair{m_done[1].create(), "making a GPU event"},
                                            std::pair{m_blas.create(), "starting cuBLAS"}})
            if (Result<void> made = resultOf(status, doing); !made)
                return made;
        return sendFrequencies();
    }

    ~CudaExecutor() override
    {
        if (!m_flights.empty())
            (void)cuda::synchronize(m_stream.get());
    }

    std::uint64_t kvBytesPerToken() const override
    {
        const cuda::KvPages one = shapeFor({1, 1});
        return static_cast<std::uint64_t>(one.totalBytes());
    }

    /// Less what the activations of large steps will want.
    std::uint64_t freeKvBytes() const override
    {
        std::uint64_t free = 0, total = 0;
        enter();
        if (!cuda::deviceMemory(free, total))
            return 0;
        return free - std::min(free, std::max(free / 10, kHeadroomBytes));
    }

    Result<void> reserveKv(const KvPlan& plan) override
    {
        VT_CHECK(plan.blockSize >= 1 && plan.blockSize <= 256 && plan.blocks >= 1 && m_flights.empty());
        enter();
        m_graphs.clear();
        m_plan = {};
        Result<void> reserved = m_kv.reserve(shapeFor(plan));
        if (reserved)
            m_plan = plan;
        return reserved;
    }

    Result<void> reserveHost(std::uint32_t slots) override
    {
        VT_CHECK(m_flights.empty());
        enter();
        return m_kv.reserveHost(std::size_t{slots} * m_columns.shape.blockPages());
    }

    Result<void> resizeKv(std::uint32_t blocks) override
    {
        VT_CHECK(m_flights.empty() && blocks >= 1);
        enter();
        Result<void> resized =
            m_kv.resize(std::int64_t{blocks} * m_columns.shape.blockPages(), m_stream.get());
        if (!resized)
            return resized;
        m_graphs.clear(); // the pool may lie elsewhere
        m_plan.blocks = blocks;
        return {};
    }

    void setDeterministic(bool on) override
    {
        VT_CHECK(m_flights.empty());
        m_onePath = on || m_options.precise;
        m_graphs.clear();
    }

    Result<void> transfer(std::span<const KvTransfer> transfers) override
    {
        VT_CHECK(m_flights.empty());
        enter();
        return m_kv.transfer(transfers, m_stream.get());
    }

    bool mayFollow(const ForwardBatch& batch) const override;
    bool takesFollowers() const override { return true; }
    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override;
    std::span<const TokenId> bestTokens() const override { return m_tokens; }
    std::span<const TokenId> chosenTokens() const override { return m_tokens; }
    bool canChoose(const SamplingParams& params) const override
    {
        const std::uint32_t vocab = m_model->config().vocab;
        const bool takesTopK = params.topK <= cuda::kMostTopK || params.topK >= vocab;
        return takesTopK && vocab <= cuda::kMostSampledVocab && params.typicalP >= 1.0F &&
               params.logprobs == 0 && !changesLogits(params);
    }
    bool overlaps() const override { return true; }
    bool measuresAttention() const override { return false; }
    std::span<const float> attentionMass(std::size_t /*index*/) const override { return {}; }
    void timeOperations(bool /*on*/) override {}
    OperationTimes operationTimes() const override { return {}; }

    ExecutorInfo info() const override
    {
        ExecutorInfo info;
        info.device = m_device.name;
        info.weightBytes = m_weights.arena.size();
        info.kvBytes = m_kv.bytes();
        info.hostBytes = m_kv.hostBytes();
        info.conversions = m_weights.conversions;
        info.workspaceBytes = m_work.bytes() + m_inputs.bytes();
        return info;
    }

private:
    /// A launched step and its place of pinned memory.
    struct Flight
    {
        const ForwardBatch* batch = nullptr;
        std::size_t place = 0;
    };

    /// The device of a thread is the first one until it says otherwise.
    void enter() const { (void)cuda::useDevice(m_device.index); }

    cuda::KvPages shapeFor(const KvPlan& plan) const
    {
        const ModelConfig& config = m_model->config();
        cuda::KvPages shape;
        shape.number = m_options.precise ? cuda::KvNumber::F32 : kvNumberOf(m_options.kvFormat);
        shape.pages = std::int64_t{plan.blocks} * m_columns.shape.blockPages();
        shape.layers = m_columns.layersPerPage;
        shape.blockSize = plan.blockSize;
        shape.kvHeads = config.kvHeads;
        shape.headDim = config.headDim;
        return shape;
    }

    StepPlan planFor(const ForwardBatch& batch) const
    {
        return StepPlanner{m_model->config().kvHeads,    m_plan.blockSize, m_device.multiprocessors,
                           m_columns.shape.blockPages(), m_onePath,        m_cuda.graphs}
            .plan(batch);
    }

    Result<void> sendFrequencies();
    /// Memory for a step; recorded graphs go where something moved.
    Result<void> makeRoom(const ForwardBatch& batch, const StepPlan& plan);
    std::size_t tokensUnderWay() const; ///< that a step which follows may name
    cuda::Status queueFlight(const Flight& flight, const StepPlan& plan);
    WorkShape workFor(const StepPlan& plan) const;
    cuda::Status queue(const StepPlan& plan, std::size_t place, bool fed);

    std::shared_ptr<const Model> m_model;
    ExecutorOptions m_options;
    CudaOptions m_cuda;
    cuda::DeviceInfo m_device;
    DeviceWeights m_weights;
    KvColumns m_columns;
    RopeTable m_rope;
    cuda::Number m_number;
    cuda::OwnedStream m_stream;
    std::array<cuda::OwnedEvent, 2> m_done;
    cuda::Blas m_blas;
    cuda::DeviceBuffer m_frequencies; // double [kinds, headDim / 2]
    DeviceKv m_kv;
    KvPlan m_plan;
    StepInputs m_inputs;
    CudaWorkspace m_work;
    StepResults m_results;
    DecodeGraphs m_graphs;
    bool m_onePath;
    std::vector<Flight> m_flights;  ///< launched, oldest first
    std::vector<TokenId> m_tokens;  ///< chosen in the last step
    std::optional<Error> m_failure; ///< after which nothing can be believed
};

Result<void> CudaExecutor::sendFrequencies()
{
    std::vector<double> all;
    for (std::size_t kind = 0; kind < m_rope.kinds(); ++kind) {
        const std::span<const double> one = m_rope.frequencies(kind);
        all.insert(all.end(), one.begin(), one.end());
    }
    const std::size_t bytes = all.size() * sizeof(double);
    cuda::Status sent = m_frequencies.allocate(bytes);
    if (sent)
        sent = cuda::copyBytes(m_frequencies.data(), all.data(), bytes, m_stream.get());
    if (sent)
        sent = cuda::synchronize(m_stream.get());
    return resultOf(sent, "preparing the GPU");
}

WorkShape CudaExecutor::workFor(const StepPlan& plan) const
{
    const ModelConfig& config = m_model->config();
    WorkShape shape;
    shape.tokens = plan.shape.tokens;
    shape.rows = plan.shape.rows;
    shape.quantizedRows = CudaLinear::quantizedRows(plan.shape.tokens, m_options.precise, m_onePath);
    shape.attentionBytes =
        cuda::decodeWorkspaceBytes(plan.way.decoding, config.heads, config.headDim, plan.way.splits);
    return shape;
}

Result<void> CudaExecutor::makeRoom(const ForwardBatch& batch, const StepPlan& plan)
{
    const std::uint64_t before = m_work.generation() + m_inputs.bytes() + m_results.bytes();
    if (Result<void> made = m_work.ensure(workFor(plan)); !made)
        return made;
    if (Result<void> made = m_inputs.ensure(plan.shape); !made)
        return made;
    if (Result<void> made = m_results.ensure(batch, plan); !made)
        return made;
    if (m_work.generation() + m_inputs.bytes() + m_results.bytes() != before)
        m_graphs.clear();
    return {};
}

cuda::Status CudaExecutor::queue(const StepPlan& plan, std::size_t place, bool fed)
{
    cuda::Status status = m_inputs.send(m_stream.get());
    CudaLinear linear(m_blas, m_work, m_options.precise, m_onePath);
    const PassContext context{m_model->config(),
                              m_weights,
                              m_rope,
                              m_frequencies.as<double>(),
                              m_columns,
                              m_kv.pages(),
                              m_inputs,
                              m_work,
                              linear,
                              plan.way,
                              plan.result,
                              fed};
    if (status)
        status = queuePass(context, m_stream.get());
    return status ? m_results.queue(plan, m_work, place, m_stream.get()) : status;
}

/// Nothing that is in use would move, and nothing would be written over that is still to be read.
bool CudaExecutor::mayFollow(const ForwardBatch& batch) const
{
    if (m_flights.size() != 1 || m_failure || StepResults::wantsLogits(batch))
        return false;
    const StepPlan plan = planFor(batch);
    return m_work.fits(workFor(plan)) && m_inputs.fits(plan.shape) && m_results.fits(batch, plan);
}

std::size_t CudaExecutor::tokensUnderWay() const
{
    const bool chooses =
        !m_flights.empty() && (m_flights[0].batch->bestOnly || !m_flights[0].batch->choices.empty());
    return chooses ? m_flights[0].batch->logitsRows.size() : 0;
}

Result<void> CudaExecutor::launch(const ForwardBatch& batch)
{
    VT_CHECK(m_flights.empty() || mayFollow(batch));
    if (m_failure)
        return *m_failure;
    VT_CHECK(batch.massRows.empty());
    const std::string violation =
        batchViolation(batch, {m_plan, m_model->config().vocab, m_columns.shape, tokensUnderWay()});
    if (!violation.empty())
        checkFailed(violation.c_str(), __FILE__, __LINE__);
    enter();
    const StepPlan plan = planFor(batch);
    if (Result<void> room = makeRoom(batch, plan); !room)
        return room;
    const Flight flight{&batch, m_flights.empty() ? 0 : 1 - m_flights[0].place};
    const cuda::Status status = queueFlight(flight, plan);
    if (!status) {
        m_failure = resultOf(status, "a step on the GPU").error();
        return *m_failure;
    }
    m_flights.push_back(flight);
    return {};
}

cuda::Status CudaExecutor::queueFlight(const Flight& flight, const StepPlan& plan)
{
    const ForwardBatch& batch = *flight.batch;
    m_inputs.fill(batch, m_columns, plan.shape, flight.place);
    const bool fed =
        std::any_of(batch.tokenIds.begin(), batch.tokenIds.end(), [](TokenId id) { return id < 0; });
    const auto put = [&] { return queue(plan, flight.place, fed); };
    const bool recordable = plan.decode && m_cuda.graphs;
    cuda::Status status =
        recordable ? m_graphs.run({plan.shape, plan.result, flight.place, fed}, m_stream.get(), put) : put();
    if (status)
        status = m_results.queueHostRows(batch, m_work, m_stream.get());
    return status ? m_done[flight.place].record(m_stream.get()) : status;
}

Result<std::span<const float>> CudaExecutor::await()
{
    VT_CHECK(!m_flights.empty());
    const Flight flight = m_flights.front();
    m_flights.erase(m_flights.begin());
    m_tokens.clear();
    const Result<void> done = resultOf(m_done[flight.place].wait(), "a step on the GPU");
    if (!done)
        m_failure = internalError(done.error().message + "; load the model again");
    if (m_failure)
        return *m_failure;
    m_tokens = m_results.tokens(*flight.batch, flight.place);
    return m_results.logits(*flight.batch);
}

} // namespace

Result<std::unique_ptr<Executor>> makeCudaExecutor(std::shared_ptr<const Model> model,
                                                   const ExecutorOptions& options,
                                                   const CudaOptions& cudaOptions,
                                                   const LoadProgress& progress)
{
    Result<cuda::DeviceInfo> device = chooseDevice(cudaOptions.device);
    if (!device)
        return device.error();
    Result<DeviceWeights> weights = uploadWeights(*model, options.precise, progress);
    if (!weights)
        return weights.error();
    auto executor = std::make_unique<CudaExecutor>(std::move(model), options, cudaOptions, std::move(*device),
                                                   std::move(*weights));
    if (const Result<void> started = executor->start(); !started)
        return started.error();
    return std::unique_ptr<Executor>(std::move(executor));
}

} // namespace vitrine::engine
