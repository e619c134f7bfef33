// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/step_results.h"

#include <algorithm>

#include "engine/cuda/cuda_status.h"

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
    const auto rows = static_cast<std::size_t>(plan.shape.rows);
    return {StepResults::wantsLogits(batch) ? rows * vocab * sizeof(float) : 0,
            plan.result != StepResult::Logits ? rows * sizeof(std::int32_t) : 0};
}

} // namespace

bool StepResults::fits(const ForwardBatch& batch, const StepPlan& plan) const
{
    const Sizes sizes = sizesOf(batch, plan, m_vocab);
    return sizes.logits <= m_logits.size() && sizes.tokens <= m_tokens[0].size();
}

Result<void> StepResults::ensure(const ForwardBatch& batch, const StepPlan& plan)
{
    const auto [logits, tokens] = sizesOf(batch, plan, m_vocab);
    if (logits > m_logits.size())
        if (Result<void> made = resultOf(m_logits.allocate(logits), "reserving memory for logits"); !made)
            return made;
    for (cuda::PinnedBuffer& place : m_tokens)
        if (tokens > place.size())
            if (Result<void> made = resultOf(place.allocate(tokens), "reserving memory for tokens"); !made)
                return made;
    return {};
}

cuda::Status StepResults::queue(const StepPlan& plan, const CudaWorkspace& work, std::size_t place,
                                cuda::Stream stream) const
{
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
