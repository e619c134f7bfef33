// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/step_inputs.h"

#include <algorithm>
#include <cstring>

#include "engine/cuda/cuda_status.h"
#include "engine/cuda/replace_buffer.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

/// A layer of each column of pages, to ask StepPages by.
std::vector<std::size_t> layerOfColumn(const KvColumns& columns)
{
    std::vector<std::size_t> layers(columns.shape.blockPages(), 0);
    for (std::size_t layer = 0; layer < columns.column.size(); ++layer)
        layers[columns.column[layer]] = layer;
    return layers;
}

constexpr std::int64_t kChoiceValues = sizeof(cuda::RowSampling) / sizeof(std::int32_t);
static_assert(kChoiceValues * sizeof(std::int32_t) == sizeof(cuda::RowSampling) &&
              alignof(cuda::RowSampling) <= 16);

constexpr std::int64_t kAdjustmentValues = sizeof(cuda::LogitAdjustment) / sizeof(std::int32_t);
static_assert(kAdjustmentValues * sizeof(std::int32_t) == sizeof(cuda::LogitAdjustment));

std::size_t bytesOf(const StepShape& shape)
{
    return static_cast<std::size_t>(StepLayout(shape).end) * sizeof(std::int32_t);
}

/// A row that is the host's gets the best token, which costs least; nobody reads it.
cuda::RowSampling samplingOf(const TokenChoice& choice, std::int32_t input)
{
    if (choice.onHost)
        return {};
    return {choice.temperature,
            choice.topK,
            choice.topP,
            choice.minP,
            choice.seed,
            choice.requestKey,
            choice.position,
            choice.typicalP,
            choice.repetitionPenalty,
            choice.presencePenalty,
            choice.frequencyPenalty,
            choice.alternatives,
            choice.firstAdjustment,
            choice.adjustments,
            choice.adjustsInput ? input : -1};
}

/// Parts start on 16 bytes.
std::int64_t rounded(std::int64_t values)
{
    return (values + 3) / 4 * 4;
}

} // namespace

StepLayout::StepLayout(const StepShape& shape)
{
    const auto take = [this](std::int64_t& part, std::int64_t values) {
        part = end;
        end += rounded(values);
    };
    take(tokenIds, shape.tokens);
    take(positions, shape.tokens);
    take(slots, shape.columns * shape.tokens);
    take(queryStart, shape.sequences + 1);
    take(contextLengths, shape.sequences);
    take(tables, shape.columns * shape.sequences * shape.tableRow);
    take(rows, shape.rows);
    take(choices, shape.choices * kChoiceValues);
    take(adjustments, shape.adjustments * kAdjustmentValues);
    take(hidden, shape.tokens * shape.hidden);
}

std::uint64_t StepInputs::bytesFor(const StepShape& shape)
{
    return bytesOf(shape) + bytesOf(shape) / 2;
}

bool StepInputs::fits(const StepShape& shape) const
{
    return bytesOf(shape) <= std::min({m_device.size(), m_host[0].size(), m_host[1].size()});
}

Result<void> StepInputs::ensure(const StepShape& shape)
{
    if (fits(shape))
        return {};
    ++m_generation;
    const std::size_t wanted = bytesFor(shape);
    for (cuda::PinnedBuffer& place : m_host)
        if (Result<void> host =
                resultOf(replaceBuffer(place, wanted), "reserving pinned memory for a step's inputs");
            !host)
            return host;
    return resultOf(replaceBuffer(m_device, wanted), "reserving memory of the GPU for a step's inputs");
}

void StepInputs::fill(const ForwardBatch& batch, const KvColumns& columns, const StepShape& shape,
                      std::size_t place)
{
    m_place = place;
    m_shape = shape;
    m_layout = StepLayout(shape);
    m_pages.prepare(batch, columns);
    fillTokens(batch, m_pages, columns);
    fillSequences(batch);
    fillTables(batch, m_pages, columns);
    std::int32_t* rows = host() + m_layout.rows;
    std::copy(batch.logitsRows.begin(), batch.logitsRows.end(), rows);
    std::fill(rows + batch.logitsRows.size(), rows + m_shape.rows, 0);
    fillChoices(batch);
    fillAdjustments(batch);
    fillHidden(batch);
}

