// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/step_pages.h"

namespace vitrine::engine {

void StepPages::prepare(const ForwardBatch& batch, const KvColumns& columns)
{
    m_columns = &columns;
    m_sequences = batch.sequences();
    m_row = batch.maxBlocksPerSequence;
    m_tokens = batch.tokens();
    m_tables = batch.blockTables.data();
    m_slots = batch.slotMapping.data();
    if (!columns.shape.mixed())
        return;
    if (batch.pageTables.empty())
        numberPages(batch, static_cast<std::int32_t>(columns.shape.blockPages()));
    m_tables = batch.pageTables.empty() ? m_ownTables.data() : batch.pageTables.data();
    findSlots(batch, columns.shape.blockPages());
}

void StepPages::numberPages(const ForwardBatch& batch, std::int32_t columns)
{
    m_ownTables.clear();
    for (std::int32_t column = 0; column < columns; ++column)
        for (const std::int32_t block : batch.blockTables)
            m_ownTables.push_back(block < 0 ? block : block * columns + column);
}

void StepPages::findSlots(const ForwardBatch& batch, std::size_t columns)
{
    m_ownSlots.resize(columns * m_tokens);
    const std::size_t size = batch.blockSize;
    for (std::size_t column = 0; column < columns; ++column)
        for (std::size_t sequence = 0; sequence < m_sequences; ++sequence) {
            const std::int32_t* table = m_tables + (column * m_sequences + sequence) * m_row;
            const auto end = static_cast<std::size_t>(batch.queryStart[sequence + 1]);
            for (auto token = static_cast<std::size_t>(batch.queryStart[sequence]); token < end; ++token) {
                const auto position = static_cast<std::size_t>(batch.positions[token]);
                m_ownSlots[column * m_tokens + token] =
                    table[position / size] * static_cast<std::int32_t>(size) +
                    static_cast<std::int32_t>(position % size);
            }
        }
    m_slots = m_ownSlots.data();
}

} // namespace vitrine::engine
