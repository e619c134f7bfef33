// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels that sampleRows() puts around the draw. Each takes a step with at least one row.
#pragma once

#include "kernels/cuda/sample.h"

namespace vitrine::kernels::cuda {

/// The best tokens of the raw logits into reports [1 …], their softmax into notes.
Status listAlternatives(const SampleStep& step, Stream stream);
/// Penalties and biases into the logits; what was there stays in the adjustments and notes.
Status adjustLogits(const SampleStep& step, Stream stream);
/// The chosen token into reports [0], and what cut the others.
Status finishReports(const SampleStep& step, Stream stream);

} // namespace vitrine::kernels::cuda