void StepInputs::fillTokens(const ForwardBatch& batch, const StepPages& pages, const KvColumns& columns)
{
    std::int32_t* values = host();
    std::copy(batch.tokenIds.begin(), batch.tokenIds.end(), values + m_layout.tokenIds);
    std::copy(batch.positions.begin(), batch.positions.end(), values + m_layout.positions);
    const auto used = static_cast<std::int64_t>(batch.tokens());
    std::fill(values + m_layout.tokenIds + used, values + m_layout.tokenIds + m_shape.tokens, 0);
    std::fill(values + m_layout.positions + used, values + m_layout.positions + m_shape.tokens, 0);
    const std::vector<std::size_t> layers = layerOfColumn(columns);
    for (std::size_t column = 0; column < layers.size(); ++column) {
        std::int32_t* slot = values + m_layout.slots + static_cast<std::int64_t>(column) * m_shape.tokens;
        for (std::int64_t token = 0; token < used; ++token)
            slot[token] =
                static_cast<std::int32_t>(pages.slot(layers[column], static_cast<std::size_t>(token)));
        std::fill(slot + used, slot + m_shape.tokens, -1);
    }
}

void StepInputs::fillSequences(const ForwardBatch& batch)
{
    std::int32_t* values = host();
    std::int32_t* start = values + m_layout.queryStart;
    std::int32_t* context = values + m_layout.contextLengths;
    const auto used = static_cast<std::int64_t>(batch.sequences());
    std::copy(batch.queryStart.begin(), batch.queryStart.end(), start);
    std::copy(batch.contextLengths.begin(), batch.contextLengths.end(), context);
    for (std::int64_t padding = used; padding < m_shape.sequences; ++padding) {
        start[padding + 1] = start[padding] + 1; // a row of its own each
        context[padding] = 0;
    }
}

void StepInputs::fillChoices(const ForwardBatch& batch)
{
    std::vector<cuda::RowSampling> settings(static_cast<std::size_t>(m_shape.choices));
    for (std::size_t i = 0; i < std::min(settings.size(), batch.choices.size()); ++i)
        settings[i] = samplingOf(batch.choices[i], batch.logitsRows[i]);
    if (!settings.empty())
        std::memcpy(host() + m_layout.choices, settings.data(), settings.size() * sizeof(cuda::RowSampling));
}

/// What is behind them is no row's.
void StepInputs::fillAdjustments(const ForwardBatch& batch)
{
    if (m_shape.adjustments == 0)
        return;
    auto* entries = reinterpret_cast<cuda::LogitAdjustment*>(host() + m_layout.adjustments);
    for (const LogitAdjustment& entry : batch.adjustments)
        *entries++ = {entry.token, entry.uses | (entry.seen ? cuda::kSeen : 0U), entry.bias, 0.0F};
}

void StepInputs::fillHidden(const ForwardBatch& batch)
{
    auto* rows = reinterpret_cast<float*>(host() + m_layout.hidden);
    if (m_shape.hidden > 0)
        std::fill(std::copy(batch.hidden.begin(), batch.hidden.end(), rows),
                  rows + m_shape.tokens * m_shape.hidden, 0.0F);
}

void StepInputs::fillTables(const ForwardBatch& batch, const StepPages& pages, const KvColumns& columns)
{
    const std::vector<std::size_t> layers = layerOfColumn(columns);
    const std::int64_t row = std::min<std::int64_t>(m_shape.tableRow, batch.maxBlocksPerSequence);
    for (std::size_t column = 0; column < layers.size(); ++column)
        for (std::int64_t sequence = 0; sequence < m_shape.sequences; ++sequence) {
            std::int32_t* to =
                host() + m_layout.tables +
                (static_cast<std::int64_t>(column) * m_shape.sequences + sequence) * m_shape.tableRow;
            std::fill(to, to + m_shape.tableRow, -1);
            if (sequence < static_cast<std::int64_t>(batch.sequences()))
                std::copy_n(pages.table(layers[column], static_cast<std::size_t>(sequence)), row, to);
        }
}

cuda::Status StepInputs::send(cuda::Stream stream) const
{
    return cuda::copyBytes(m_device.data(), m_host[m_place].data(),
                           static_cast<std::size_t>(m_layout.end) * sizeof(std::int32_t), stream);
}

} // namespace vitrine::engine
