// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the model: knows tensors, KV memory and threads, never requests or queues.
// One owner (the engine); every call from the engine thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/execution/device_memory.h"
#include "engine/execution/forward_batch.h"
#include "engine/execution/kv_transfer.h"
#include "engine/execution/layer_range.h"
#include "engine/execution/operation_times.h"
#include "engine/execution/rank_recovery.h"
#include "engine/execution/step_limits.h"
#include "engine/execution/weight_conversion.h"
#include "engine/model/model.h"
#include "engine/parallel/rank_times.h"
#include "engine/sampling/sampled_token.h"
#include "engine/sampling/sampling_params.h"
#include "engine/telemetry/rank_record.h"

namespace vitrine::engine {

class Communicator;
class WeightShare;
class WorkProgress;

/// Int8 and FP8 (e4m3, only on GPUs) have a scale per token and head.
enum class KvFormat : std::uint8_t { F32, F16, BF16, Int8, FP8 };

/// Half the size of the others that are not for tests.
constexpr bool oneByte(KvFormat format)
{
    return format == KvFormat::Int8 || format == KvFormat::FP8;
}

inline constexpr std::int32_t kNoGpu = -1;
inline constexpr std::uint32_t kLayersThatFit = 0xFFFFFFFFU;

struct ExecutorOptions
{
    std::uint32_t threads = 0;  ///< 0: one per core that this process may use
    bool precise = false;       ///< float32 activations and KV, float32 arithmetic everywhere
    bool deterministic = false; ///< one numeric path whatever the number of rows
    KvFormat kvFormat = KvFormat::BF16;
    std::int32_t gpu = kNoGpu;   ///< number of the GPU to compute on
    std::uint64_t gpuMemory = 0; ///< bytes of the GPU that may be taken; 0: all but a margin
    /// Of the model's last layers, on that GPU; the others on the CPU. As many as it has or more: all.
    std::uint32_t gpuLayers = kLayersThatFit;
    LayerRange layers = {}; ///< what one executor computes of the model
    /// Processes, or GPUs from number `gpu` on, that share the tensors of every layer.
    std::uint32_t rankCount = 1;
    /// Groups of so many processes, each with some of the layers: micro-batches go through them in turn.
    std::uint32_t stageCount = 1;
    /// Of one of them; each executor has its own. Null: it has all.
    std::shared_ptr<Communicator> ranks = nullptr;
    bool mpi = false; ///< the ranks are those of an MPI launcher, and this process is the first of them
    /// That a rank may come later than another to where they exchange, beyond what its work explains.
    std::uint32_t rankPatienceMs = 900;
    /// Told of each layer, where somebody watches from outside. Null: nobody does.
    std::shared_ptr<WorkProgress> progress = nullptr;
    /// Failures of ranks in a minute after which there are fewer of them.
    std::uint32_t rankFailures = 3;
    std::uint32_t replicas = 1; ///< engines of this machine that share its memory, this one included
    /// What they have once. Null: this one packs for itself.
    std::shared_ptr<WeightShare> share = nullptr;
    /// Memory that this process packs to, or finds packed by another replica's (WeightShare::memoryOf); -1:
    /// its own.
    int weightsDescriptor = -1;
};

struct KvPlan
{
    std::uint32_t blocks = 0;
    std::uint32_t blockSize = 0; ///< tokens per block: 1 … 256
};

struct ExecutorInfo
{
    std::string device; ///< "CPU AVX-512 VNNI"
    std::uint32_t threads = 0;
    std::uint64_t weightBytes = 0;
    std::uint64_t kvBytes = 0;
    std::uint64_t hostBytes = 0; ///< address space of the host tier
    std::vector<WeightConversion> conversions = {};
    std::uint64_t workspaceBytes = 0; ///< of steps as large as those so far, or as those there is room for
    DeviceMemory memory = {};         ///< of a device with memory of its own
    LayerRange layers = {};           ///< that it computes
    /// Of an executor that is put together from others: each of them, by layers. The figures above are sums.
    std::vector<ExecutorInfo> parts = {};
    std::uint64_t expertBytes = 0; ///< of weightBytes, those of experts: a token reads a part of them
};

class Executor
{
public:
    /// Waits for a launched step, whose batch must live so long.
    virtual ~Executor() = default;

    /// Bytes of KV that one token takes over all layers.
    virtual std::uint64_t kvBytesPerToken() const = 0;
    /// Room for steps as large as these, so that none asks for memory later: before reserveKv(), which then
    /// knows what is left, and again when steps are to be larger. Returns what there is room for: fewer
    /// tokens and sequences where the device has less. Not while a step is launched. A refusal changes
    /// nothing.
    virtual Result<StepLimits> reserveSteps(const StepLimits& limits) { return limits; }
    /// Whether steps of these sizes have their room.
    virtual bool hasRoom(const StepLimits& /*limits*/) const { return true; }
    /// Bytes that a KV pool may take, or grow by once there is one; 0: unknown. After the weights are there.
    virtual std::uint64_t freeKvBytes() const;
    /// Drops what was there. OutOfResources leaves no pool.
    virtual Result<void> reserveKv(const KvPlan& plan) = 0;
    /// Memory that blocks can be swapped to; after reserveKv(). Drops what was there.
    virtual Result<void> reserveHost(std::uint32_t blocks) = 0;
    /// The pool grows or shrinks; the contents of blocks that stay are kept. A refusal changes nothing.
    virtual Result<void> resizeKv(std::uint32_t blocks) = 0;
    /// Compute threads from the next step on; 0: one for each core that this process may use. Not while a
    /// step is launched; the last logits are gone. A refusal changes nothing; an executor without threads of
    /// its own has nothing to change.
    virtual Result<void> setThreads(std::uint32_t /*threads*/) { return {}; }
    /// One numeric path whatever the number of rows, or the fastest, from the next step on. Not while a step
    /// is launched. An executor with one path for all has nothing to change.
    virtual void setDeterministic(bool /*on*/) {}
    /// Moves blocks, strictly in order, before the next step. While one is launched only where another may be
    /// launched behind it (takesFollowers): then as if that one were done.
    virtual Result<void> transfer(std::span<const KvTransfer> transfers) = 0;
    /// What the moves before the last awaited step took, where transfer() only queues them; nothing: there
    /// were none, or transfer() returns when they are done.
    virtual std::optional<double> moveSeconds() const { return std::nullopt; }

