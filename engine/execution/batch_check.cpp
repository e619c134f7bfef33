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
        if (batch.tokenIds[i] < 0 || static_cast<std::uint32_t>(batch.tokenIds[i]) >= limits.vocab)
            return at("id outside the vocabulary at token", i);
    std::int32_t previous = -1;
    for (const std::int32_t row : batch.logitsRows) {
        if (row <= previous || row >= static_cast<std::int32_t>(batch.tokens()))
            return at("logits rows do not rise within the batch at row", static_cast<std::size_t>(row));
        previous = row;
    }
    return {};
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
        if (table[block] < kNullBlock.value || table[block] >= static_cast<std::int32_t>(limits.kv.blocks))
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
    for (std::size_t sequence = 0; sequence < batch.sequences(); ++sequence)
        if (std::string problem = checkSequence(batch, sequence, limits); !problem.empty())
            return problem;
    if (std::string problem = checkMassRows(batch); !problem.empty())
        return problem;
    return checkSlotsDiffer(batch);
}

} // namespace vitrine::engine
