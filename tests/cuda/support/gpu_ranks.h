// SPDX-License-Identifier: GPL-3.0-or-later
// Executors of several virtual GPUs, for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "cuda_emulator/control.h"
#include "engine/cuda/gpu_ranks.h"
#include "engine/model/synthetic_model.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"

namespace vitrine::engine::test {

inline constexpr std::uint32_t kRankBlocks = 32;

inline void haveGpus(std::size_t count, std::size_t mebibytes = 256)
{
    vitrine::cuda_emulator::setDevices(
        std::vector<vitrine::cuda_emulator::VirtualDevice>(count, {"Emulated GPU", mebibytes << 20U}));
}

inline Result<std::unique_ptr<Executor>> ranked(const std::shared_ptr<const Model>& model,
                                                std::uint32_t ranks, ExecutorOptions options = {},
                                                const CudaOptions& cuda = {})
{
    options.rankCount = ranks;
    return makeGpuRanks(model, options, cuda);
}

inline ExecutorOptions precisely()
{
    ExecutorOptions options;
    options.precise = true;
    return options;
}

/// The largest difference of any logit.
inline double worst(const RigLogits& a, const RigLogits& b)
{
    double difference = 0;
    for (const auto& [position, logits] : a)
        for (std::size_t i = 0; i < logits.size(); ++i)
            difference = std::max(difference, std::abs(double{logits[i]} - double{b.at(position)[i]}));
    return difference;
}

/// A prompt in chunks, then the rest token by token.
inline RigLogits runThrough(ExecutorRig& rig, const std::vector<TokenId>& tokens, std::uint32_t prompt,
                            std::uint32_t chunk)
{
    RigSequence sequence;
    sequence.tokens.assign(tokens.begin(), tokens.begin() + prompt);
    rig.run(sequence, chunk, keepAll);
    sequence.tokens = tokens;
    rig.run(sequence, 1, keepAll);
    return sequence.logits;
}

/// Eight query heads over two KV heads: of eight ranks four keep the same KV head.
inline std::shared_ptr<const Model> eightHeads()
{
    constexpr SyntheticShape kShape{"eight heads", 64, 2, 8, 2, 32, 256, 515, 256, 10'000.0F, true};
    const Result<SyntheticModel> file = SyntheticModel::make(kShape, kernels::QuantType::Q8_0, 1);
    VT_CHECK(file.has_value());
    return loadModel(file->path());
}

} // namespace vitrine::engine::test