    /// Milliseconds of work that spare later steps time, such as recording one of them, for when nobody
    /// waits. Not while a step is launched. False: there is nothing left to do.
    virtual bool prepareAhead() { return false; }

    /// Whether this batch may be launched behind the step under way, before await(): then it may name tokens
    /// that are chosen there (fedToken). One step follows at most; await() takes them in order, and what the
    /// first one brought stays valid until the second is awaited.
    virtual bool mayFollow(const ForwardBatch& /*batch*/) const { return false; }
    /// Whether mayFollow() is ever true.
    virtual bool takesFollowers() const { return false; }
    /// Starts a step: writes K and V of every token and computes the logits. `batch` lives until await().
    virtual Result<void> launch(const ForwardBatch& batch) = 0;
    /// Waits for the launched step; logits [logitsRows, vocab], valid until the next launch. Of a step with
    /// batch.bestOnly none: bestTokens() has what was wanted. With batch.choices only the rows that are
    /// onHost hold anything, and where there is none of them the span is empty.
    virtual Result<std::span<const float>> await() = 0;
    /// [tokens, hidden] of the last step, until the next launch: what comes out of the layers of an executor
    /// that computes no logits since its layers end before the model's last. Empty of any other.
    virtual std::span<const float> hiddenRows() const { return {}; }
    /// [logitsRows] of the last step, which had batch.bestOnly: the token of the largest logit, the lowest id
    /// among equals. NaN counts as -inf; 0 where nothing is larger than that.
    virtual std::span<const TokenId> bestTokens() const = 0;
    /// Whether it chooses tokens by these settings itself (ForwardBatch::choices), so that no logits have to
    /// be looked at.
    virtual bool canChoose(const SamplingParams& /*params*/) const { return false; }
    /// Entries of ForwardBatch::adjustments that a step may have; a row that would have more is the host's.
    virtual std::size_t mostAdjustments() const { return 0; }
    /// [logitsRows] of the last step, which had batch.choices; of rows that are onHost nothing of meaning.
    virtual std::span<const TokenId> chosenTokens() const { return {}; }
    /// Of a row of the last step whose choice had alternatives: what Sampler tells of it.
    virtual SampledToken report(std::size_t /*row*/) const { return {}; }
    /// Whether the caller's own work really runs beside a launched step.
    virtual bool overlaps() const = 0;
    /// Compute threads that forEach() may use at once.
    virtual std::uint32_t ranks() const { return 1; }
    /// job(index, rank) for every index below `count`, in any order, on the compute threads; each rank runs
    /// one at a time. Returns when all are done. Not while a step is launched; the last step's results stay.
    /// The job throws nothing.
    virtual void forEach(std::size_t count, const std::function<void(std::size_t, std::uint32_t)>& job)
    {
        for (std::size_t index = 0; index < count; ++index)
            job(index, 0);
    }
    /// launch() and await().
    Result<std::span<const float>> forward(const ForwardBatch& batch);
    /// Whether batch.massRows is understood; else it must be empty.
    virtual bool measuresAttention() const { return true; }
    /// Of the last step's batch.massRows[index]: the attention that the sequence's last token gave to each
    /// block of its table, the mean over query heads and over the layers that see furthest.
    virtual std::span<const float> attentionMass(std::size_t index) const = 0;

    /// Whether something that it is put together from has failed for good, so that every step fails until
    /// recover() was called.
    virtual bool isBroken() const { return false; }
    /// Whether that can happen while nothing is computed.
    virtual bool mayBreak() const { return false; }
    /// Replaces what has failed; what lay in KV and in host memory is gone, their sizes stay. Blocking: loads
    /// weights again. Not while a step is launched. An error: it stays broken.
    virtual Result<RankRecovery> recover();
    /// One of a group that was renewed: it forgets what failed there. Not while a step is launched.
    virtual void rejoin() {}

    /// What each process had of the last step; nothing where one computes alone. After await().
    virtual RankParts rankParts() const { return {}; }

    /// Measures steps by operation from now on, or no more. Not while a step is launched.
    virtual void timeOperations(bool on) = 0;
    virtual OperationTimes operationTimes() const = 0;
    /// Of the last step, of each rank that takes part in it behind this executor, in their order; empty:
    /// nothing is shared. Not while a step is launched.
    virtual std::vector<RankTimes> rankTimes() const { return {}; }

    virtual ExecutorInfo info() const = 0;
};

/// Packs the weights of options.layers for this machine. Progress covers the packing.
Result<std::unique_ptr<Executor>> makeCpuExecutor(std::shared_ptr<const Model> model,
                                                  const ExecutorOptions& options,
                                                  const LoadProgress& progress = {});

} // namespace vitrine::engine
