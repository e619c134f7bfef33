// SPDX-License-Identifier: GPL-3.0-or-later
// Whole small models, one of them of experts, one on two GPUs: beside the CPU, and with graphs beside single
// launches.
#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/cuda/cuda_executor.h"
#include "engine/cuda/gpu_ranks.h"
#include "engine/cuda/self_test/test_bench.h"
#include "engine/model/synthetic_model.h"
#include "kernels/cuda/device_list.h"
#include "kernels/cuda/nccl_library.h"

namespace vitrine::engine {

namespace {

constexpr SyntheticShape kDense{"self-test", 256, 2, 4, 2, 64, 512, 512, 256, 10'000.0F, true};
constexpr SyntheticShape kExperts{
    "self-test of experts", 128, 1, 2, 1, 64, 128, 512, 256, 10'000.0F, true, 8, 2, 64};
constexpr std::int32_t kBlockSize = 16, kBlocks = 4, kPrompt = 21, kDecoded = 6;

/// Tokens [first, first + count) of the one sequence, whose blocks lie backwards.
ForwardBatch batchOf(std::int32_t first, std::int32_t count)
{
    ForwardBatch batch;
    batch.blockSize = kBlockSize;
    batch.maxBlocksPerSequence = kBlocks;
    for (std::int32_t position = first; position < first + count; ++position) {
        batch.tokenIds.push_back(position * 37 % 512);
        batch.positions.push_back(position);
        batch.slotMapping.push_back((kBlocks - 1 - position / kBlockSize) * kBlockSize +
                                    position % kBlockSize);
    }
    batch.queryStart = {0, count};
    batch.contextLengths = {first + count};
    for (std::int32_t block = 0; block < kBlocks; ++block)
        batch.blockTables.push_back(kBlocks - 1 - block);
    batch.logitsRows = {count - 1};
    return batch;
}

/// Logits of the prompt's last token and of those after it, one step each.
Result<std::vector<float>> logitsOf(Result<std::unique_ptr<Executor>> executor)
{
    if (!executor)
        return executor.error();
    if (const Result<void> kv = (*executor)->reserveKv({kBlocks, kBlockSize}); !kv)
        return kv.error();
    std::vector<float> all;
    for (std::int32_t at = 0; at < kPrompt + kDecoded; at += at == 0 ? kPrompt : 1) {
        const ForwardBatch batch = batchOf(at, at == 0 ? kPrompt : 1);
        const Result<std::span<const float>> logits = (*executor)->forward(batch);
        if (!logits)
            return logits.error();
        all.insert(all.end(), logits->begin(), logits->end());
    }
    return all;
}

GpuCheck compare(const std::string& name, const Result<std::vector<float>>& found,
                 const Result<std::vector<float>>& wanted, double allowed, const SelfTestSettings& settings)
{
    if (!found || !wanted)
        return {name, false, found ? wanted.error().message : found.error().message};
    float largest = 0.0F;
    for (const float value : *wanted)
        largest = std::max(largest, std::abs(value));
    const TestBench bench(name, settings);
    return bench.judge(*found, {wanted->begin(), wanted->end()},
                       std::vector<double>(wanted->size(), double{largest}), allowed);
}

std::vector<GpuCheck> checkShape(const SyntheticShape& shape, const std::string& name, std::int32_t gpu,
                                 const SelfTestSettings& settings)
{
    const Result<SyntheticModel> file = SyntheticModel::make(shape, kernels::QuantType::Q8_0, 1);
    const auto model = file ? Model::load(file->path()) : file.error();
    if (!model)
        return {{name, false, model.error().message}};
    ExecutorOptions precise, usual;
    precise.precise = true;
    CudaOptions graphs, single;
    graphs.device = single.device = gpu;
    single.graphs = false;
    const Result<std::vector<float>> cpu = logitsOf(makeCpuExecutor(*model, precise));
    const Result<std::vector<float>> exact = logitsOf(makeCudaExecutor(*model, precise, single));
    const Result<std::vector<float>> alone = logitsOf(makeCudaExecutor(*model, usual, single));
    const Result<std::vector<float>> replayed = logitsOf(makeCudaExecutor(*model, usual, graphs));
    return {compare(name + " in float32 beside the CPU", exact, cpu, 1e-3, settings),
            compare(name + " as it is used beside the CPU", alone, cpu, 0.1, settings),
            compare(name + " with graphs beside single launches", replayed, alone, 0.0, settings)};
}

bool isThere(std::int32_t gpu)
{
    const std::vector<kernels::cuda::DeviceInfo> devices = kernels::cuda::listDevices().devices;
    return std::any_of(devices.begin(), devices.end(),
                       [gpu](const kernels::cuda::DeviceInfo& device) { return device.index == gpu; });
}

} // namespace

std::vector<GpuCheck> checkModel(std::int32_t gpu, const SelfTestSettings& settings)
{
    std::vector<GpuCheck> checks = checkShape(kDense, "model", gpu, settings);
    const std::vector<GpuCheck> experts = checkShape(kExperts, "mixture of experts", gpu, settings);
    checks.insert(checks.end(), experts.begin(), experts.end());
    return checks;
}

std::vector<GpuCheck> checkRanks(std::int32_t gpu, const SelfTestSettings& settings)
{
    const std::string name = "model on GPUs " + std::to_string(gpu) + " and " + std::to_string(gpu + 1);
    if (!isThere(gpu + 1) || !kernels::cuda::openNccl())
        return {};
    const Result<SyntheticModel> file = SyntheticModel::make(kDense, kernels::QuantType::Q8_0, 1);
    const auto model = file ? Model::load(file->path()) : file.error();
    if (!model)
        return {{name, false, model.error().message}};
    ExecutorOptions precise, usual;
    precise.precise = true;
    precise.rankCount = usual.rankCount = 2;
    CudaOptions graphs, single;
    graphs.device = single.device = gpu;
    single.graphs = false;
    const Result<std::vector<float>> cpu = logitsOf(makeCpuExecutor(*model, precise));
    const Result<std::vector<float>> exact = logitsOf(makeGpuRanks(*model, precise, single));
    const Result<std::vector<float>> alone = logitsOf(makeGpuRanks(*model, usual, single));
    const Result<std::vector<float>> replayed = logitsOf(makeGpuRanks(*model, usual, graphs));
    return {compare(name + " in float32 beside the CPU", exact, cpu, 1e-3, settings),
            compare(name + " as it is used beside the CPU", alone, cpu, 0.1, settings),
            compare(name + " with graphs beside single launches", replayed, alone, 0.0, settings)};
}

} // namespace vitrine::engine
