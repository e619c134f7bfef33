// SPDX-License-Identifier: GPL-3.0-or-later
// A model's weights as the CPU executor multiplies with them: matrices packed for the instruction set, one
// after the other in the order in which a step reads them, norms and
// routers as float32. Immutable once built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/model_part.h"
#include "engine/execution/weight_conversion.h"
#include "engine/model/load_progress.h"
#include "kernels/cpu/linear.h"
#include "kernels/cpu/thread_pool.h"

namespace vitrine::engine {

/// A matrix packed to int8 panels or, where `packed.data` is null, left in the file for float32 products.
struct CpuMatrix
{
    WeightView source;
    kernels::cpu::PackedMatrix packed;

    bool isPacked() const { return packed.data != nullptr; }
    std::int64_t rows() const { return static_cast<std::int64_t>(source.rows); }
    std::int64_t columns() const { return static_cast<std::int64_t>(source.columns); }
    std::int64_t panels() const { return (rows() + kernels::cpu::kPanelRows - 1) / kernels::cpu::kPanelRows; }
    std::size_t panelBytes() const; ///< what multiplying with one panel reads
    std::uint64_t bytes() const { return panelBytes() * static_cast<std::uint64_t>(panels()); }
};

struct CpuExpert
{
    CpuMatrix gate, up, down;
};

struct CpuLayer
{
    std::vector<float> attentionNorm, qNorm, kNorm, postAttentionNorm, ffnNorm, postFfnNorm;
    std::vector<float>
        qkvBias; ///< [(heads + 2 kvHeads) * headDim]; biases and sinks: empty where there are none
    std::vector<float> sinks; ///< [heads]
    std::vector<float> outputBias, gateBias, upBias, downBias;
    CpuMatrix q, k, v, output;
    CpuMatrix gate, up, down;                                        ///< no sources in a layer with experts
    std::vector<float> router;                                       ///< [experts, hidden]
    std::vector<CpuExpert> experts;                                  ///< empty in a layer without
    std::vector<float> routerBias;                                   ///< [experts]
    std::vector<float> expertGateBias, expertUpBias, expertDownBias; ///< rows of the experts here
};

class WeightArena;

struct CpuWeights
{
    std::vector<CpuLayer> layers;
    std::vector<float> outputNorm;
    std::vector<float> ropeFactors;           ///< empty: none
    CpuMatrix head;                           ///< no source: layers that end before it
    std::shared_ptr<const WeightArena> arena; ///< every packed matrix

    bool readsSource() const;          ///< some matrix is multiplied as it lies in the file
    std::uint64_t bytes() const;       ///< of all matrices
    std::uint64_t expertBytes() const; ///< of them, those of experts, of which a token reads a part
    /// By type in the file, of what is not computed with in its own form; in the order of the layers.
    std::vector<WeightConversion> conversions() const;
};

/// CpuWeights::bytes() of these weights once packed, give or take a few bytes; reads none of them.
std::uint64_t weightBytesFor(const ModelWeights& from, const kernels::cpu::LinearOperations& operations);

/// Packs on all threads of the pool. With `precise` nothing is packed. Progress is called on this thread.
/// `place`: a descriptor of memory that another process may have packed the same to; -1: own memory.
Result<CpuWeights> packWeights(const ModelPart& part, bool precise,
                               const kernels::cpu::LinearOperations& operations,
                               kernels::cpu::ThreadPool& pool, const LoadProgress& progress, int place = -1);

} // namespace vitrine::engine
