// SPDX-License-Identifier: GPL-3.0-or-later
// How much attention the last token of some sequences gave to each KV block: what selective eviction goes by.
// Opt-in: without such sequences a step pays nothing. Parts are kept apart by layer and KV head, so that the
// sums do not depend on which thread computed what.
// Owned by the executor; prepare() between steps, parts by the compute threads during one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/execution/forward_batch.h"
#include "engine/model/model_config.h"

namespace vitrine::engine {

class AttentionMass
{
public:
    /// `config` has the layers that are computed here, `whole` all of the model's: theirs is the mean.
    void prepare(const ForwardBatch& batch, const ModelConfig& config, const ModelConfig& whole);
    void prepare(const ForwardBatch& batch, const ModelConfig& whole) { prepare(batch, whole, whole); }
    std::size_t rows() const { return m_rows.size(); }
    std::size_t sequence(std::size_t row) const { return m_rows[row].sequence; }
    bool wanted(std::size_t layer) const { return !m_rows.empty() && m_part[layer] >= 0; }

    /// Adds softmax weights of the heads of one KV head: `scores` [heads, keys] of the row's last token;
    /// `sinks` [heads]: scores that take their part and are no key; null: none.
    void add(std::size_t row, std::size_t layer, std::size_t kvHead, std::span<const float> scores,
             std::size_t heads, const float* sinks = nullptr);
    /// [blocks] of a row, once the step is done.
    std::span<const float> at(std::size_t row) const;

private:
    struct Row
    {
        std::size_t sequence = 0;
        std::size_t blocks = 0;
        std::size_t first = 0; ///< of its parts in m_parts
    };

    std::vector<Row> m_rows;
    std::vector<std::int32_t> m_part; ///< [layers]: which part a layer adds to; -1: it does not count
    std::size_t m_partsPerRow = 0;
    std::size_t m_kvHeads = 0;
    std::size_t m_blockSize = 1;
    float m_share = 0.0F;                ///< of one query head in one layer
    std::vector<float> m_parts;          ///< by row: [layers that count, kvHeads, blocks]
    mutable std::vector<float> m_result; ///< of the row asked for last
};

} // namespace vitrine::engine
