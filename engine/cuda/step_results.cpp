// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/step_results.h"

#include <algorithm>

#include "engine/cuda/cuda_status.h"
#include "engine/cuda/replace_buffer.h"
#include "engine/sampling/sampling_params.h"

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
    std::size_t logits = 0, tokens = 0, reports = 0;
};

std::size_t reportBytes(std::int64_t rows, std::int64_t alternatives)
{
    return alternatives > 0 ? static_cast<std::size_t>(rows * (1 + alternatives)) * sizeof(cuda::TokenReport)
                            : 0;
}

Sizes sizesOf(const StepPlan& plan, bool logits, std::size_t vocab)
{
    if (plan.result == StepResult::Hidden)
        return {};
    const auto rows = static_cast<std::size_t>(plan.shape.rows);
    const bool chooses = plan.result != StepResult::Logits;
    return {logits ? rows * vocab * sizeof(float) : 0, chooses ? rows * sizeof(std::int32_t) : 0,
            plan.result == StepResult::Chosen ? reportBytes(plan.shape.rows, plan.shape.alternatives) : 0};
}

bool hold(const std::array<cuda::PinnedBuffer, 2>& places, std::size_t bytes)
{
    return bytes <= std::min(places[0].size(), places[1].size());
}

static_assert(static_cast<int>(cuda::RowCut::Weightless) == static_cast<int>(SamplerCut::Weightless) &&
              static_cast<int>(cuda::RowCut::TopK) == static_cast<int>(SamplerCut::TopK) &&
              static_cast<int>(cuda::RowCut::TopP) == static_cast<int>(SamplerCut::TopP) &&
              static_cast<int>(cuda::RowCut::MinP) == static_cast<int>(SamplerCut::MinP) &&
              static_cast<int>(cuda::RowCut::Typical) == static_cast<int>(SamplerCut::Typical));
static_assert(kMostLogprobs == cuda::kMostAlternatives);

} // namespace

/// Alternatives end with the first entry that is none.
SampledToken TokenReports::at(std::size_t row) const
{
    const auto entries = std::span(m_entries).subspan(row * m_width, m_width);
    SampledToken token{entries[0].id, entries[0].logprob, {}};
    for (const cuda::TokenReport& entry : entries.subspan(1)) {
        if (entry.id < 0)
            break;
        token.top.push_back({entry.id, entry.logprob, static_cast<SamplerCut>(entry.cut)});
    }
    return token;
}

bool StepResults::fits(const ForwardBatch& batch, const StepPlan& plan) const
{
    if (plan.result == StepResult::Hidden)
        return holds(plan);
    const Sizes sizes = sizesOf(plan, wantsLogits(batch), m_vocab);
    return sizes.logits <= m_logits.size() && hold(m_tokens, sizes.tokens) && hold(m_reports, sizes.reports);
}

bool StepResults::holds(const StepPlan& plan) const
{
    if (plan.result == StepResult::Hidden)
        return hiddenBytes(plan.shape.tokens) <= m_rows.size();
    const Sizes sizes = sizesOf(plan, plan.result == StepResult::Logits, m_vocab);
    return sizes.logits <= m_logits.size() && hold(m_tokens, sizes.tokens) && hold(m_reports, sizes.reports);
}

Result<void> StepResults::ensure(const ForwardBatch& batch, const StepPlan& plan)
{
    if (plan.result == StepResult::Hidden)
        return ensureHidden(plan.shape.tokens);
    const auto [logits, tokens, reports] = sizesOf(plan, wantsLogits(batch), m_vocab);
    if (logits > m_logits.size()) {
        ++m_generation;
        Result<void> made = resultOf(replaceBuffer(m_logits, logits), "reserving pinned memory for logits");
        if (!made)
            return made;
    }
    Result<void> made = ensure(m_tokens, tokens, "reserving pinned memory for tokens");
    return made ? ensure(m_reports, reports, "reserving pinned memory for alternatives") : made;
}

Result<void> StepResults::ensureRows(std::int64_t rows)
{
    const std::size_t bytes = static_cast<std::size_t>(rows) * sizeof(std::int32_t);
    Result<void> made = ensure(m_tokens, bytes, "reserving pinned memory for tokens");
    return made ? ensure(m_reports, reportBytes(rows, cuda::kMostAlternatives),
                         "reserving pinned memory for alternatives")
                : made;
}

Result<void> StepResults::ensureHidden(std::int64_t tokens)
{
    if (hiddenBytes(tokens) <= m_rows.size())
        return {};
    ++m_generation;
    return resultOf(replaceBuffer(m_rows, hiddenBytes(tokens)), "reserving pinned memory for hidden rows");
}

Result<void> StepResults::ensure(std::array<cuda::PinnedBuffer, 2>& places, std::size_t bytes,
                                 const char* what)
{
    for (cuda::PinnedBuffer& place : places) {
        if (bytes <= place.size())
            continue;
        ++m_generation;
        if (Result<void> made = resultOf(replaceBuffer(place, bytes), what); !made)
            return made;
    }
    return {};
}

cuda::Status StepResults::queue(const StepPlan& plan, const CudaWorkspace& work, std::size_t place,
                                cuda::Stream stream) const
{
    if (plan.result == StepResult::Hidden)
        return cuda::copyBytes(m_rows.data(), work.residual(), hiddenBytes(plan.shape.tokens), stream);
    const Sizes sizes = sizesOf(plan, plan.result == StepResult::Logits, m_vocab);
    if (plan.result == StepResult::Logits)
        return cuda::copyBytes(m_logits.data(), work.logits(), sizes.logits, stream);
    const cuda::Status status = cuda::copyBytes(m_tokens[place].data(), work.tokens(), sizes.tokens, stream);
    if (!status || sizes.reports == 0)
        return status;
    return cuda::copyBytes(m_reports[place].data(), work.reports(), sizes.reports, stream);
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

TokenReports StepResults::reports(const ForwardBatch& batch, std::size_t place) const
{
    StepShape shape;
    addSettings(batch, shape);
    if (shape.alternatives == 0)
        return {};
    const auto* entries = m_reports[place].as<cuda::TokenReport>();
    const auto alternatives = static_cast<std::size_t>(shape.alternatives);
    return {{entries, entries + batch.logitsRows.size() * (1 + alternatives)}, alternatives};
}

} // namespace vitrine::engine
