// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/micro_batches.h"

#include <algorithm>
#include <functional>

namespace vitrine::engine {

namespace {

/// Every micro-batch reads a stage's weights again: with fewer tokens that costs more than waiting does.
constexpr std::size_t kFewestTokens = 16;
/// More of them leave less of a step to its beginning and end, when some stages have nothing to do.
constexpr std::size_t kEachStage = 2;

using Numbers = std::vector<std::int32_t>;

bool rises(const Numbers& numbers, std::int32_t below)
{
    return std::adjacent_find(numbers.begin(), numbers.end(), std::greater_equal<>()) == numbers.end() &&
           (numbers.empty() || (numbers.front() >= 0 && numbers.back() < below));
}

/// What a sequence has in a step is the end of it.
bool endsFit(const ForwardBatch& batch)
{
    for (std::size_t i = 0; i < batch.sequences(); ++i)
        if (batch.contextLengths[i] < batch.queryStart[i + 1] - batch.queryStart[i])
            return false;
    return true;
}

bool fits(const ForwardBatch& batch)
{
    const std::size_t tokens = batch.tokens(), sequences = batch.sequences();
    const std::size_t table = sequences * batch.maxBlocksPerSequence;
    const auto end = static_cast<std::int32_t>(tokens);
    return sequences > 0 && tokens <= 0x7FFFFFFFU && batch.positions.size() == tokens &&
           batch.slotMapping.size() == tokens && batch.queryStart.size() == sequences + 1 &&
           batch.queryStart.front() == 0 && batch.queryStart.back() == end &&
           rises(batch.queryStart, end + 1) && rises(batch.logitsRows, end) && endsFit(batch) &&
           batch.blockTables.size() == table &&
           (table == 0 ? batch.pageTables.empty() : batch.pageTables.size() % table == 0);
}

/// Where a cut at about `token` is made: not so near to the border of two sequences that a part of one is too
/// short to be worth it.
std::size_t cutNear(const ForwardBatch& batch, std::size_t token)
{
    const auto after =
        std::upper_bound(batch.queryStart.begin(), batch.queryStart.end(), static_cast<std::int32_t>(token));
    const auto begin = static_cast<std::size_t>(*(after - 1)), end = static_cast<std::size_t>(*after);
    if (token - begin >= kFewestTokens / 2 && end - token >= kFewestTokens / 2)
        return token;
    return token - begin < end - token ? begin : end;
}

/// Rising, from 0 to all tokens.
std::vector<std::size_t> cutsOf(const ForwardBatch& batch, std::uint32_t stages)
{
    const std::size_t count = microBatchCount(batch.tokens(), stages);
    std::vector<std::size_t> cuts{0};
    for (std::size_t i = 1; i < count; ++i)
        if (const std::size_t cut = cutNear(batch, batch.tokens() * i / count);
            cut > cuts.back() && cut < batch.tokens())
            cuts.push_back(cut);
    cuts.push_back(batch.tokens());
    return cuts;
}

struct Range
{
    std::size_t begin = 0, end = 0;
};

Numbers slice(const Numbers& all, Range range)
{
    return {all.begin() + static_cast<std::ptrdiff_t>(range.begin),
            all.begin() + static_cast<std::ptrdiff_t>(range.end)};
}

/// Rows of the block tables, and of each column of pages.
void takeTables(const ForwardBatch& from, Range sequences, ForwardBatch& to)
{
    const std::size_t row = from.maxBlocksPerSequence, table = from.blockTables.size();
    to.maxBlocksPerSequence = from.maxBlocksPerSequence;
    to.blockTables = slice(from.blockTables, {sequences.begin * row, sequences.end * row});
    for (std::size_t column = 0; column < from.pageTables.size(); column += table) {
        const Numbers pages =
            slice(from.pageTables, {column + sequences.begin * row, column + sequences.end * row});
        to.pageTables.insert(to.pageTables.end(), pages.begin(), pages.end());
    }
}

/// Those that have some of these tokens; the last one may go on in the next micro-batch.
void takeSequences(const ForwardBatch& from, Range tokens, ForwardBatch& to)
{
    const auto begin = static_cast<std::int32_t>(tokens.begin), end = static_cast<std::int32_t>(tokens.end);
    const auto index = [&](auto found) { return static_cast<std::size_t>(found - from.queryStart.begin()); };
    const std::size_t first =
        index(std::upper_bound(from.queryStart.begin(), from.queryStart.end(), begin)) - 1;
    const std::size_t last = index(std::lower_bound(from.queryStart.begin(), from.queryStart.end(), end));
    to.queryStart.push_back(0);
    for (std::size_t sequence = first; sequence < last; ++sequence) {
        const std::int32_t left = std::max(0, from.queryStart[sequence + 1] - end); // for the next one
        to.queryStart.push_back(from.queryStart[sequence + 1] - left - begin);
        to.contextLengths.push_back(from.contextLengths[sequence] - left);
    }
    takeTables(from, {first, last}, to);
}

MicroBatch cutOut(const ForwardBatch& from, Range tokens, std::size_t firstRow)
{
    MicroBatch micro;
    micro.firstToken = tokens.begin;
    micro.firstRow = firstRow;
    micro.batch.blockSize = from.blockSize;
    micro.batch.bestOnly = from.bestOnly;
    micro.batch.tokenIds = slice(from.tokenIds, tokens);
    micro.batch.positions = slice(from.positions, tokens);
    micro.batch.slotMapping = slice(from.slotMapping, tokens);
    takeSequences(from, tokens, micro.batch);
    for (std::size_t row = firstRow; row < from.logitsRows.size(); ++row)
        if (const auto token = static_cast<std::size_t>(from.logitsRows[row]); token < tokens.end)
            micro.batch.logitsRows.push_back(static_cast<std::int32_t>(token - tokens.begin));
    return micro;
}

} // namespace

std::size_t microBatchCount(std::size_t tokens, std::uint32_t stages)
{
    const std::size_t most = std::min(kEachStage * stages, tokens / kFewestTokens);
    return stages > 1 ? std::max<std::size_t>(1, most) : 1;
}

Result<std::vector<MicroBatch>> microBatches(const ForwardBatch& batch, std::uint32_t stages)
{
    if (!fits(batch))
        return badInput("the lists of a step do not fit each other");
    const std::vector<std::size_t> cuts = cutsOf(batch, stages);
    std::vector<MicroBatch> micro;
    std::size_t rows = 0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        micro.push_back(cutOut(batch, {cuts[i], cuts[i + 1]}, rows));
        rows += micro.back().batch.logitsRows.size();
    }
    return micro;
}

} // namespace vitrine::engine
