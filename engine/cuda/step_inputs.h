// SPDX-License-Identifier: GPL-3.0-or-later
// What a step reads besides weights and KV, in one run of bytes that goes to the device by one copy. Its
// shape may be larger than the batch: padding rows write nothing, see nothing and are read by nobody. One
// owner, the executor; engine thread.
#pragma once

#include <array>
#include <cstdint>

#include "engine/base/result.h"
#include "engine/execution/forward_batch.h"
#include "engine/execution/step_pages.h"
#include "kernels/cuda/buffer.h"
#include "kernels/cuda/sample.h"
#include "kernels/cuda/status.h"

namespace vitrine::engine {

struct StepShape
{
    std::int64_t tokens = 0;
    std::int64_t sequences = 0;
    std::int64_t tableRow = 0; ///< pages of a sequence in the tables
    std::int64_t columns = 1;  ///< of pages (kv_columns.h)
    std::int64_t rows = 0;     ///< whose logits are wanted
    std::int64_t choices = 0;  ///< rows from which a token is chosen: all or none of them
    std::int64_t hidden = 0;   ///< columns of the hidden rows that it begins with; 0: it begins with tokens
    std::int64_t adjustments = 0;  ///< of logits, over all rows; 0: no row has any
    std::int64_t alternatives = 0; ///< that a row may tell of; 0: none does
    bool operator==(const StepShape&) const = default;
};

inline constexpr std::size_t kMostAdjustments = 65536; ///< of a step

/// Where each part starts, in values of 32 bits.
struct StepLayout
{
    explicit StepLayout(const StepShape& shape);
    std::int64_t tokenIds = 0, positions = 0, slots = 0, queryStart = 0, contextLengths = 0, tables = 0,
                 rows = 0, choices = 0, adjustments = 0, hidden = 0, end = 0;
};

class StepInputs
{
public:
    bool fits(const StepShape& shape) const;
    /// Of the device, with some room to grow.
    static std::uint64_t bytesFor(const StepShape& shape);
    /// Room for this shape; what was there is gone where it has to grow, and then pointers are others. A
    /// refusal leaves as much room as there was, elsewhere perhaps.
    Result<void> ensure(const StepShape& shape);
    std::uint64_t generation() const { return m_generation; } ///< another one once pointers may be others
    /// Writes the batch, padded to `shape`, to one of two places of pinned memory, whose last copy must have
    /// landed.
    void fill(const ForwardBatch& batch, const KvColumns& columns, const StepShape& shape, std::size_t place);
    /// Queues the copy of what fill() wrote.
    kernels::cuda::Status send(kernels::cuda::Stream stream) const;

    const StepShape& shape() const { return m_shape; }
    const std::int32_t* tokenIds() const { return at(m_layout.tokenIds); }
    std::int32_t* fedTokens() const { return m_device.as<std::int32_t>() + m_layout.tokenIds; }
    const std::int32_t* positions() const { return at(m_layout.positions); }
    const std::int32_t* slots(std::int64_t column) const
    {
        return at(m_layout.slots + column * m_shape.tokens);
    }
    const std::int32_t* queryStart() const { return at(m_layout.queryStart); }
    const std::int32_t* contextLengths() const { return at(m_layout.contextLengths); }
    const std::int32_t* table(std::int64_t column) const
    {
        return at(m_layout.tables + column * m_shape.sequences * m_shape.tableRow);
    }
    const std::int32_t* rows() const { return at(m_layout.rows); }
    const kernels::cuda::RowSampling* choices() const
    {
        return reinterpret_cast<const kernels::cuda::RowSampling*>(at(m_layout.choices));
    }
    /// Null where no row has any. The pass changes them.
    kernels::cuda::LogitAdjustment* adjustments() const
    {
        return m_shape.adjustments > 0 ? reinterpret_cast<kernels::cuda::LogitAdjustment*>(
                                             m_device.as<std::int32_t>() + m_layout.adjustments)
                                       : nullptr;
    }
    const float* hidden() const { return reinterpret_cast<const float*>(at(m_layout.hidden)); }
    std::uint64_t bytes() const { return m_device.size(); }

private:
    const std::int32_t* at(std::int64_t index) const { return m_device.as<std::int32_t>() + index; }
    void fillTokens(const ForwardBatch& batch, const StepPages& pages, const KvColumns& columns);
    void fillSequences(const ForwardBatch& batch);
    void fillChoices(const ForwardBatch& batch);
    void fillAdjustments(const ForwardBatch& batch);
    void fillHidden(const ForwardBatch& batch);
    void fillTables(const ForwardBatch& batch, const StepPages& pages, const KvColumns& columns);

    std::int32_t* host() const { return m_host[m_place].as<std::int32_t>(); }

    std::array<kernels::cuda::PinnedBuffer, 2> m_host;
    std::size_t m_place = 0;
    kernels::cuda::DeviceBuffer m_device;
    StepShape m_shape;
    StepLayout m_layout{StepShape{}};
    StepPages m_pages;
    std::uint64_t m_generation = 0;
};

} // namespace vitrine::engine
