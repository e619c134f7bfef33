// SPDX-License-Identifier: GPL-3.0-or-later
// What a row's settings cut, as the draw and the report both see it: bounds on keys.
#pragma once

#include "kernels/cuda/sample.h"
#include "kernels/cuda/sample_row.cuh"

namespace vitrine::kernels::cuda {

/// Of a row whose token is drawn.
struct RowBounds
{
    Count64 topK, topP, typical; ///< least keys that pass; 0: all do
    float mean;                  ///< mass-weighted mean of the surprise that a weight has
    int byLogit;                 ///< top-k is on: keys are of logits, weights are the CPU's of a short list

    __device__ float weight(const LogitRow& row, float logit) const
    {
        return byLogit != 0 ? expf((logit - row.top) * row.scale) : row.weight(logit);
    }
    __device__ Count64 key(const LogitRow& row, int id, float logit, float weightThere) const
    {
        return row.key(byLogit != 0 ? logit : weightThere, id);
    }
    /// The nearer the surprise is to its mean, the larger.
    __device__ Count64 typicalKey(const LogitRow& row, int id, float logit) const
    {
        return row.key(-fabsf((logit - row.top) * row.scale + mean), id);
    }

    __device__ RowCut cut(const LogitRow& row, const RowSampling& settings, int id, float logit) const
    {
        const float here = weight(row, logit);
        if (!(logit > -INFINITY))
            return RowCut::Weightless;
        if (byLogit != 0 && row.key(logit, id) < topK)
            return RowCut::TopK;
        if (!(here > 0.0F))
            return RowCut::Weightless;
        if (key(row, id, logit, here) < topP)
            return RowCut::TopP;
        if (here < settings.minP)
            return RowCut::MinP;
        return typical > 0 && typicalKey(row, id, logit) < typical ? RowCut::Typical : RowCut::None;
    }

    /// Of a token that may be drawn; 0 of any other.
    __device__ Count64 mass(const LogitRow& row, const RowSampling& settings, int id, float logit) const
    {
        const float here = weight(row, logit);
        const bool kept = here >= settings.minP && key(row, id, logit, here) >= topP &&
                          (typical == 0 || typicalKey(row, id, logit) >= typical);
        return kept ? massOf(here) : 0;
    }
};

} // namespace vitrine::kernels::cuda
