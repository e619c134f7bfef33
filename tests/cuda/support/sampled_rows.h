// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of logits from which a token is chosen, by the kernels and by the engine's sampler.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/support.h"
#include "engine/sampling/logit_adjustments.h"
#include "engine/sampling/sampler.h"
#include "kernels/cuda/sample.h"

namespace vitrine::tests {

/// One row: its settings and what was said before.
struct SampledRow
{
    engine::SamplingParams params;
    std::vector<engine::TokenId> prompt, reply;
    std::uint32_t continued = 0;
    std::uint64_t key = 0;
    bool fed = false; ///< the reply's last token is known to the device alone
};

struct SampledRows
{
    std::vector<std::int32_t> tokens;
    std::vector<std::vector<kernels::cuda::TokenReport>> reports; // [rows][1 + alternatives]
    std::vector<float> logits;                                    // as they were left
};

inline engine::SampledToken sampledOnCpu(std::span<const float> logits, const SampledRow& row)
{
    const engine::SamplingContext context{row.prompt, row.reply, row.key,
                                          std::span(row.prompt).last(row.continued)};
    engine::Sampler sampler;
    return sampler.sample(logits, row.params, context);
}

inline kernels::cuda::RowSampling settingsOf(const SampledRow& row)
{
    const engine::SamplingParams& params = row.params;
    kernels::cuda::RowSampling settings{
        params.temperature, params.topK, params.topP, params.minP, params.seed, row.key, 0};
    settings.position = row.prompt.size() + row.reply.size();
    settings.typicalP = params.typicalP;
    settings.repetitionPenalty = params.repetitionPenalty;
    settings.presencePenalty = params.presencePenalty;
    settings.frequencyPenalty = params.frequencyPenalty;
    settings.alternatives = params.logprobs;
    return settings;
}

/// What the rows' settings, lists and inputs are on the device.
struct DeviceSettings
{
    explicit DeviceSettings(const std::vector<SampledRow>& rows)
    {
        for (const SampledRow& row : rows)
            add(row);
    }

    void add(const SampledRow& row)
    {
        kernels::cuda::RowSampling settings = settingsOf(row);
        engine::LogitAdjustments known;
        known.update(row.params, row.prompt, row.continued,
                     std::span(row.reply).first(row.reply.size() - (row.fed ? 1 : 0)));
        settings.firstAdjustment = static_cast<std::uint32_t>(adjustments.size());
        settings.adjustments = static_cast<std::uint32_t>(known.entries().size());
        for (const engine::LogitAdjustment& entry : known.entries())
            adjustments.push_back(
                {entry.token, entry.uses | (entry.seen ? kernels::cuda::kSeen : 0U), entry.bias, 0.0F});
        if (row.fed)
            settings.lastInput = static_cast<std::int32_t>(inputs.size());
        inputs.push_back(row.fed ? row.reply.back() : -1);
        choices.push_back(settings);
        adjusts = adjusts || engine::changesLogits(row.params);
    }

    std::vector<kernels::cuda::RowSampling> choices;
    std::vector<kernels::cuda::LogitAdjustment> adjustments{{}}; // never empty; no row has the first
    std::vector<std::int32_t> inputs{-1};
    bool adjusts = false;
};

/// `logits` [rows, vocab]; `most` alternatives a row, 0: no reports.
inline SampledRows sampledOnDevice(const std::vector<float>& logits, const std::vector<SampledRow>& rows,
                                   std::int64_t most)
{
    using namespace kernels::cuda;
    const DeviceSettings settings(rows);
    const std::size_t count = rows.size(), width = static_cast<std::size_t>(1 + most);
    const DeviceVector<float> device(logits);
    const DeviceVector<RowSampling> choices(settings.choices);
    const DeviceVector<LogitAdjustment> entries(settings.adjustments);
    const DeviceVector<std::int32_t> inputs(settings.inputs), tokens(std::vector<std::int32_t>(count, -7));
    const DeviceVector<RowNotes> notes{std::vector<RowNotes>(count)};
    const DeviceVector<TokenReport> reports(std::vector<TokenReport>(count * width));
    SampleStep step;
    step.logits = device.data();
    step.rows = static_cast<std::int64_t>(count);
    step.vocab = static_cast<std::int64_t>(logits.size() / count);
    step.settings = choices.data();
    step.adjustments = settings.adjusts ? entries.data() : nullptr;
    step.inputs = inputs.data();
    step.notes = notes.data();
    step.tokens = tokens.data();
    step.reports = reports.data();
    step.alternatives = most;
    if (!sampleRows(step, nullptr))
        return {};
    SampledRows result{tokens.read(), {}, device.read()};
    const std::vector<TokenReport> all = reports.read();
    for (auto row = all.begin(); row != all.end(); row += static_cast<std::ptrdiff_t>(width))
        result.reports.emplace_back(row, row + static_cast<std::ptrdiff_t>(width));
    return result;
}

} // namespace vitrine::tests
