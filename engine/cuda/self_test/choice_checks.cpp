// SPDX-License-Identifier: GPL-3.0-or-later
// What penalties and biases make of a choice, and what is told of it, beside arithmetic in double.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>

#include "engine/cuda/self_test/test_bench.h"
#include "kernels/cuda/sample.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

constexpr std::size_t kVocab = 5003, kRows = 3;
constexpr std::size_t kAdjusted = 300; ///< tokens of a row
constexpr std::size_t kAlternatives = 20;
constexpr std::uint32_t kTopK = 10;

/// Spread so that a few tokens count.
std::vector<float> testLogits(SyntheticRandom& random)
{
    std::vector<float> logits = testFloats(random, kVocab);
    for (float& logit : logits)
        logit *= 6.0F;
    return logits;
}

cuda::RowSampling penalties()
{
    cuda::RowSampling row;
    row.repetitionPenalty = 1.3F;
    row.presencePenalty = 0.5F;
    row.frequencyPenalty = 0.25F;
    row.adjustments = kAdjusted;
    row.lastInput = 0;
    return row;
}

/// Of every sixteenth token: said up to three times, some only wished for.
std::vector<cuda::LogitAdjustment> testAdjustments(SyntheticRandom& random)
{
    std::vector<cuda::LogitAdjustment> all;
    for (std::size_t i = 0; i < kAdjusted; ++i) {
        const auto uses = static_cast<std::uint32_t>(random.next() >> 62U);
        const float bias = i % 3 == 0 ? 4.0F : 0.0F;
        all.push_back(
            {static_cast<std::int32_t>(16 * i), uses | (i % 4 != 0 ? cuda::kSeen : 0U), bias, 0.0F});
    }
    return all;
}

/// The largest once everything is in, the token that is fed too.
std::vector<double> adjustedLogits(const std::vector<float>& logits, const cuda::RowSampling& row,
                                   const std::vector<cuda::LogitAdjustment>& adjustments, std::int32_t fed)
{
    std::vector<double> values(logits.begin(), logits.end());
    const auto adjust = [&](std::int32_t token, bool seen, double uses, double bias) {
        double& logit = values[static_cast<std::size_t>(token)];
        if (seen)
            logit =
                logit > 0.0 ? logit / double{row.repetitionPenalty} : logit * double{row.repetitionPenalty};
        if (uses > 0.0)
            logit -= double{row.frequencyPenalty} * uses + double{row.presencePenalty};
        logit += bias;
    };
    bool found = false;
    for (const cuda::LogitAdjustment& entry : adjustments) {
        const bool again = entry.token == fed;
        found = found || again;
        adjust(entry.token, again || (entry.uses & cuda::kSeen) != 0,
               (entry.uses & ~cuda::kSeen) + (again ? 1.0 : 0.0), double{entry.bias});
    }
    if (!found)
        adjust(fed, true, 1.0, 0.0);
    return values;
}

bool isClear(std::vector<double> values)
{
    std::partial_sort(values.begin(), values.begin() + 2, values.end(), std::greater<>());
    return values[0] - values[1] > 1e-3;
}

/// A step's rows as they go to the device.
struct Rows
{
    std::vector<float> logits;
    std::vector<cuda::RowSampling> settings;
    std::vector<cuda::LogitAdjustment> adjustments{{}}; // never empty; no row has the first
    std::vector<std::int32_t> inputs{-1};               // likewise
    std::int64_t alternatives = 0;
};

struct Sampled
{
    std::vector<std::int32_t> tokens;
    std::vector<cuda::TokenReport> reports; // [rows, 1 + alternatives]
};

Sampled sample(const Rows& rows, TestBench& bench)
{
    const std::size_t count = rows.settings.size();
    const cuda::DeviceBuffer logits = bench.put(rows.logits), settings = bench.put(rows.settings);
    const cuda::DeviceBuffer entries = bench.put(rows.adjustments), inputs = bench.put(rows.inputs);
    const cuda::DeviceBuffer notes = bench.put(std::vector<cuda::RowNotes>(count));
    const cuda::DeviceBuffer tokens = bench.put(std::vector<std::int32_t>(count, -1));
    const auto width = static_cast<std::size_t>(1 + rows.alternatives);
    const cuda::DeviceBuffer reports = bench.put(std::vector<cuda::TokenReport>(count * width));
    cuda::SampleStep step;
    step.logits = logits.as<float>();
    step.rows = static_cast<std::int64_t>(count);
    step.vocab = kVocab;
    step.settings = settings.as<cuda::RowSampling>();
    step.adjustments = entries.as<cuda::LogitAdjustment>();
    step.inputs = inputs.as<std::int32_t>();
    step.notes = notes.as<cuda::RowNotes>();
    step.tokens = tokens.as<std::int32_t>();
    step.reports = reports.as<cuda::TokenReport>();
    step.alternatives = rows.alternatives;
    bench.keep(cuda::sampleRows(step, nullptr));
    return {bench.get<std::int32_t>(tokens), bench.get<cuda::TokenReport>(reports)};
}

