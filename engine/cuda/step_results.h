// SPDX-License-Identifier: GPL-3.0-or-later
// What a step brings back to the host: tokens where they were chosen on the device, and the logits of rows
// that the host looks at. One owner, the executor; engine thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/cuda/cuda_workspace.h"
#include "engine/cuda/step_plan.h"
#include "engine/execution/forward_batch.h"
#include "engine/sampling/sampled_token.h"
#include "kernels/cuda/buffer.h"
#include "kernels/cuda/sample.h"
#include "kernels/cuda/status.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

/// What a step tells of the tokens that it chose.
class TokenReports
{
public:
    TokenReports() = default;
    /// [rows, 1 + alternatives], as a SampleStep has them.
    TokenReports(std::vector<kernels::cuda::TokenReport> entries, std::size_t alternatives)
        : m_entries(std::move(entries)), m_width(1 + alternatives)
    {}

    SampledToken at(std::size_t row) const;

private:
    std::vector<kernels::cuda::TokenReport> m_entries;
    std::size_t m_width = 1;
};

/// Tokens and reports have two places, so that one step's are not overwritten by the next; logits and hidden
/// rows one: a step that wants some is followed by none that does.
class StepResults
{
public:
    StepResults(std::int64_t vocab, std::int64_t hidden)
        : m_vocab(static_cast<std::size_t>(vocab)), m_hidden(static_cast<std::size_t>(hidden))
    {}

    static bool wantsLogits(const ForwardBatch& batch);
    bool fits(const ForwardBatch& batch, const StepPlan& plan) const;
    /// Room for what this batch brings; where it has to grow, pointers are others. A refusal leaves as much
    /// room as there was, elsewhere perhaps.
    Result<void> ensure(const ForwardBatch& batch, const StepPlan& plan);
    /// Room for the tokens of so many rows, and for as many reports as there may be.
    Result<void> ensureRows(std::int64_t rows);
    /// Room for the hidden rows of so many tokens.
    Result<void> ensureHidden(std::int64_t tokens);
    /// Whether what every step of this shape and result brings has its room.
    bool holds(const StepPlan& plan) const;
    std::uint64_t generation() const { return m_generation; } ///< another one once pointers may be others

    /// Queues the copies that every step of this plan has: all logits, hidden rows, or tokens, and reports
    /// where there are some. Fit for a graph.
    kernels::cuda::Status queue(const StepPlan& plan, const CudaWorkspace& work, std::size_t place,
                                kernels::cuda::Stream stream) const;
    /// Queues a copy for each run of rows whose logits are wanted beside the tokens of others.
    kernels::cuda::Status queueHostRows(const ForwardBatch& batch, const CudaWorkspace& work,
                                        kernels::cuda::Stream stream) const;

    /// Once the copies have landed: Executor::await()'s logits.
    std::span<const float> logits(const ForwardBatch& batch) const;
    /// [logitsRows]; empty where none were chosen.
    std::vector<TokenId> tokens(const ForwardBatch& batch, std::size_t place) const;
    /// Empty where no row tells anything.
    TokenReports reports(const ForwardBatch& batch, std::size_t place) const;

    /// Once the copies have landed, of a step with StepResult::Hidden: [tokens, hidden].
    std::span<const float> hiddenRows(std::size_t tokens) const
    {
        return {m_rows.as<float>(), tokens * m_hidden};
    }

private:
    std::size_t hiddenBytes(std::int64_t tokens) const
    {
        return static_cast<std::size_t>(tokens) * m_hidden * sizeof(float);
    }
    /// Place for place, both as large.
    Result<void> ensure(std::array<kernels::cuda::PinnedBuffer, 2>& places, std::size_t bytes,
                        const char* what);

    std::size_t m_vocab, m_hidden;
    kernels::cuda::PinnedBuffer m_logits;                 // [rows, vocab]
    std::array<kernels::cuda::PinnedBuffer, 2> m_tokens;  // [rows] each
    std::array<kernels::cuda::PinnedBuffer, 2> m_reports; // [rows, 1 + alternatives] each
    kernels::cuda::PinnedBuffer m_rows;                   // [tokens, hidden]
    std::uint64_t m_generation = 0;
};

} // namespace vitrine::engine
