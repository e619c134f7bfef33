// SPDX-License-Identifier: GPL-3.0-or-later
// The activations of one step and each thread's scratch. Grows to the largest step seen, never shrinks.
// Owned by the executor; ensure() between steps, the arrays belong to the compute threads during one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/execution/expert_choice.h"
#include "engine/execution/huge_buffer.h"
#include "engine/model/model_config.h"
#include "kernels/cpu/attention.h"
#include "kernels/cpu/linear.h"

namespace vitrine::engine {

/// Input rows of matrix products: float32 for the precise path; for packed matrices int8 or, in a step with
/// many rows on a machine with something faster for them, bfloat16 tiles. These two share their memory.
struct Activations
{
    std::int64_t columns = 0;
    float* values = nullptr;                // [rows, columns]
    kernels::cpu::ActivationRows quantized; // no groups: columns do not divide into them
    kernels::cpu::ActivationTiles tiles;
    bool inTiles = false; ///< which of the two this step uses

    float* row(std::int64_t index) const { return values + index * columns; }
    bool canConvert() const { return quantized.groups != nullptr; }
};

/// Rows of the feed-forward part that one thread computes before it converts them. Tiles are unpacked from
/// the weights anew for each, so there they are more.
inline constexpr std::int64_t kFfnRows = 128;
inline constexpr std::int64_t kFfnTileRows = 512;
/// Columns likewise: one activation group.
inline constexpr std::int64_t kFfnColumns = kernels::cpu::kActivationGroup;

struct BestLogit
{
    float value = -std::numeric_limits<float>::infinity();
    TokenId id = 0;
};

/// Panels of the vocabulary head that one thread computes for so many rows before it looks for the best.
std::int64_t bestPanels(std::int64_t rows);

struct ThreadScratch
{
    float* gate = nullptr;        // [kFfnTileRows, kFfnColumns]
    float* up = nullptr;          // [kFfnTileRows, kFfnColumns]
    float* weightRow = nullptr;   // the longest row of any matrix
    float* attention = nullptr;   // for AttentionScratch
    float* expertInput = nullptr; // [kFfnRows, hidden], of a model with experts
    float* head = nullptr;        // [rows, outputs of bestPanels(rows)] of a step without logits
};

/// What the layers with experts of a step work in.
struct ExpertRoom
{
    float* logits = nullptr;           // [tokens, experts]
    ExpertChoice* choices = nullptr;   // [tokens, experts of a token]
    std::int64_t* firstRows = nullptr; // [experts]
    ExpertRow* rows = nullptr;         // [rows]; see expertRowsFor()
    ExpertRun* runs = nullptr;
    std::span<const ExpertRun> used; ///< by the current layer
    Activations input;               // [rows, hidden], never float32
    Activations inner;               // [rows, ffn of an expert]
};

/// How large steps get.
struct StepSize
{
    std::size_t tokens = 0;
    std::size_t headRows = 0;  ///< whose logits are wanted
    std::size_t stateRows = 0; ///< of attention that is split over its keys
};

class Workspace
{
public:
    /// `ropeKinds` rope tables a token. `shares`: parts' outputs are summed over ranks.
    Workspace(const ModelConfig& config, std::uint32_t threads, std::size_t ropeKinds, bool shares = false);

    /// What steps of this size take, without taking it.
    static std::uint64_t bytesFor(const ModelConfig& config, std::uint32_t threads, std::size_t ropeKinds,
                                  const StepSize& step);
    std::uint64_t bytes() const; ///< taken now

    /// Room for a step of this size; the arrays move when it grows.
    Result<void> ensure(std::size_t tokens, std::size_t stateRows);
    /// And for so many rows at its head, of which only the best token is wanted or all logits.
    Result<void> ensureHead(std::size_t rows, bool bestOnly);

    /// The form of the coming step's activations, for so many rows in its layers and at its head.
    void chooseForms(const kernels::cpu::ManyRowOperations* manyRows, std::int64_t tokens,
                     std::int64_t logitsRows);

    const ThreadScratch& scratch(std::uint32_t rank) const { return m_scratch[rank]; }

    float* residual = nullptr;  // [tokens, hidden]
    float* projected = nullptr; // [tokens, hidden]: a part's output before its norm or sum
    float* qkv = nullptr;       // [tokens, (heads + 2 kvHeads) * headDim]
    float* rope = nullptr;      // [ropeKinds, tokens, 2 headDim]
    Activations normed;         // [tokens, hidden]
    Activations attended;       // [tokens, heads * headDim]
    Activations gated;          // [tokens, ffn], of layers without experts
    ExpertRoom experts;
    Activations headInput;               // [logitsRows, hidden]
    float* logits = nullptr;             // [logitsRows, vocab], of a step that wants them
    BestLogit* best = nullptr;           // [threads, logitsRows], of a step that does not
    kernels::cpu::AttentionState states; // [stateRows]
    std::size_t tokenCapacity() const { return m_tokens; }

private:
    class Cutter;

    template<class Lay>
    Result<void> allocate(HugeBuffer& buffer, const char* what, Lay lay);
    Result<void> growTokens(std::size_t tokens);
    void cutExperts(Cutter& cut, std::size_t tokens);
    Result<void> growHead(std::size_t rows);
    Result<void> growLogits(std::size_t rows);
    Result<void> growStates(std::size_t rows);
    Result<void> makeScratch();

    const ModelConfig& m_config;
    std::uint32_t m_threads;
    std::size_t m_ropeKinds;
    bool m_shares;
    std::size_t m_tokens = 0, m_headRows = 0, m_logitsRows = 0, m_stateRows = 0;
    HugeBuffer m_tokenMemory, m_headMemory, m_logitsMemory, m_stateMemory, m_scratchMemory;
    std::vector<ThreadScratch> m_scratch;
    bool m_counting = false; ///< nothing is taken, only counted
    std::uint64_t m_counted = 0;
};

} // namespace vitrine::engine
