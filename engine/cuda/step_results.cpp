// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/step_results.h"

#include <algorithm>

#include "engine/cuda/cuda_status.h"
#include "engine/cuda/replace_buffer.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

bool StepResults::wantsLogits(const ForwardBatch& batch)
{
    if (batch.choices.empty())
        return !batch.bestOnly;
    return std::any_of(batch.choices.begin(), batch.choices.end(),
                       [](const TokenChoice& choice) { return choice.onHost; });
}

namespace {

/// Of a step, in bytes.
struct Sizes
{
    std::size_t logits = 0, tokens = 0;
};

Sizes sizesOf(const ForwardBatch& batch, const StepPlan& plan, std::size_t vocab)
{
    if (plan.result == StepResult::Hidden)
        return {};
    const auto rows = static_cast<std::size_t>(plan.shape.rows);
    return {StepResults::wantsLogits(batch) ? rows * vocab * sizeof(float) : 0,
            plan.result != StepResult::Logits ? rows * sizeof(std::int32_t) : 0};
}

} // namespace

bool StepResults::fits(const ForwardBatch& batch, const StepPlan& plan) const
{
    if (plan.result == StepResult::Hidden)
        return holds(plan);
    const Sizes sizes = sizesOf(batch, plan, m_vocab);
    return sizes.logits <= m_logits.size() &&
           sizes.tokens <= std::min(m_tokens[0].size(), m_tokens[1].size());
}

bool StepResults::holds(const StepPlan& plan) const
{
    if (plan.result == StepResult::Hidden)
        return hiddenBytes(plan.shape.tokens) <= m_rows.size();
    const auto rows = static_cast<std::size_t>(plan.shape.rows);
    if (plan.result == StepResult::Logits)
        return rows * m_vocab * sizeof(float) <= m_logits.size();
    return rows * sizeof(std::int32_t) <= std::min(m_tokens[0].size(), m_tokens[1].size());
}

Result<void> StepResults::ensure(const ForwardBatch& batch, const StepPlan& plan)
{
    if (plan.result == StepResult::Hidden)
        return ensureHidden(plan.shape.tokens);
    const auto [logits, tokens] = sizesOf(batch, plan, m_vocab);
    if (logits > m_logits.size()) {
        ++m_generation;
        Result<void> made = resultOf(replaceBuffer(m_logits, logits), "reserving pinned memory for logits");
        if (!made)
            return made;
    }
    return ensureTokens(tokens);
}

Result<void> StepResults::ensureRows(std::int64_t rows)
{
    return ensureTokens(static_cast<std::size_t>(rows) * sizeof(std::int32_t));
}

Result<void> StepResults::ensureHidden(std::int64_t tokens)
{
    if (hiddenBytes(tokens) <= m_rows.size())
        return {};
    ++m_generation;
    return resultOf(replaceBuffer(m_rows, hiddenBytes(tokens)), "reserving pinned memory for hidden rows");
}

Result<void> StepResults::ensureTokens(std::size_t bytes)
{
    for (cuda::PinnedBuffer& place : m_tokens) {
        if (bytes <= place.size())
            continue;
        ++m_generation;
        Result<void> made = resultOf(replaceBuffer(place, bytes), "reserving pinned memory for tokens");
        if (!made)
            return made;
    }
    return {};
}

cuda::Status StepResults::queue(const StepPlan& plan, const CudaWorkspace& work, std::size_t place,
                                cuda::Stream stream) const
{
    if (plan.result == StepResult::Hidden)
        return cuda::copyBytes(m_rows.data(), work.residual(), hiddenBytes(plan.shape.tokens), stream);
    const auto rows = static_cast<std::size_t>(plan.shape.rows);
    if (plan.result != StepResult::Logits)
        return cuda::copyBytes(m_tokens[place].data(), work.tokens(), rows * sizeof(std::int32_t), stream);
    return cuda::copyBytes(m_logits.data(), work.logits(), rows * m_vocab * sizeof(float), stream);
}

cuda::Status StepResults::queueHostRows(const ForwardBatch& batch, const CudaWorkspace& work,
                                        cuda::Stream stream) const
{
    const std::vector<TokenChoice>& choices = batch.choices;
    cuda::Status status;
    for (std::size_t begin = 0, end = 0; begin < choices.size() && status; begin = end) {
        end = begin + 1;
        if (!choices[begin].onHost)
            continue;
        while (end < choices.size() && choices[end].onHost)
            ++end;
        status = cuda::copyBytes(m_logits.as<float>() + begin * m_vocab, work.logits() + begin * m_vocab,
                                 (end - begin) * m_vocab * sizeof(float), stream);
    }
    return status;
}

std::span<const float> StepResults::logits(const ForwardBatch& batch) const
{
    if (!wantsLogits(batch))
        return {};
    return {m_logits.as<float>(), batch.logitsRows.size() * m_vocab};
}

std::vector<TokenId> StepResults::tokens(const ForwardBatch& batch, std::size_t place) const
{
    if (!batch.bestOnly && batch.choices.empty())
        return {};
    const auto* tokens = m_tokens[place].as<std::int32_t>();
    return {tokens, tokens + batch.logitsRows.size()};
}

} // namespace vitrine::engine
