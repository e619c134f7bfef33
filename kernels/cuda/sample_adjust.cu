// SPDX-License-Identifier: GPL-3.0-or-later
// A block a row, a thread a token of its context. Bound by latency: scattered words of the logits.
#include "kernels/cuda/device.h"

#include "kernels/cuda/row_values.cuh"
#include "kernels/cuda/sample_row.cuh"
#include "kernels/cuda/sample_stages.h"

namespace vitrine::kernels::cuda {

namespace {

constexpr int kThreads = 256;

/// With the roundings of the CPU's: nothing is fused.
__device__ float adjusted(float raw, std::uint32_t uses, float bias, const RowSampling& settings)
{
    float logit = cleanLogit(raw);
    if ((uses & kSeen) != 0 && settings.repetitionPenalty != 1.0F)
        logit = logit > 0.0F ? __fdiv_rn(logit, settings.repetitionPenalty)
                             : __fmul_rn(logit, settings.repetitionPenalty);
    if (const std::uint32_t count = uses & ~kSeen; count > 0)
        logit = __fsub_rn(logit, __fadd_rn(__fmul_rn(settings.frequencyPenalty, static_cast<float>(count)),
                                           settings.presencePenalty));
    return __fadd_rn(logit, bias);
}

__device__ bool isToken(std::int32_t token, int vocab)
{
    return token >= 0 && token < vocab;
}

/// `fed`: one more use of it than its adjustment knows. True where it has one that is this thread's.
__device__ bool adjustRow(float* row, int vocab, const RowSampling& settings, LogitAdjustment* adjustments,
                          std::int32_t fed)
{
    bool found = false;
    for (unsigned i = threadIdx.x; i < settings.adjustments; i += kThreads) {
        LogitAdjustment& adjustment = adjustments[settings.firstAdjustment + i];
        if (!isToken(adjustment.token, vocab))
            continue;
        const bool again = adjustment.token == fed;
        const std::uint32_t uses = again ? (adjustment.uses + 1) | kSeen : adjustment.uses;
        float& logit = row[adjustment.token];
        adjustment.logit = logit;
        logit = adjusted(logit, uses, adjustment.bias, settings);
        found = found || again;
    }
    return found;
}

__global__ void __launch_bounds__(kThreads)
    adjustRows(float* logits, std::int64_t rows, int vocab, const RowSampling* settings,
               LogitAdjustment* adjustments, const std::int32_t* inputs, RowNotes* notes)
{
    __shared__ int found;
    for (std::int64_t i = blockIdx.x; i < rows; i += gridDim.x) {
        if (threadIdx.x == 0)
            found = 0;
        __syncthreads();
        const std::int32_t last = settings[i].lastInput;
        const std::int32_t fed = last >= 0 ? inputs[last] : -1;
        float* row = logits + i * vocab;
        if (adjustRow(row, vocab, settings[i], adjustments, fed))
            found = 1;
        __syncthreads();
        if (threadIdx.x == 0) {
            const bool alone = found == 0 && isToken(fed, vocab);
            notes[i].fedToken = alone ? fed : -1;
            if (alone) {
                notes[i].fedLogit = row[fed];
                row[fed] = adjusted(row[fed], kSeen | 1U, 0.0F, settings[i]);
            }
        }
        __syncthreads();
    }
}

} // namespace

Status adjustLogits(const SampleStep& step, Stream stream)
{
    VT_LAUNCH(adjustRows, blocksFor(step.rows, kMostBlocksX), kThreads, 0, stream, step.logits, step.rows,
              static_cast<int>(step.vocab), step.settings, step.adjustments, step.inputs, step.notes);
    return launched();
}

} // namespace vitrine::kernels::cuda
