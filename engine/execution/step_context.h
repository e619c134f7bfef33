// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that the passes of one step share. Built by the executor for each step; read by all its threads,
// which write only into the workspace, the KV memory and the counters.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

#include "engine/execution/attention_mass.h"
#include "engine/execution/attention_plan.h"
#include "engine/execution/cpu_weights.h"
#include "engine/execution/forward_batch.h"
#include "engine/execution/kv_memory.h"
#include "engine/execution/model_part.h"
#include "engine/execution/operation_times.h"
#include "engine/execution/rope_table.h"
#include "engine/execution/step_pages.h"
#include "engine/execution/workspace.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "kernels/cpu/attention.h"
#include "kernels/cpu/linear.h"
#include "kernels/cpu/thread_pool.h"
#include "kernels/cpu/vector_operations.h"

namespace vitrine::engine {

/// The operation tables of the instruction set in use.
struct CpuOperations
{
    kernels::cpu::Isa isa;
    const kernels::cpu::LinearOperations& linear;
    const kernels::cpu::VectorOperations& vector;
    const kernels::cpu::AttentionOperations& attention;
};

/// What NVTX is told of a thread's share. REQUIRES: not Waiting.
constexpr NvtxName nvtxNameOf(Operation operation)
{
    static_assert(static_cast<int>(NvtxName::Reduce) - static_cast<int>(NvtxName::Embed) ==
                  static_cast<int>(Operation::Reduce));
    return static_cast<NvtxName>(static_cast<std::size_t>(NvtxName::Embed) +
                                 static_cast<std::size_t>(operation));
}

/// Not of the shortest, which would be a third of all ranges.
constexpr bool isToldToNvtx(Operation operation)
{
    return operation != Operation::Norm && operation != Operation::StoreKv;
}

class RankSum;
class WorkProgress;

struct Range
{
    std::int64_t begin = 0, end = 0;
};

/// Rank's part of `count` things.
inline Range shareOf(std::int64_t count, std::uint32_t rank, std::uint32_t ranks)
{
    return {count * rank / ranks, count * (rank + 1) / ranks};
}

struct StepContext
{
    const ModelPart& part;
    const CpuWeights& weights;
    const CpuOperations& operations;
    const RopeTable& ropeTable;
    const ForwardBatch& batch;
    Workspace& work;
    KvMemory& kv;
    const StepPages& pages;
    kernels::cpu::ThreadPool& pool;
    const std::vector<AttentionPlan>& plans; ///< one for each window in use
    const std::vector<std::size_t>& planOfLayer;
    std::vector<std::atomic<std::uint32_t>>& nextUnit; ///< [layers], zero at the start of the step
    AttentionMass& mass;
    OperationClock& clock;
    RankSum* ranks = nullptr; ///< that share the tensors with this one, if any
    /// Tokens that are shared out among the threads together: all, or those of a piece of a sum over ranks.
    std::int64_t tokensTogether = 0;
    WorkProgress* progress = nullptr;

    const ModelConfig& config() const { return part.config(); }
    std::int64_t tokens() const { return static_cast<std::int64_t>(batch.tokens()); }
    std::int64_t pieces() const { return (tokens() + tokensTogether - 1) / tokensTogether; }
    Range pieceAt(std::int64_t piece) const
    {
        return {piece * tokensTogether, std::min((piece + 1) * tokensTogether, tokens())};
    }
    /// Those of the piece whose residual rows this rank alone reads and writes.
    Range ownOf(std::int64_t piece, std::uint32_t rank) const
    {
        const Range all = pieceAt(piece), own = shareOf(all.end - all.begin, rank, pool.size());
        return {all.begin + own.begin, all.begin + own.end};
    }
    /// use(Range) for this rank's tokens of each piece.
    template<class Use>
    void eachOwn(std::uint32_t rank, Use&& use) const
    {
        for (std::int64_t piece = 0; piece < pieces(); ++piece)
            use(ownOf(piece, rank));
    }
    /// This rank's share of an operation, then the wait for the others'. `layer`: what NVTX is told.
    template<class Work>
    void together(Operation operation, std::uint32_t rank, std::size_t layer, Work&& share) const
    {
        if (isToldToNvtx(operation)) {
            const NvtxRange range(nvtxNameOf(operation), layer);
            share();
        } else {
            share();
        }
        endTogether(operation, rank);
    }
    /// The end of an operation on this rank, and of the wait for the others'.
    void endTogether(Operation operation, std::uint32_t rank) const
    {
        clock.ended(operation, rank);
        pool.barrier();
        clock.ended(Operation::Waiting, rank);
    }
};

} // namespace vitrine::engine
