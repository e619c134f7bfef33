// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/batch_builder.h"

#include <algorithm>

#include "engine/base/check.h"

namespace vitrine::engine {
namespace {

ScheduledRow makeRow(const PlannedRow& planned, const ScheduledBatch& batch)
{
    const Request& request = *planned.request;
    ScheduledRow row;
    row.request = request.id;
    row.firstToken = planned.firstToken;
    row.tokens = planned.tokens;
    row.decode = planned.decode;
    row.samples = planned.firstToken + planned.tokens == request.known();
    if (row.samples)
        row.logitsRow = static_cast<std::uint32_t>(batch.forward.logitsRows.size());
    return row;
}

void count(const Request& request, const ScheduledRow& row, ScheduledBatch& batch)
{
    (row.decode ? batch.decodeTokens : batch.prefillTokens) += row.tokens;
    const std::uint32_t end = std::min(row.firstToken + row.tokens, request.everComputed);
    batch.recomputedTokens += end > row.firstToken ? end - row.firstToken : 0;
    const std::uint64_t first = row.firstToken, tokens = row.tokens;
    batch.load.attendedKeys += tokens * first + tokens * (tokens + 1) / 2;
    batch.load.decodeRows += row.decode ? 1 : 0;
}

void addSequence(const Request& request, const ScheduledRow& row, std::span<const BlockId> table,
                 ForwardBatch& forward)
{
    const std::uint32_t end = row.firstToken + row.tokens;
    for (std::uint32_t position = row.firstToken; position < end; ++position) {
        const std::int32_t block = table[position / forward.blockSize].value;
        const std::uint32_t slot =
            static_cast<std::uint32_t>(block) * forward.blockSize + position % forward.blockSize;
        forward.tokenIds.push_back(request.token(position));
        forward.positions.push_back(static_cast<std::int32_t>(position));
        forward.slotMapping.push_back(static_cast<std::int32_t>(slot));
    }
    forward.queryStart.push_back(static_cast<std::int32_t>(forward.tokenIds.size()));
    forward.contextLengths.push_back(static_cast<std::int32_t>(end));
    if (row.samples)
        forward.logitsRows.push_back(static_cast<std::int32_t>(forward.tokenIds.size()) - 1);
}

void addTable(std::span<const BlockId> table, std::size_t blocks, ForwardBatch& forward)
{
    for (std::size_t i = 0; i < forward.maxBlocksPerSequence; ++i)
        forward.blockTables.push_back(i < blocks ? table[i].value : kNullBlock.value);
}

/// Where a model has several pages a block: which they are.
void addPages(const ScheduledBatch& batch, const KvCache& cache, ForwardBatch& forward)
{
    const KvShape& shape = cache.options().shape;
    for (std::uint32_t column = 0; shape.mixed() && column < shape.blockPages(); ++column)
        for (const ScheduledRow& row : batch.rows) {
            const std::size_t blocks = cache.blocksFor(row.firstToken + row.tokens);
            for (std::size_t i = 0; i < forward.maxBlocksPerSequence; ++i)
                forward.pageTables.push_back(i < blocks ? cache.page(row.request, column, i)
                                                        : kNullBlock.value);
        }
}

bool ended(const PlannedRow& planned)
{
    return planned.request->state != RequestState::Running;
}

std::uint32_t longestTable(const StepPlan& plan, const KvCache& cache)
{
    std::uint32_t longest = 0;
    for (const PlannedRow& row : plan.rows())
        if (!ended(row))
            longest = std::max(longest, cache.blocksFor(row.firstToken + row.tokens));
    return longest;
}

void addRow(const PlannedRow& planned, const KvCache& cache, ScheduledBatch& batch)
{
    const Request& request = *planned.request;
    VT_CHECK(request.computed == planned.firstToken && request.tokensPending <= 1);
    const ScheduledRow row = makeRow(planned, batch);
    const std::span<const BlockId> table = cache.table(request.id);
    const std::size_t blocks = cache.blocksFor(row.firstToken + row.tokens);
    VT_CHECK(blocks <= table.size());
    count(request, row, batch);
    addSequence(request, row, table, batch.forward);
    addTable(table, blocks, batch.forward);
    if (request.spec.keepTokens > 0 && row.decode)
        batch.forward.massRows.push_back(static_cast<std::int32_t>(batch.rows.size()));
    batch.rows.push_back(row);
}

} // namespace

ScheduledBatch buildBatch(StepPlan plan, const KvCache& cache)
{
    ScheduledBatch batch;
    batch.tokenBudget = plan.budget();
    batch.lookedUpTokens = plan.lookedUpTokens;
    batch.cachedTokens = plan.cachedTokens;
    batch.forward.blockSize = cache.options().blockSize;
    batch.forward.maxBlocksPerSequence = longestTable(plan, cache);
    batch.forward.queryStart.push_back(0);
    for (const PlannedRow& planned : plan.rows())
        if (!ended(planned))
            addRow(planned, cache, batch);
    addPages(batch, cache, batch.forward);
    batch.load.prefillTokens = batch.prefillTokens;
    batch.preemptions = std::move(plan.preemptions);
    batch.admissions = std::move(plan.admissions);
    batch.ended = std::move(plan.ended);
    return batch;
}

} // namespace vitrine::engine
