// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens in and out: rows of the embedding in every type, and tokens drawn from logits beside sums in double.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "engine/cuda/self_test/test_bench.h"
#include "engine/cuda/self_test/test_tensors.h"
#include "engine/sampling/counter_rng.h"
#include "kernels/cuda/embedding.h"
#include "kernels/cuda/sample.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using cuda::RowSampling;
using kernels::QuantType;

namespace {

constexpr double kBorder = 1e-5; ///< draws nearer to the next token than this share may go to either

GpuCheck checkEmbedding(QuantType type, const SelfTestSettings& settings)
{
    constexpr std::size_t kVocab = 37, kColumns = 512;
    constexpr float kScale = 1.5F;
    TestBench bench(std::string("embedding ") + kernels::quantInfo(type).name, settings);
    SyntheticRandom random(static_cast<std::uint64_t>(type) + 70);
    const std::vector<std::uint8_t> tensor = drawTensor(type, kVocab * kColumns, random);
    const std::vector<float> values = tensorFloats(type, tensor);
    const std::vector<std::int32_t> wanted{36, 3, -1, 0, 3}; // a negative one is padding: zeros
    const cuda::DeviceBuffer table = bench.put(tensor), tokens = bench.put(wanted);
    const cuda::DeviceBuffer rows = bench.put(std::vector<float>(wanted.size() * kColumns, NAN));
    bench.keep(cuda::gatherEmbeddings(type, table.as<std::uint8_t>(), kColumns, tokens.as<std::int32_t>(),
                                      static_cast<std::int64_t>(wanted.size()), kScale, rows.as<float>(),
                                      nullptr));
    std::vector<double> exact;
    for (const std::int32_t token : wanted)
        for (std::size_t i = 0; i < kColumns; ++i)
            exact.push_back(
                token < 0 ? 0.0 : double{kScale} * values[static_cast<std::size_t>(token) * kColumns + i]);
    return bench.judge(bench.get<float>(rows), exact, std::vector<double>(exact.size(), 4.0), 1e-6);
}

struct Candidate
{
    std::size_t id = 0;
    double weight = 0.0;
};

/// Heaviest first, the lower id among equals.
std::vector<Candidate> candidatesOf(std::span<const float> logits, const RowSampling& row)
{
    const double top = double{*std::max_element(logits.begin(), logits.end())};
    std::vector<Candidate> all;
    for (std::size_t id = 0; id < logits.size(); ++id)
        all.push_back({id, std::exp((double{logits[id]} - top) / double{row.temperature})});
    std::stable_sort(all.begin(), all.end(),
                     [](const Candidate& a, const Candidate& b) { return a.weight > b.weight; });
    return all;
}

double massOf(const std::vector<Candidate>& candidates)
{
    return std::accumulate(candidates.begin(), candidates.end(), 0.0,
                           [](double sum, const Candidate& c) { return sum + c.weight; });
}

/// The beginning that has the share of the mass; false where it ends within rounding of another token.
bool keepShare(std::vector<Candidate>& candidates, double share)
{
    const double total = massOf(candidates);
    double before = 0.0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const double missing = share * total - before;
        if (std::abs(missing) < kBorder * total)
            return false;
        if (missing < 0.0) {
            candidates.resize(i);
            return true;
        }
        before += candidates[i].weight;
    }
    return true;
}

/// Nearest to the mean surprise first.
bool keepTypical(std::vector<Candidate>& candidates, double share)
{
    const double total = massOf(candidates);
    double mean = 0.0;
    for (const Candidate& c : candidates)
        mean -= c.weight * std::log(c.weight) / total;
    std::stable_sort(candidates.begin(), candidates.end(), [mean](const Candidate& a, const Candidate& b) {
        return std::abs(std::log(a.weight) + mean) < std::abs(std::log(b.weight) + mean);
    });
    return keepShare(candidates, share);
}

