// SPDX-License-Identifier: GPL-3.0-or-later
// From a computed step to its tokens. With a large vocabulary choosing one of many likely tokens takes as
// long as some layers, so the rows of a step are shared out to the executor's threads.
#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>

#include "engine/base/ordered_mutex.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

/// A request that takes a token from a row of the logits.
struct SampledRow
{
    const Request* request;
    std::uint32_t logitsRow;
};

/// Whoever was cancelled while it was computed takes none.
std::vector<SampledRow> sampledRows(const ScheduledBatch& batch, const Scheduler& scheduler)
{
    std::vector<SampledRow> rows;
    const auto add = [&](RequestId id, std::uint32_t logitsRow) {
        const Request* request = scheduler.find(id);
        if (request != nullptr && request->state != RequestState::Finished)
            rows.push_back({request, logitsRow});
    };
    for (const ScheduledRow& row : batch.rows)
        if (row.samples)
            add(row.request, row.logitsRow);
    for (const ForkedSample& fork : batch.forks)
        add(fork.request, fork.logitsRow);
    return rows;
}

/// The first failure of several threads, thrown again by the one that waits for them.
class FirstFailure
{
public:
    template<class Work>
    void guard(Work work) noexcept
    {
        try {
            work();
        } catch (...) {
            const std::lock_guard lock(m_mutex);
            if (!m_failure)
                m_failure = std::current_exception();
        }
    }
    void rethrow() const
    {
        if (m_failure)
            std::rethrow_exception(m_failure);
    }

private:
    OrderedMutex m_mutex{LockOrder::Failure};
    std::exception_ptr m_failure;
};

TokenChoice onHost()
{
    TokenChoice choice;
    choice.onHost = true;
    return choice;
}

/// But for the adjustments.
TokenChoice choiceOf(const RequestSpec& spec, const ScheduledRow& row)
{
    const SamplingParams& params = spec.sampling;
    TokenChoice choice;
    choice.temperature = params.temperature;
    choice.topK = params.topK;
    choice.topP = params.topP;
    choice.minP = params.minP;
    choice.seed = params.seed;
    choice.requestKey = spec.sampleKey;
    choice.position = std::uint64_t{row.firstToken} + row.tokens;
    choice.typicalP = params.typicalP;
    choice.repetitionPenalty = params.repetitionPenalty;
    choice.presencePenalty = params.presencePenalty;
    choice.frequencyPenalty = params.frequencyPenalty;
    choice.alternatives = params.logprobs;
    return choice;
}

} // namespace

void Engine::askForTokens(ScheduledBatch& batch) const
{
    batch.forward.bestOnly = wantsOnlyBest(batch);
    if (!batch.forward.bestOnly)
        askForChoices(batch);
}

/// What the executor is to make of each row of logits; nothing where it is logits throughout. A row that
/// samples begin from gives several tokens, which only the host can do.
void Engine::askForChoices(ScheduledBatch& batch) const
{
    ForwardBatch& forward = batch.forward;
    forward.choices.assign(forward.logitsRows.size(), onHost());
    const auto begins = [&](const ScheduledRow& row) {
        return std::any_of(batch.forks.begin(), batch.forks.end(),
                           [&](const ForkedSample& fork) { return fork.logitsRow == row.logitsRow; });
    };
    for (const ScheduledRow& row : batch.rows) {
        const Request* request = row.samples && !begins(row) ? m_scheduler->find(row.request) : nullptr;
        if (request == nullptr || !m_executor->canChoose(request->spec.sampling))
            continue;
        TokenChoice choice = choiceOf(request->spec, row);
        if (addAdjustments(*request, row.logitsRow, choice, forward))
            forward.choices[row.logitsRow] = choice;
    }
    if (std::all_of(forward.choices.begin(), forward.choices.end(),
                    [](const TokenChoice& choice) { return choice.onHost; })) {
        forward.choices.clear();
        forward.adjustments.clear();
    }
}

