// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the model: knows tensors, KV memory and threads, never requests or queues.
// One owner (the engine); every call from the engine thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/execution/forward_batch.h"
#include "engine/model/model.h"

namespace vitrine::engine {

enum class KvFormat : std::uint8_t { F32, F16, BF16 };

struct ExecutorOptions
{
    std::uint32_t threads = 0;  ///< 0: one per CPU that this process may use
    bool precise = false;       ///< float32 activations and KV, float32 arithmetic everywhere
    bool deterministic = false; ///< one numeric path whatever the number of rows
    KvFormat kvFormat = KvFormat::BF16;
};

struct KvPlan
{
    std::uint32_t blocks = 0;
    std::uint32_t blockSize = 0; ///< tokens per block: 1 … 256
};

struct BlockCopy
{
    BlockId from, to;
};

struct ExecutorInfo
{
    std::string device; ///< "CPU AVX-512 VNNI"
    std::uint32_t threads = 0;
    std::uint64_t weightBytes = 0;
    std::uint64_t kvBytes = 0;
};

class Executor
{
public:
    virtual ~Executor() = default;

    /// Bytes of KV that one token takes over all layers.
    virtual std::uint64_t kvBytesPerToken() const = 0;
    /// Drops what was there. OutOfResources leaves no pool.
    virtual Result<void> reserveKv(const KvPlan& plan) = 0;
    /// Writes K and V of every token and returns logits [logitsRows, vocab], valid until the next call.
    virtual Result<std::span<const float>> forward(const ForwardBatch& batch) = 0;
    /// In order; a later copy may read what an earlier one wrote.
    virtual void copyBlocks(std::span<const BlockCopy> copies) = 0;
    virtual ExecutorInfo info() const = 0;
};

/// Packs the weights for this machine. Progress covers the packing.
Result<std::unique_ptr<Executor>> makeCpuExecutor(std::shared_ptr<const Model> model,
                                                  const ExecutorOptions& options,
                                                  const LoadProgress& progress = {});

} // namespace vitrine::engine
