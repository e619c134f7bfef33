// SPDX-License-Identifier: GPL-3.0-or-later
// The block tables and slots of one step by column of pages (kv_columns.h): those of the batch where a block
// is one page. Made before the step's threads start, read by all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/execution/forward_batch.h"
#include "engine/execution/kv_columns.h"

namespace vitrine::engine {

class StepPages
{
public:
    /// `batch` must live as long as the tables are used.
    void prepare(const ForwardBatch& batch, const KvColumns& columns);

    /// Pages of a sequence's blocks that hold this layer: [maxBlocksPerSequence], negative for holes.
    const std::int32_t* table(std::size_t layer, std::size_t sequence) const
    {
        return m_tables + (m_columns->column[layer] * m_sequences + sequence) * m_row;
    }
    /// page * blockSize + offset where K and V of a token are written.
    std::size_t slot(std::size_t layer, std::size_t token) const
    {
        return static_cast<std::size_t>(m_slots[m_columns->column[layer] * m_tokens + token]);
    }
    std::size_t layerInPage(std::size_t layer) const { return m_columns->inPage[layer]; }

private:
    void numberPages(const ForwardBatch& batch, std::int32_t columns);
    void findSlots(const ForwardBatch& batch, std::size_t columns);

    const KvColumns* m_columns = nullptr;
    const std::int32_t* m_tables = nullptr; ///< [columns, sequences, row]
    const std::int32_t* m_slots = nullptr;  ///< [columns, tokens]
    std::size_t m_sequences = 0, m_row = 0, m_tokens = 0;
    std::vector<std::int32_t> m_ownTables, m_ownSlots;
};

} // namespace vitrine::engine
