// SPDX-License-Identifier: GPL-3.0-or-later
// What is told of a token: its probability and the alternatives to it. The best tokens of the raw logits take
// three reads of a row from L2; what cut them is looked up by the bounds that the draw has left.
#include "kernels/cuda/device.h"

#include "kernels/cuda/row_values.cuh"
#include "kernels/cuda/sample_cuts.cuh"
#include "kernels/cuda/sample_lists.cuh"
#include "kernels/cuda/sample_stages.h"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kReportThreads = 128;

__device__ float logprobOf(float logit, const RowNotes& notes)
{
    return static_cast<float>(double{cleanLogit(logit)} - double{notes.rawTop} - notes.logTotal);
}

__device__ int alternativesOf(const RowSampling& settings, int most)
{
    const auto wanted = static_cast<int>(settings.alternatives < kMostAlternatives ? settings.alternatives
                                                                                   : kMostAlternatives);
    return wanted < most ? wanted : most;
}

__device__ void listRow(LogitRow row, int wanted, int most, TokenReport* entries, RowNotes& notes,
                        SelectScratch& scratch)
{
    const int count = listBest(row, wanted, scratch);
    row.top = valueOfBits(static_cast<std::uint32_t>(scratch.list[0] >> 32U));
    Count64 sum = 0;
    row.each([&](int, float logit) { sum += massOf(row.weight(logit)); });
    const double total = static_cast<double>(blockTotal(sum, scratch.partial)) * 0x1.0p-40;
    if (threadIdx.x == 0) {
        notes.rawTop = row.top;
        notes.logTotal = log(total);
    }
    __syncthreads();
    for (int i = static_cast<int>(threadIdx.x); i < most; i += kSelectThreads) {
        const Count64 listed = i < count ? scratch.list[i] : 0;
        const float logit = valueOfBits(static_cast<std::uint32_t>(listed >> 32U));
        TokenReport entry{-1, 0.0F, 0};
        if (listed > 0 && logit > -INFINITY) {
            entry.id = row.idOf(listed);
            entry.logprob = logprobOf(logit, notes);
        }
        entries[i] = entry;
    }
}

__global__ void __launch_bounds__(kSelectThreads, 1)
    listRows(const float* logits, std::int64_t rows, int vocab, const RowSampling* settings,
             TokenReport* reports, int most, RowNotes* notes)
{
    __shared__ SelectScratch scratch;
    for (std::int64_t i = blockIdx.x; i < rows; i += gridDim.x) {
        LogitRow row;
        row.logits = logits + i * vocab;
        row.vocab = vocab;
        if (const int wanted = alternativesOf(settings[i], most); wanted > 0)
            listRow(row, wanted, most, reports + i * (1 + most) + 1, notes[i], scratch);
        __syncthreads();
    }
}

/// What the logit of the chosen token was before it was adjusted, for the thread that finds it.
template<class Found>
__device__ void findRaw(const RowSampling& settings, const LogitAdjustment* adjustments,
                        const RowNotes& notes, int token, Found found)
{
    if (adjustments == nullptr)
        return;
    for (unsigned i = threadIdx.x; i < settings.adjustments; i += kReportThreads)
        if (adjustments[settings.firstAdjustment + i].token == token)
            found(adjustments[settings.firstAdjustment + i].logit);
    if (threadIdx.x == 0 && notes.fedToken == token)
        found(notes.fedLogit);
}

__device__ void markCuts(const float* logits, int vocab, const RowSampling& settings, const RowNotes& notes,
                         TokenReport* entries, int count)
{
    LogitRow row;
    row.logits = logits;
    row.vocab = vocab;
    row.top = notes.top;
    row.scale = notes.scale;
    const RowBounds bounds{notes.topK, notes.topP, notes.typical, notes.mean, notes.byLogit};
    for (int i = static_cast<int>(threadIdx.x); i < count; i += kReportThreads)
        if (const int id = entries[i].id; id >= 0)
            entries[i].cut = static_cast<std::int32_t>(bounds.cut(row, settings, id, row.logit(id)));
}

__device__ void finishRow(const float* logits, int vocab, const RowSampling& settings,
                          const LogitAdjustment* adjustments, const RowNotes& notes, int token,
                          TokenReport* entries, int count, float& raw)
{
    if (threadIdx.x == 0)
        raw = logits[token];
    __syncthreads();
    findRaw(settings, adjustments, notes, token, [&](float logit) { raw = logit; });
    if (notes.drawn != 0)
        markCuts(logits, vocab, settings, notes, entries + 1, count);
    __syncthreads();
    if (threadIdx.x == 0)
        entries[0] = {token, notes.rawTop > -INFINITY ? logprobOf(raw, notes) : -INFINITY, 0};
}

__global__ void __launch_bounds__(kReportThreads)
    finishRows(const float* logits, std::int64_t rows, int vocab, const RowSampling* settings,
               const LogitAdjustment* adjustments, const std::int32_t* tokens, const RowNotes* notes,
               TokenReport* reports, int most)
{
    __shared__ float raw;
    for (std::int64_t i = blockIdx.x; i < rows; i += gridDim.x) {
        if (const int count = alternativesOf(settings[i], most); count > 0)
            finishRow(logits + i * vocab, vocab, settings[i], adjustments, notes[i], tokens[i],
                      reports + i * (1 + most), count, raw);
        __syncthreads();
    }
}

} // namespace

Status listAlternatives(const SampleStep& step, Stream stream)
{
    VT_LAUNCH(listRows, blocksFor(step.rows, kMostBlocksX), kSelectThreads, 0, stream, step.logits, step.rows,
              static_cast<int>(step.vocab), step.settings, step.reports, static_cast<int>(step.alternatives),
              step.notes);
    return launched();
}

Status finishReports(const SampleStep& step, Stream stream)
{
    VT_LAUNCH(finishRows, blocksFor(step.rows, kMostBlocksX), kReportThreads, 0, stream, step.logits,
              step.rows, static_cast<int>(step.vocab), step.settings, step.adjustments, step.tokens,
              step.notes, step.reports, static_cast<int>(step.alternatives));
    return launched();
}

} // namespace vitrine::kernels::cuda
