// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/rank_sum.h"

namespace vitrine::engine {

namespace {

constexpr std::int64_t kPieceTokens = 128; // fewer would read the weights again too often

} // namespace

std::int64_t RankSum::pieceTokens(std::int64_t tokens)
{
    constexpr std::int64_t kMost = kMostPieces;
    const std::int64_t needed = (tokens + kMost - 1) / kMost;
    return std::max((needed + kPieceTokens - 1) / kPieceTokens, std::int64_t{1}) * kPieceTokens;
}

void RankSum::prepare(std::int64_t tokens, std::int64_t hidden, std::uint32_t threads)
{
    const auto values = static_cast<std::size_t>(tokens * hidden);
    PiecedSum* const begun =
        m_ranks->beginPieces(values, static_cast<std::size_t>(pieceTokens(tokens) * hidden), threads);
    m_inPieces = begun != nullptr;
    if (m_inPieces)
        m_pieces = begun;
}

void RankSum::gatherLogits(float* logits, std::size_t rows, std::size_t vocab)
{
    const auto columns = [&](std::size_t row, const ShardRange& part) {
        return std::as_writable_bytes(std::span(logits + row * vocab + part.first, part.count));
    };
    for (std::size_t row = 0; row < rows && m_shard.rank != 0; ++row)
        note(m_ranks->send(columns(row, m_shard.vocab), 0, patience()));
    for (std::uint32_t rank = 1; rank < m_shard.ranks && m_shard.rank == 0; ++rank)
        for (std::size_t row = 0; row < rows; ++row)
            note(m_ranks->receive(
                columns(row, vocabShard(static_cast<std::uint32_t>(vocab), rank, m_shard.ranks)), rank,
                patience()));
}

void RankSum::gatherBest(std::span<BestLogit> best)
{
    if (m_shard.rank != 0)
        return note(m_ranks->send(std::as_bytes(best), 0, patience()));
    m_theirs.resize(best.size());
    for (std::uint32_t rank = 1; rank < m_shard.ranks; ++rank) {
        note(m_ranks->receive(std::as_writable_bytes(std::span(m_theirs)), rank, patience()));
        for (std::size_t row = 0; row < best.size(); ++row)
            if (m_theirs[row].value > best[row].value) // ranks ascend with the ids they have
                take(best[row], m_theirs[row], rank);
    }
}

/// What another process says is not believed: a token that there is not would end this one.
void RankSum::take(BestLogit& best, const BestLogit& theirs, std::uint32_t rank)
{
    const ShardRange own = vocabShard(m_vocab, rank, m_shard.ranks);
    if (theirs.id >= static_cast<TokenId>(own.first) && theirs.id < static_cast<TokenId>(own.end())) {
        best = theirs;
        return;
    }
    const Error nonsense =
        internalError("rank " + std::to_string(rank) + " chose a token that it does not have");
    m_ranks->abort(nonsense.message);
    note(nonsense);
}

} // namespace vitrine::engine
