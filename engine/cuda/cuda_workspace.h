// SPDX-License-Identifier: GPL-3.0-or-later
// Device memory for the activations of a step. Grows with the largest step; whoever keeps its pointers (a
// captured graph) looks at generation(). One owner, the executor; engine thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/model_config.h"
#include "engine/parallel/tensor_shard.h"
#include "kernels/cuda/buffer.h"
#include "kernels/cuda/expert_groups.h"
#include "kernels/cuda/number.h"
#include "kernels/cuda/quantized_rows.h"
#include "kernels/cuda/sample.h"

namespace vitrine::engine {

/// What a step needs room for.
struct WorkShape
{
    std::int64_t tokens = 0;
    std::int64_t rows = 0;          ///< of logits
    std::int64_t quantizedRows = 0; ///< tokens that are multiplied as int8
    std::size_t attentionBytes = 0;
};

class CudaWorkspace
{
public:
    /// `shard`: whose heads and columns `config` has. `ropeKinds`: kinds of rotation; `scratchBytes`: for a
    /// part of a dequantised matrix.
    CudaWorkspace(const ModelConfig& config, const TensorShard& shard, kernels::cuda::Number number,
                  std::size_t ropeKinds, std::size_t scratchBytes);

    bool fits(const WorkShape& shape) const;
    /// A refusal leaves the workspace as large as it was (only where the device does not even give that back,
    /// none), but it may lie elsewhere.
    Result<void> ensure(const WorkShape& shape);
    /// That a workspace for this shape alone takes.
    std::uint64_t bytesFor(const WorkShape& shape) const;
    std::uint64_t bytes() const { return m_memory.size(); }
    std::uint64_t generation() const { return m_generation; }
    kernels::cuda::Number number() const { return m_number; }

    float* residual() const { return at<float>(Residual); } // [tokens, hidden]
    void* normed() const { return at<void>(Normed); }       // [tokens, hidden]
    void* qkv() const { return at<void>(Qkv); }             // [tokens, (heads + 2 kvHeads) * headDim]
    void* attended() const { return at<void>(Attended); }   // [tokens, heads * headDim]
    void* projected() const { return at<void>(Projected); } // [tokens, hidden]
    void* gateUp() const { return at<void>(GateUp); }       // [tokens, 2 * ffn], or [pairs, 2 * experts.ffn]
    void* gated() const { return at<void>(Gated); }         // [tokens, ffn], or [pairs, experts.ffn]
    float* angles(int kind) const                           // [tokens, headDim / 2, 2]
    {
        return at<float>(Angles) + kind * m_shape.tokens * m_headDim;
    }
    void* headInput() const { return at<void>(HeadInput); } // [rows, hidden]
    /// [rows, logitColumns()]: the whole vocabulary, or that of a rank that others get it from.
    float* logits() const { return at<float>(Logits); }
    std::int64_t logitColumns() const { return m_vocab; }
    float* gathered() const { return at<float>(Gathered); } ///< of rank 0: [rows, what others have of it]
    std::int32_t* tokens() const { return at<std::int32_t>(Tokens); }                     // [rows]: chosen
    kernels::cuda::RowNotes* notes() const { return at<kernels::cuda::RowNotes>(Notes); } // [rows]
    kernels::cuda::TokenReport* reports() const // [rows, 1 + alternatives]
    {
        return at<kernels::cuda::TokenReport>(Reports);
    }
    void* attention() const { return at<void>(Attention); }
    // Of models with experts only; a pair is a token and one of its experts.
    float* routerInput() const { return at<float>(RouterInput); }     // [tokens, hidden]
    float* routerLogits() const { return at<float>(RouterLogits); }   // [tokens, experts]
    std::int32_t* chosen() const { return at<std::int32_t>(Chosen); } // [pairs]: experts
    float* pairWeights() const { return at<float>(PairWeights); }     // [pairs]
    void* expertOut() const { return at<void>(ExpertOut); }           // [pairs, hidden]
    /// Room for the pairs of WorkShape::tokens tokens.
    kernels::cuda::ExpertGroups groups(std::int64_t tilePairs) const;
    void* scratch() const { return at<void>(Scratch); }
    std::size_t scratchBytes() const { return m_scratchBytes; }
    /// Room for WorkShape::quantizedRows rows of this many columns.
    kernels::cuda::QuantizedRows quantized(std::int64_t columns) const;

private:
    enum Part : std::uint8_t {
        Residual,
        Normed,
        Qkv,
        Attended,
        Projected,
        GateUp,
        Gated,
        Angles,
        HeadInput,
        Logits,
        Gathered,
        Tokens,
        Notes,
        Reports,
        Attention,
        Scratch,
        Values,
        Scales,
        Sums,
        RouterInput,
        RouterLogits,
        Chosen,
        PairWeights,
        ExpertOut,
        Order,
        Tiles,
        TileCount,
        Parts
    };
    std::vector<std::size_t> sizes(const WorkShape& shape) const;
    void addFeedForward(std::int64_t tokens, std::vector<std::size_t>& sizes) const;
    void addQuantized(const WorkShape& shape, std::vector<std::size_t>& sizes) const;
    void addExperts(std::int64_t tokens, std::vector<std::size_t>& sizes) const;
    WorkShape with(const WorkShape& shape) const; ///< as large as both
    template<class T>
    T* at(Part part) const
    {
        return reinterpret_cast<T*>(m_memory.data() + m_offsets[part]);
    }

    std::int64_t m_hidden, m_headDim, m_qkvColumns, m_attendedColumns, m_ffn, m_vocab, m_gathered, m_widest;
    ExpertConfig m_experts;
    kernels::cuda::Number m_number;
    std::size_t m_ropeKinds, m_scratchBytes;
    WorkShape m_shape;
    std::vector<std::size_t> m_offsets;
    kernels::cuda::DeviceBuffer m_memory;
    std::uint64_t m_generation = 0;
};

} // namespace vitrine::engine
