// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scoring/scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kLogitsBytes = std::size_t{64} << 20; // of one chunk

/// Tokens [first, first + count) of one sequence in blocks 0, 1, 2 …, every row with logits.
ForwardBatch chunkBatch(std::span<const TokenId> tokens, std::size_t first, std::size_t count,
                        std::uint32_t blockSize)
{
    ForwardBatch batch;
    const auto context = static_cast<std::int32_t>(first + count);
    batch.blockSize = blockSize;
    batch.maxBlocksPerSequence = (static_cast<std::uint32_t>(context) + blockSize - 1) / blockSize;
    for (std::size_t i = 0; i < count; ++i) {
        batch.tokenIds.push_back(tokens[first + i]);
        batch.positions.push_back(static_cast<std::int32_t>(first + i));
        batch.slotMapping.push_back(static_cast<std::int32_t>(first + i));
        batch.logitsRows.push_back(static_cast<std::int32_t>(i));
    }
    batch.queryStart = {0, static_cast<std::int32_t>(count)};
    batch.contextLengths = {context};
    for (std::uint32_t block = 0; block < batch.maxBlocksPerSequence; ++block)
        batch.blockTables.push_back(static_cast<std::int32_t>(block));
    return batch;
}

void scoreRow(std::span<const float> logits, std::span<const TokenId> rest, std::uint32_t top,
              TokenScores& scores)
{
    const double logSum = logSumExp(logits);
    scores.top.push_back(bestTokens(logits, logSum, top));
    if (rest.size() > 1)
        scores.nextLogprob.push_back(double{logits[static_cast<std::size_t>(rest[1])]} - logSum);
}

} // namespace

double logSumExp(std::span<const float> logits)
{
    float largest = -std::numeric_limits<float>::infinity();
    for (float logit : logits)
        largest = logit > largest ? logit : largest;
    if (std::isinf(largest))
        return largest;
    double sum = 0.0;
    for (float logit : logits) {
        if (!std::isnan(logit))
            sum += std::exp(double{logit} - double{largest});
    }
    return double{largest} + std::log(sum);
}

std::vector<TokenProbability> bestTokens(std::span<const float> logits, double logSum, std::uint32_t count)
{
    const auto better = [&](TokenId a, TokenId b) {
        const float left = logits[static_cast<std::size_t>(a)], right = logits[static_cast<std::size_t>(b)];
        return left > right || (left == right && a < b);
    };
    std::vector<TokenId> best; // a heap with the worst of the best on top
    for (std::size_t i = 0; count > 0 && i < logits.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        if (std::isnan(logits[i]) || (best.size() == count && !better(id, best.front())))
            continue;
        if (best.size() == count) {
            std::pop_heap(best.begin(), best.end(), better);
            best.pop_back();
        }
        best.push_back(id);
        std::push_heap(best.begin(), best.end(), better);
    }
    std::sort_heap(best.begin(), best.end(), better);
    std::vector<TokenProbability> result;
    for (TokenId id : best)
        result.push_back({id, static_cast<float>(double{logits[static_cast<std::size_t>(id)]} - logSum)});
    return result;
}

Result<TokenScores> scoreTokens(Executor& executor, const KvPlan& kv, std::uint32_t vocab,
                                std::span<const TokenId> tokens, std::uint32_t top,
                                const std::function<bool()>& goOn)
{
    VT_CHECK(!tokens.empty() && vocab > 0);
    if (tokens.size() > std::size_t{kv.blocks} * kv.blockSize)
        return outOfResources(std::to_string(tokens.size()) + " tokens do not fit in " +
                              std::to_string(kv.blocks) + " KV blocks of " + std::to_string(kv.blockSize));
    const std::size_t chunk = std::clamp<std::size_t>(kLogitsBytes / (vocab * sizeof(float)), 1, 256);
    TokenScores scores;
    for (std::size_t first = 0; first < tokens.size(); first += chunk) {
        if (goOn && !goOn())
            return cancelled("scoring was stopped");
        const std::size_t count = std::min(chunk, tokens.size() - first);
        const Result<std::span<const float>> logits =
            executor.forward(chunkBatch(tokens, first, count, kv.blockSize));
        if (!logits)
            return logits.error();
        for (std::size_t row = 0; row < count; ++row)
            scoreRow(logits->subspan(row * vocab, vocab), tokens.subspan(first + row), top, scores);
    }
    double sum = 0.0;
    for (double logprob : scores.nextLogprob)
        sum -= logprob;
    scores.meanNll = scores.nextLogprob.empty() ? 0.0 : sum / static_cast<double>(scores.nextLogprob.size());
    return scores;
}

} // namespace vitrine::engine
