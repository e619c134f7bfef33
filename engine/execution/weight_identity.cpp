// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/weight_identity.h"

#include <string>
#include <string_view>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace vitrine::engine {

namespace {

/// Rises whenever packing writes other bytes for the same matrix (kernels/cpu/pack.h).
constexpr std::uint64_t kPackedForm = 1;

void addText(std::vector<std::uint64_t>& facts, std::string_view text)
{
    facts.push_back(text.size());
    facts.push_back(XXH3_64bits(text.data(), text.size()));
}

/// Of what is mapped, not of what has the name now.
void addFiles(std::vector<std::uint64_t>& facts, const GgufFile& file)
{
    const std::string mapped = file.identity();
    addText(facts, mapped.empty() ? file.path() : mapped);
}

void addMatrix(std::vector<std::uint64_t>& facts, const CpuMatrix& matrix)
{
    addText(facts, matrix.source.name);
    for (const std::uint64_t fact :
         {static_cast<std::uint64_t>(matrix.source.type), matrix.source.rows, matrix.source.columns,
          static_cast<std::uint64_t>(matrix.packed.layout), std::uint64_t{matrix.packed.panelBytes}})
        facts.push_back(fact);
}

void addLayer(std::vector<std::uint64_t>& facts, const CpuLayer& layer)
{
    for (const CpuMatrix* matrix :
         {&layer.q, &layer.k, &layer.v, &layer.output, &layer.gate, &layer.up, &layer.down})
        addMatrix(facts, *matrix);
    for (const CpuExpert& expert : layer.experts)
        for (const auto part : kExpertMatrices)
            addMatrix(facts, expert.*part);
}

} // namespace

WeightIdentity weightIdentity(const ModelPart& part, const CpuWeights& weights)
{
    std::vector<std::uint64_t> facts{kPackedForm,         part.layers().first, part.layers().count,
                                     part.shard().rank,   part.shard().ranks,  weights.layers.size(),
                                     part.config().hidden};
    addFiles(facts, part.model().file());
    for (const CpuLayer& layer : weights.layers)
        addLayer(facts, layer);
    addMatrix(facts, weights.head);
    const XXH128_hash_t hash = XXH3_128bits(facts.data(), facts.size() * sizeof facts[0]);
    return {hash.high64, hash.low64};
}

} // namespace vitrine::engine
