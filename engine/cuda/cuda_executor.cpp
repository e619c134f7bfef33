// SPDX-License-Identifier: GPL-3.0-or-later
// A step is: one copy of its inputs to the device, the pass, one copy of what is wanted back, an event. The
// thread waits nowhere but for that event. What the device reports late ends this executor: its memory is in
// doubt.
#include "engine/cuda/cuda_executor.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/cuda/cuda_executor_state.h"
#include "engine/cuda/cuda_status.h"
#include "engine/cuda/device_choice.h"
#include "engine/execution/batch_check.h"
#include "engine/execution/weight_types.h"
#include "kernels/cuda/expert_routing.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

Result<void> checkExpertCount(const ModelConfig& config)
{
    if (std::int64_t{config.experts.count} <= cuda::kMostExperts)
        return {};
    return badInput("the model's layers have " + std::to_string(config.experts.count) +
                    " experts, and a GPU is used for " + std::to_string(cuda::kMostExperts) +
                    " at most; compute on the processor");
}

/// Before anything is taken.
Result<void> checkLimit(const ModelPart& model, const ExecutorOptions& options)
{
    if (options.gpuMemory == 0)
        return {};
    if (Result<void> known = checkWeightTypes(model.weights()); !known)
        return known;
    const std::uint64_t bytes = deviceWeightBytes(model.weights(), options.precise);
    if (bytes < options.gpuMemory)
        return {};
    return outOfResources("the weights take " + std::to_string(bytes >> 20U) +
                          " MiB of the GPU, and this model may take " +
                          std::to_string(options.gpuMemory >> 20U) +
                          " MiB with its KV cache; allow more or take a smaller model");
}

Result<std::shared_ptr<const ModelPart>> partFor(std::shared_ptr<const Model> model,
                                                 const ExecutorOptions& options, CutColumns& columns)
{
    if (options.ranks == nullptr)
        return ModelPart::of(std::move(model), options.layers);
    return ModelPart::shardOf(std::move(model), options.ranks->rank(), options.ranks->ranks(), columns);
}

} // namespace

cuda::Status CudaExecutor::queue(const StepPlan& plan, std::size_t place, bool fed)
{
    cuda::Status status = m_room.inputs().send(m_queue.stream());
    CudaLinear linear(m_queue.blas(), m_room.work(), m_options.precise, m_onePath);
    const PassContext context{m_model->config(),
                              m_weights,
                              m_rope,
                              m_queue.frequencies(),
                              m_columns,
                              m_kv.pages(),
                              m_room.inputs(),
                              m_room.work(),
                              linear,
                              plan.way,
                              plan.result,
                              m_model->layers().first,
                              fed,
                              m_group.get()};
    if (status)
        status = queuePass(context, m_queue.stream());
    return status ? m_room.results().queue(plan, m_room.work(), place, m_queue.stream()) : status;
}

/// Nothing that is in use would move, and nothing would be written over that is still to be read.
bool CudaExecutor::mayFollow(const ForwardBatch& batch) const
{
    const bool whole = m_model->begins() && m_model->ends();
    if (m_flights.size() != 1 || m_failure || !whole || StepResults::wantsLogits(batch))
        return false;
    return m_room.fits(batch, planner().plan(batch), m_onePath);
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
        batchViolation(batch, {m_plan, m_model->config().vocab, m_columns.shape, tokensUnderWay(),
                               m_model->hiddenIn(), m_model->ends()});
    if (!violation.empty())
        checkFailed(violation.c_str(), __FILE__, __LINE__);
    enter();
    const StepPlan plan = planner().plan(batch);
    if (Result<void> room = makeRoomTogether(batch, plan); !room)
        return room;
    const Flight flight{&batch, nextPlace()};
    const cuda::Status status = queueFlight(flight, plan);
    if (!status)
        return fail(resultOf(status, "a step on the GPU").error());
    m_flights.push_back(flight);
    return {};
}

/// After which nothing can be believed; other ranks do not wait for this one.
Error CudaExecutor::fail(Error error)
{
    m_failure = std::move(error);
    if (m_group != nullptr)
        m_group->end(m_failure->message);
    return *m_failure;
}

Result<void> CudaExecutor::waitFor(const Flight& flight)
{
    const cuda::OwnedEvent& done = m_queue.done(flight.place);
    return m_group != nullptr ? m_group->wait(done) : resultOf(done.wait(), "a step on the GPU");
}

cuda::Status CudaExecutor::queueFlight(const Flight& flight, const StepPlan& plan)
{
    const ForwardBatch& batch = *flight.batch;
    m_room.inputs().fill(batch, m_columns, plan.shape, flight.place);
    const bool fed =
        std::any_of(batch.tokenIds.begin(), batch.tokenIds.end(), [](TokenId id) { return id < 0; });
    const auto put = [&] { return queue(plan, flight.place, fed); };
    const bool recordable = plan.decode && m_cuda.graphs;
    cuda::Status status = recordable ? m_graphs.run({plan.shape, plan.result, flight.place, fed},
                                                    m_queue.stream(), put, agreement())
                                     : put();
    if (status)
        status = m_room.results().queueHostRows(batch, m_room.work(), m_queue.stream());
    return status ? m_queue.done(flight.place).record(m_queue.stream()) : status;
}

Result<std::span<const float>> CudaExecutor::await()
{
    VT_CHECK(!m_flights.empty());
    const Flight flight = m_flights.front();
    m_flights.erase(m_flights.begin());
    m_tokens.clear();
    if (const Result<void> done = waitFor(flight); !done && !m_failure)
        fail(internalError(done.error().message + "; load the model again"));
    if (m_failure)
        return *m_failure;
    m_moveSeconds = m_mover.takeSeconds(flight.place);
    m_hiddenRows = m_model->ends() ? 0 : flight.batch->tokens();
    m_tokens = m_room.results().tokens(*flight.batch, flight.place);
    m_reports = m_room.results().reports(*flight.batch, flight.place);
    return m_room.results().logits(*flight.batch);
}

Result<std::unique_ptr<Executor>> makeCudaExecutor(std::shared_ptr<const Model> model,
                                                   const ExecutorOptions& options,
                                                   const CudaOptions& cudaOptions,
                                                   const LoadProgress& progress)
{
    CutColumns columns; // until they are on the device
    Result<std::shared_ptr<const ModelPart>> part = partFor(std::move(model), options, columns);
    if (!part)
        return part.error();
    Result<cuda::DeviceInfo> device = chooseDevice(cudaOptions.device);
    if (!device)
        return device.error();
    if (const Result<void> known = checkExpertCount((*part)->config()); !known)
        return known.error();
    if (const Result<void> allowed = checkLimit(**part, options); !allowed)
        return allowed.error();
    Result<DeviceWeights> weights = uploadWeights(**part, options.precise, progress);
    if (!weights)
        return weights.error();
    std::unique_ptr<DeviceGroup> group;
    if (options.ranks != nullptr) {
        Result<std::unique_ptr<DeviceGroup>> joined =
            DeviceGroup::join(options.ranks, (*part)->shard(), cudaOptions.patience);
        if (!joined)
            return joined.error();
        group = std::move(*joined);
    }
    auto executor = std::make_unique<CudaExecutor>(std::move(*part), options, cudaOptions, std::move(*device),
                                                   std::move(*weights), std::move(group));
    if (const Result<void> started = executor->start(); !started)
        return started.error();
    return std::unique_ptr<Executor>(std::move(executor));
}

} // namespace vitrine::engine