std::size_t bestOf(const std::vector<double>& values)
{
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// The most likely token is the one that is fed, so that it is penalised.
GpuCheck checkPenalties(const SelfTestSettings& settings)
{
    TestBench bench("sampling with penalties and biases", settings);
    SyntheticRandom random(23);
    Rows rows;
    std::vector<double> exact;
    while (rows.settings.size() < kRows) {
        const std::vector<float> logits = testLogits(random);
        const std::vector<cuda::LogitAdjustment> own = testAdjustments(random);
        cuda::RowSampling row = penalties();
        row.firstAdjustment = static_cast<std::uint32_t>(rows.adjustments.size());
        row.lastInput = static_cast<std::int32_t>(rows.inputs.size());
        const auto fed = static_cast<std::int32_t>(bestOf({logits.begin(), logits.end()}));
        const std::vector<double> values = adjustedLogits(logits, row, own, fed);
        if (!isClear(values))
            continue;
        rows.settings.push_back(row);
        rows.inputs.push_back(fed);
        rows.logits.insert(rows.logits.end(), logits.begin(), logits.end());
        rows.adjustments.insert(rows.adjustments.end(), own.begin(), own.end());
        exact.push_back(static_cast<double>(bestOf(values)));
    }
    const Sampled found = sample(rows, bench);
    return bench.judge({found.tokens.begin(), found.tokens.end()}, exact, std::vector<double>(kRows, 1.0),
                       0.0);
}

std::vector<std::int32_t> bestFirst(std::span<const float> logits)
{
    std::vector<std::int32_t> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    std::stable_sort(ids.begin(), ids.end(), [&](std::int32_t a, std::int32_t b) {
        return logits[static_cast<std::size_t>(a)] > logits[static_cast<std::size_t>(b)];
    });
    return ids;
}

/// Of a row with top-k on: the alternatives, whether they could be drawn, and their probabilities.
struct Told
{
    std::vector<double> ids, cuts, logprobs;

    void add(std::span<const float> logits)
    {
        const std::vector<std::int32_t> best = bestFirst(logits);
        const double top = double{logits[static_cast<std::size_t>(best[0])]};
        const double sum =
            std::accumulate(logits.begin(), logits.end(), 0.0, [&](double before, float logit) {
                return before + std::exp(double{logit} - top);
            });
        for (std::size_t i = 0; i < kAlternatives; ++i) {
            ids.push_back(best[i]);
            cuts.push_back(static_cast<double>(i < kTopK ? cuda::RowCut::None : cuda::RowCut::TopK));
            logprobs.push_back(double{logits[static_cast<std::size_t>(best[i])]} - top - std::log(sum));
        }
    }
};

std::vector<GpuCheck> checkReports(const SelfTestSettings& settings)
{
    TestBench bench("alternatives to a token", settings), cutBench("what cut them", settings),
        probabilityBench("log-probabilities", settings);
    SyntheticRandom random(29);
    cuda::RowSampling row{1.0F, kTopK};
    row.alternatives = kAlternatives;
    Rows rows;
    rows.alternatives = kAlternatives;
    Told told;
    for (std::size_t i = 0; i < kRows; ++i) {
        const std::vector<float> logits = testLogits(random);
        told.add(logits);
        rows.settings.push_back(row);
        rows.logits.insert(rows.logits.end(), logits.begin(), logits.end());
    }
    const std::vector<cuda::TokenReport> found = sample(rows, bench).reports;
    if (bench.failed())
        return {bench.judge({}, {}, {}, 0.0)};
    std::vector<float> ids, cuts, logprobs;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (i % (1 + kAlternatives) == 0) // the token that was drawn
            continue;
        ids.push_back(static_cast<float>(found[i].id));
        cuts.push_back(static_cast<float>(found[i].cut));
        logprobs.push_back(found[i].logprob);
    }
    const std::vector<double> ones(ids.size(), 1.0);
    return {bench.judge(ids, told.ids, ones, 0.0), cutBench.judge(cuts, told.cuts, ones, 0.0),
            probabilityBench.judge(logprobs, told.logprobs, ones, 1e-4)};
}

} // namespace

std::vector<GpuCheck> checkChoices(const SelfTestSettings& settings)
{
    std::vector<GpuCheck> checks{checkPenalties(settings)};
    const std::vector<GpuCheck> reports = checkReports(settings);
    checks.insert(checks.end(), reports.begin(), reports.end());
    return checks;
}

} // namespace vitrine::engine
