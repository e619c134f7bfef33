// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/batch_check.h"

#include <algorithm>

namespace vitrine::engine {

namespace {

std::string at(const char* what, std::size_t index)
{
    return std::string(what) + " " + std::to_string(index);
}

std::string checkSizes(const ForwardBatch& batch, const BatchLimits& limits)
{
    const std::size_t tokens = batch.tokens();
    const std::size_t sequences = batch.sequences();
    if (limits.kv.blocks == 0)
        return "no KV blocks are reserved";
    if (batch.blockSize != limits.kv.blockSize)
        return "block size differs from the reserved one";
    if (tokens == 0)
        return "no tokens";
    if (batch.positions.size() != tokens || batch.slotMapping.size() != tokens)
        return "positions or slots do not match the tokens";
    if (batch.hidden.size() != tokens * limits.hiddenIn)
        return "hidden rows do not match the tokens";
    if (!limits.head && !(batch.logitsRows.empty() && batch.choices.empty() && !batch.bestOnly))
        return "logits are wanted of layers that end before the head";
    if (batch.blockTables.size() != sequences * batch.maxBlocksPerSequence)
        return "block tables have the wrong size";
    if (batch.queryStart.size() != sequences + 1 || batch.queryStart.front() != 0 ||
        batch.queryStart.back() != static_cast<std::int32_t>(tokens))
        return "query starts do not cover the tokens";
    return {};
}

std::string checkTokens(const ForwardBatch& batch, const BatchLimits& limits)
{
    for (std::size_t i = 0; i < batch.tokens(); ++i)
        if (batch.tokenIds[i] < 0 && static_cast<std::size_t>(-1 - batch.tokenIds[i]) >= limits.fedTokens)
            return at("no row of the step before gives token", i);
        else if (batch.tokenIds[i] >= 0 && static_cast<std::uint32_t>(batch.tokenIds[i]) >= limits.vocab)
            return at("id outside the vocabulary at token", i);
    std::int32_t previous = -1;
    for (const std::int32_t row : batch.logitsRows) {
        if (row <= previous || row >= static_cast<std::int32_t>(batch.tokens()))
            return at("logits rows do not rise within the batch at row", static_cast<std::size_t>(row));
        previous = row;
    }
    return {};
}

std::string checkChoices(const ForwardBatch& batch)
{
    if (batch.choices.empty())
        return {};
    if (batch.bestOnly)
        return "choices beside bestOnly";
    if (batch.choices.size() != batch.logitsRows.size())
        return "choices do not match the logits rows";
    for (std::size_t row = 0; row < batch.choices.size(); ++row) {
        const TokenChoice& choice = batch.choices[row];
        if (std::size_t{choice.firstAdjustment} + choice.adjustments > batch.adjustments.size())
            return at("there are not the adjustments of row", row);
        if (choice.alternatives > kMostLogprobs)
            return at("too many alternatives of row", row);
    }
    return {};
}

std::size_t pagesOf(const BatchLimits& limits)
{
    return std::size_t{limits.kv.blocks} * limits.shape.blockPages();
}

/// With pages of their own blocks that have given their window pages back leave room for more of them.
std::size_t blocksOf(const ForwardBatch& batch, const BatchLimits& limits)
{
    return batch.pageTables.empty() ? limits.kv.blocks : pagesOf(limits) / limits.shape.fullPages;
}

/// Every block is known or a hole; that a token is written to a hole shows in its slot.
std::string checkTable(const ForwardBatch& batch, std::size_t sequence, const BatchLimits& limits)
{
    const auto blockSize = static_cast<std::int32_t>(batch.blockSize);
    const std::int32_t lastBlock = (batch.contextLengths[sequence] - 1) / blockSize;
    if (lastBlock >= static_cast<std::int32_t>(batch.maxBlocksPerSequence))
        return at("block table too short for sequence", sequence);
    const std::int32_t* table = batch.blockTables.data() + sequence * batch.maxBlocksPerSequence;
    for (std::int32_t block = 0; block <= lastBlock; ++block)
        if (table[block] < kNullBlock.value ||
            table[block] >= static_cast<std::int32_t>(blocksOf(batch, limits)))
            return at("unknown block in the table of sequence", sequence);
    return {};
}

std::string checkSequence(const ForwardBatch& batch, std::size_t sequence, const BatchLimits& limits)
{
    const std::int32_t begin = batch.queryStart[sequence];
    const std::int32_t end = batch.queryStart[sequence + 1];
    const std::int32_t first = batch.contextLengths[sequence] - (end - begin);
    if (begin < 0 || end <= begin || end > static_cast<std::int32_t>(batch.tokens()) || first < 0)
        return at("query range or context length of sequence", sequence);
    if (std::string problem = checkTable(batch, sequence, limits); !problem.empty())
        return problem;
    const auto blockSize = static_cast<std::int32_t>(batch.blockSize);
    const std::int32_t* table = batch.blockTables.data() + sequence * batch.maxBlocksPerSequence;
    for (std::int32_t i = begin; i < end; ++i) {
        const std::int32_t position = first + (i - begin);
        const auto token = static_cast<std::size_t>(i);
        if (table[position / blockSize] == kNullBlock.value)
            return at("no block to write to for token", token);
        if (batch.positions[token] != position)
            return at("positions do not run up to the context length at token", token);
        if (batch.slotMapping[token] != table[position / blockSize] * blockSize + position % blockSize)
            return at("slot is not where the block table says at token", token);
    }
    return {};
}

/// One column of one sequence's pages: there for every key that is seen.
std::string checkPageRow(const ForwardBatch& batch, std::size_t column, std::size_t sequence,
                         const BatchLimits& limits)
{
    const std::size_t row = batch.maxBlocksPerSequence;
    const std::int32_t* blocks = batch.blockTables.data() + sequence * row;
    const std::int32_t* pages = batch.pageTables.data() + (column * batch.sequences() + sequence) * row;
    const auto size = static_cast<std::int32_t>(batch.blockSize);
    const std::int32_t first = batch.positions[static_cast<std::size_t>(batch.queryStart[sequence])];
    const auto window = static_cast<std::int32_t>(limits.shape.window);
    const std::int32_t firstSeen = column < limits.shape.fullPages ? 0 : std::max(0, first + 1 - window);
    for (std::int32_t i = 0; i <= (batch.contextLengths[sequence] - 1) / size; ++i) {
        if (pages[i] < kNullBlock.value || pages[i] >= static_cast<std::int32_t>(pagesOf(limits)))
            return at("unknown page in the tables of sequence", sequence);
        const bool seen = (i + 1) * size > firstSeen && blocks[i] != kNullBlock.value;
        if (seen && pages[i] == kNullBlock.value)
            return at("a page that is looked at is missing for sequence", sequence);
    }
    return {};
}

/// Pages that tokens are written to belong to one column and one place of one sequence only.
std::string checkWrittenPages(const ForwardBatch& batch, std::size_t columns)
{
    std::vector<std::int32_t> written;
    const std::size_t row = batch.maxBlocksPerSequence;
    for (std::size_t column = 0; column < columns; ++column)
        for (std::size_t sequence = 0; sequence < batch.sequences(); ++sequence) {
            const std::int32_t* pages =
                batch.pageTables.data() + (column * batch.sequences() + sequence) * row;
            const std::int32_t context = batch.contextLengths[sequence];
            const std::int32_t tokens = batch.queryStart[sequence + 1] - batch.queryStart[sequence];
            const auto size = static_cast<std::int32_t>(batch.blockSize);
            for (std::int32_t i = (context - tokens) / size; i <= (context - 1) / size; ++i)
                written.push_back(pages[i]);
        }
    std::sort(written.begin(), written.end());
    const bool twice = std::adjacent_find(written.begin(), written.end()) != written.end();
    return twice ? "a page is written for two blocks or columns" : "";
}

std::string checkPages(const ForwardBatch& batch, const BatchLimits& limits)
{
    if (batch.pageTables.empty())
        return {};
    const std::size_t columns = limits.shape.blockPages();
    if (!limits.shape.mixed() || batch.pageTables.size() != columns * batch.blockTables.size())
        return "page tables have the wrong size";
    for (std::size_t column = 0; column < columns; ++column)
        for (std::size_t sequence = 0; sequence < batch.sequences(); ++sequence)
            if (std::string problem = checkPageRow(batch, column, sequence, limits); !problem.empty())
                return problem;
    return checkWrittenPages(batch, columns);
}

std::string checkMassRows(const ForwardBatch& batch)
{
    std::int32_t previous = -1;
    for (const std::int32_t row : batch.massRows) {
        if (row <= previous || row >= static_cast<std::int32_t>(batch.sequences()))
            return at("mass rows do not rise within the batch at row", static_cast<std::size_t>(row));
        previous = row;
    }
    return {};
}

std::string checkSlotsDiffer(const ForwardBatch& batch)
{
    std::vector<std::int32_t> slots = batch.slotMapping;
    std::sort(slots.begin(), slots.end());
    return std::adjacent_find(slots.begin(), slots.end()) == slots.end() ? "" : "a slot is written twice";
}

} // namespace

std::string batchViolation(const ForwardBatch& batch, const BatchLimits& limits)
{
    if (std::string problem = checkSizes(batch, limits); !problem.empty())
        return problem;
    if (std::string problem = checkTokens(batch, limits); !problem.empty())
        return problem;
    if (std::string problem = checkChoices(batch); !problem.empty())
        return problem;
    for (std::size_t sequence = 0; sequence < batch.sequences(); ++sequence)
        if (std::string problem = checkSequence(batch, sequence, limits); !problem.empty())
            return problem;
    if (std::string problem = checkPages(batch, limits); !problem.empty())
        return problem;
    if (std::string problem = checkMassRows(batch); !problem.empty())
        return problem;
    return checkSlotsDiffer(batch);
}

} // namespace vitrine::engine
