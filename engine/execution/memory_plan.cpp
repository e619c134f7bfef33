// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/memory_plan.h"

#include <algorithm>
#include <map>

#include "engine/execution/attention_plan.h"
#include "engine/execution/cpu_weights.h"
#include "engine/execution/kv_columns.h"
#include "engine/execution/kv_element.h"
#include "engine/execution/rope_table.h"
#include "engine/execution/workspace.h"
#include "engine/model/family.h"
#include "kernels/cpu/cpu_topology.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

std::uint64_t kvBytesPerToken(const ModelConfig& config, const KvColumns& columns, KvFormat format)
{
    return cpu::KvLayout{kvElementOf(format), columns.layersPerPage, columns.shape.blockPages(), 1,
                         config.kvHeads,      config.headDim}
        .totalBytes();
}

/// Attention splits the keys of replies only where there are fewer parts than keep the threads busy.
std::size_t stateRows(const ModelConfig& config, std::uint32_t threads, std::uint32_t replies)
{
    constexpr std::size_t kUnitsPerThread = 4;
    if (threads < 2)
        return 0;
    const std::size_t units =
        std::min<std::size_t>(std::size_t{replies} * config.kvHeads, kUnitsPerThread * threads);
    const std::size_t parts = (config.contextLength + cpu::kPartitionKeys - 1) / cpu::kPartitionKeys;
    return units * (config.heads / config.kvHeads) * parts;
}

std::uint64_t workspaceBytes(const ModelConfig& config, const MemoryPlanOptions& options)
{
    const std::uint32_t threads =
        options.threads != 0 ? options.threads : cpu::CpuTopology::ofThisProcess().bestThreads();
    const StepSize step{options.stepTokens, options.replies, stateRows(config, threads, options.replies)};
    return Workspace::bytesFor(config, threads, RopeTable(config, {}).kinds(), step);
}

/// Norms, biases and routers stand in memory as float32.
std::uint64_t normBytes(const ModelWeights& weights)
{
    std::uint64_t values = weights.outputNorm.columns + weights.ropeFactors.columns;
    for (const LayerWeights& layer : weights.layers)
        for (const WeightView* view :
             {&layer.attentionNorm, &layer.qNorm, &layer.kNorm, &layer.postAttentionNorm, &layer.ffnNorm,
              &layer.postFfnNorm, &layer.qBias, &layer.kBias, &layer.vBias, &layer.sinks, &layer.outputBias,
              &layer.gateBias, &layer.upBias, &layer.downBias, &layer.router, &layer.routerBias,
              &layer.expertGateBias, &layer.expertUpBias, &layer.expertDownBias})
            values += view->rows * view->columns;
    return values * sizeof(float);
}

/// Texts, views of them and hash tables, of the vocabulary and of its merges.
std::uint64_t tokenizerBytes(const GgufFile& file)
{
    constexpr std::uint64_t kEachToken = 136, kEachMerge = 80;
    std::uint64_t bytes = 0;
    if (const auto* tokens = file.texts("tokenizer.ggml.tokens")) {
        bytes += tokens->size() * kEachToken;
        for (const std::string_view token : *tokens)
            bytes += token.size();
    }
    if (const auto* merges = file.texts("tokenizer.ggml.merges"))
        bytes += merges->size() * kEachMerge;
    return bytes;
}

std::vector<std::string> typesBySize(const GgufFile& file)
{
    std::map<kernels::QuantType, std::uint64_t> bytes;
    for (const TensorInfo& tensor : file.tensors())
        if (tensor.dimensions > 1)
            bytes[tensor.type] += tensor.bytes;
    std::vector<std::pair<std::uint64_t, std::string>> sizes;
    for (const auto& [type, size] : bytes)
        sizes.emplace_back(size, kernels::quantInfo(type).name);
    std::sort(sizes.rbegin(), sizes.rend());
    std::vector<std::string> names;
    for (auto& [size, name] : sizes)
        names.push_back(std::move(name));
    return names;
}

} // namespace

std::uint64_t MemoryPlan::tokensIn(KvFormat format, std::uint64_t bytes) const
{
    const std::uint64_t each = kvPerToken[static_cast<std::size_t>(format)];
    return bytes <= fixed() || each == 0 ? 0 : (bytes - fixed()) / each;
}

Result<MemoryPlan> planMemory(const GgufFile& file, const MemoryPlanOptions& options)
{
    const Result<const Family*> family = familyOf(file);
    if (!family)
        return family.error();
    const Result<ModelConfig> config = (*family)->configure(file);
    if (!config)
        return config.error();
    const Result<ModelWeights> weights = (*family)->weights(file, *config);
    if (!weights)
        return weights.error();
    MemoryPlan plan;
    plan.weights = weightBytesFor(*weights, cpu::linearOperations(cpu::selectedIsa())) + normBytes(*weights);
    plan.workspace = workspaceBytes(*config, options);
    plan.other = tokenizerBytes(file) + file.convertedBytes();
    const KvColumns columns = kvColumns(*config);
    for (const KvFormat format : kKvFormats)
        plan.kvPerToken[static_cast<std::size_t>(format)] = kvBytesPerToken(*config, columns, format);
    plan.tensors = static_cast<std::uint32_t>(file.tensors().size());
    plan.types = typesBySize(file);
    plan.contextLength = config->contextLength;
    plan.heads = config->heads;
    plan.kvHeads = config->kvHeads;
    plan.headDim = config->headDim;
    plan.layers = static_cast<std::uint32_t>(config->layers.size());
    plan.vocab = config->vocab;
    return plan;
}

} // namespace vitrine::engine