/// Of the tokens that penalties and biases look at. A token that the step under way will give is added where
/// it is known by then. False where a step takes no more of them.
bool Engine::addAdjustments(const Request& request, std::uint32_t logitsRow, TokenChoice& choice,
                            ForwardBatch& forward) const
{
    const RequestSpec& spec = request.spec;
    if (!changesLogits(spec.sampling))
        return true;
    LogitAdjustments& known = m_streams.at(request.id)->adjustments;
    known.update(spec.sampling, spec.prompt, spec.continued, request.reply);
    const std::span<const LogitAdjustment> entries = known.entries();
    if (forward.adjustments.size() + entries.size() > m_executor->mostAdjustments())
        return false;
    choice.firstAdjustment = static_cast<std::uint32_t>(forward.adjustments.size());
    choice.adjustments = static_cast<std::uint32_t>(entries.size());
    choice.adjustsInput = forward.tokenIds[static_cast<std::size_t>(forward.logitsRows[logitsRow])] < 0;
    forward.adjustments.insert(forward.adjustments.end(), entries.begin(), entries.end());
    return true;
}

/// No row of the batch needs logits for its token.
bool Engine::wantsOnlyBest(const ScheduledBatch& batch) const
{
    const auto only = [this](RequestId id) {
        const Request* request = m_scheduler->find(id);
        return request == nullptr || engine::wantsOnlyBest(request->spec.sampling);
    };
    return std::all_of(batch.rows.begin(), batch.rows.end(),
                       [&](const ScheduledRow& row) { return !row.samples || only(row.request); }) &&
           std::all_of(batch.forks.begin(), batch.forks.end(),
                       [&](const ForkedSample& fork) { return only(fork.request); });
}

void Engine::sample(Step& step, std::span<const float> logits)
{
    const std::size_t vocab = m_model->config().vocab;
    const std::vector<SampledRow> rows = sampledRows(step.batch, *m_scheduler);
    const ForwardBatch& forward = step.batch.forward;
    const std::span<const TokenId> chosen =
        forward.bestOnly ? m_executor->bestTokens() : m_executor->chosenTokens();
    const auto isChosen = [&](const SampledRow& row) {
        return forward.bestOnly || (!forward.choices.empty() && !forward.choices[row.logitsRow].onHost);
    };
    std::vector<SampledToken> tokens(rows.size());
    const auto choose = [&](std::size_t i, std::uint32_t rank) {
        const auto& [request, row] = rows[i];
        const bool there = isChosen(rows[i]);
        VT_CHECK(there ? row < chosen.size() : (row + 1) * vocab <= logits.size());
        const RequestSpec& spec = request->spec;
        const SamplingContext context{spec.prompt, request->reply, spec.sampleKey,
                                      std::span(spec.prompt).last(spec.continued)};
        if (there) {
            const bool tells = spec.sampling.logprobs > 0;
            tokens[i] = tells ? m_executor->report(row) : SampledToken{chosen[row], 0.0F, {}};
            return;
        }
        const NvtxRange range(NvtxName::SampleRow, request->id.value);
        tokens[i] = m_samplers[rank].sample(logits.subspan(row * vocab, vocab), spec.sampling, context);
    };
    chooseAll(rows.size(), std::all_of(rows.begin(), rows.end(), isChosen), choose);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        step.tokens.push_back({rows[i].request->id, tokens[i].id});
        step.sampled.push_back(std::move(tokens[i]));
    }
}

/// A single row, and tokens that are there already, are not worth waking anybody.
void Engine::chooseAll(std::size_t rows, bool cheap,
                       const std::function<void(std::size_t, std::uint32_t)>& choose)
{
    const bool alone = cheap || rows <= 1;
    m_samplers.resize(std::max<std::size_t>(m_samplers.size(), alone ? 1 : m_executor->ranks()));
    if (alone) {
        for (std::size_t i = 0; i < rows; ++i)
            choose(i, 0);
        return;
    }
    FirstFailure failure;
    m_executor->forEach(rows,
                        [&](std::size_t i, std::uint32_t rank) { failure.guard([&] { choose(i, rank); }); });
    failure.rethrow();
}

} // namespace vitrine::engine