/// As engine/sampling has it; nothing where rounding decides.
std::optional<std::size_t> drawOf(std::span<const float> logits, const RowSampling& row)
{
    std::vector<Candidate> kept = candidatesOf(logits, row);
    if (row.temperature <= 0.0F)
        return std::max_element(logits.begin(), logits.end()) - logits.begin();
    const bool best = row.topK > 0;
    if (best)
        kept.resize(std::min<std::size_t>(kept.size(), row.topK));
    if (row.topP < 1.0F && !keepShare(kept, double{row.topP}))
        return std::nullopt;
    std::erase_if(kept, [&](const Candidate& c) { return c.weight < double{row.minP}; });
    if (row.typicalP < 1.0F && !keepTypical(kept, double{row.typicalP}))
        return std::nullopt;
    std::sort(kept.begin(), kept.end(), [best](const Candidate& a, const Candidate& b) {
        return best && a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
    });
    const double total = massOf(kept), target = uniformAt(row.seed, row.requestKey, row.position) * total;
    double mass = 0.0;
    for (const Candidate& candidate : kept) {
        mass += candidate.weight;
        if (std::abs(mass - target) < kBorder * total)
            return std::nullopt;
        if (mass > target)
            return candidate.id;
    }
    return std::nullopt;
}

constexpr RowSampling kSettings[] = {
    {0.0F, 0, 1.0F, 0.0F, 1, 0, 0},         {1.0F, 0, 1.0F, 0.0F, 2, 0, 0},
    {0.7F, 0, 0.9F, 0.0F, 3, 1, 0},         {0.8F, 40, 1.0F, 0.0F, 4, 2, 0},
    {0.9F, 50, 0.8F, 0.0F, 5, 0, 0},        {1.2F, 0, 1.0F, 0.05F, 6, 0, 0},
    {0.8F, 64, 0.95F, 0.02F, 7, 3, 0},      {1.0F, 0, 1.0F, 0.0F, 8, 0, 0, 0.6F},
    {1.0F, 50, 0.95F, 0.01F, 9, 0, 0, 0.7F}};

/// `spread`: of the logits; large ones have few tokens that count, small ones many.
GpuCheck checkSampling(const char* name, float spread, const SelfTestSettings& settings)
{
    constexpr std::size_t kVocab = 5003, kDraws = 3; // a setting
    TestBench bench(name, settings);
    SyntheticRandom random(21);
    std::vector<float> logits;
    std::vector<RowSampling> rows;
    std::vector<double> exact;
    for (RowSampling row : kSettings)
        for (std::size_t draw = 0; draw < kDraws; ++draw) {
            std::vector<float> one;
            std::optional<std::size_t> token;
            while (!token) {
                ++row.position;
                one = testFloats(random, kVocab);
                for (float& logit : one)
                    logit *= spread;
                token = drawOf(one, row);
            }
            logits.insert(logits.end(), one.begin(), one.end());
            rows.push_back(row);
            exact.push_back(static_cast<double>(*token));
        }
    const cuda::DeviceBuffer in = bench.put(logits), choices = bench.put(rows);
    const cuda::DeviceBuffer out = bench.put(std::vector<std::int32_t>(rows.size(), -1));
    const cuda::DeviceBuffer notes = bench.put(std::vector<cuda::RowNotes>(rows.size()));
    cuda::SampleStep step;
    step.logits = in.as<float>();
    step.rows = static_cast<std::int64_t>(rows.size());
    step.vocab = kVocab;
    step.settings = choices.as<RowSampling>();
    step.notes = notes.as<cuda::RowNotes>();
    step.tokens = out.as<std::int32_t>();
    bench.keep(cuda::sampleRows(step, nullptr));
    const std::vector<std::int32_t> found = bench.get<std::int32_t>(out);
    return bench.judge({found.begin(), found.end()}, exact, std::vector<double>(rows.size(), 1.0), 0.0);
}

} // namespace

std::vector<GpuCheck> checkTokens(const SelfTestSettings& settings)
{
    std::vector<GpuCheck> checks;
    for (const QuantType type : deviceTypes())
        checks.push_back(checkEmbedding(type, settings));
    checks.push_back(checkSampling("sampling, few likely tokens", 8.0F, settings));
    checks.push_back(checkSampling("sampling, many likely tokens", 0.5F, settings));
    return checks;
}

} // namespace vitrine::engine
