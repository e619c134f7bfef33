// SPDX-License-Identifier: GPL-3.0-or-later
// A stand-in for the model whose "attention" notices any wrong block: each KV slot holds a hash of the token,
// its position and the previous position's slot. It carries out transfers, also to host memory. After a step
// has written its slots, the whole context of every sequence is read through its block table and compared
// with what its own history says; the next token is a pure function of that history. Where a block has
// several pages each of them is a memory of its own, and window pages are read as far as a window reaches.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/sampling/counter_rng.h"
#include "engine/scheduler/scheduler.h"

namespace vitrine::engine::test {

class FakeExecutor
{
public:
    FakeExecutor(const KvCacheOptions& pool, std::uint32_t vocab)
        : m_blockSize(pool.blockSize), m_vocab(vocab), m_shape(pool.shape),
          m_device(std::size_t{pool.blocks} * pool.shape.blockPages() * pool.blockSize),
          m_host(std::size_t{pool.hostBlocks} * pool.shape.blockPages() * pool.blockSize)
    {}

    /// Runs the step and fills `tokens`. Returns a description of the first fault, else empty.
    std::string forward(const ScheduledBatch& batch, const Scheduler& scheduler,
                        std::vector<StepToken>& tokens)
    {
        tokens.clear();
        transfer(batch.transfers);
        if (std::string fault = checkShape(batch); !fault.empty())
            return fault;
        ++m_step;
        std::string fault;
        for (std::size_t s = 0; s < batch.rows.size() && fault.empty(); ++s)
            fault = write(batch.forward, s, *scheduler.find(batch.rows[s].request));
        std::vector<std::uint64_t> logits(batch.forward.logitsRows.size());
        for (std::size_t s = 0; s < batch.rows.size() && fault.empty(); ++s)
            fault = attend(batch, s, scheduler, logits);
        for (const ScheduledRow& row : batch.rows)
            if (row.samples)
                tokens.push_back({row.request, next(logits[row.logitsRow])});
        for (const ForkedSample& fork : batch.forks)
            if (scheduler.find(fork.request) != nullptr)
                tokens.push_back({fork.request, next(logits.at(fork.logitsRow))});
        for (StepToken& token : tokens)
            if (const Request* request = scheduler.find(token.request))
                token.token = keyed(token.token, request->spec.sampleKey);
        m_chosen.clear(); // of the rows, without those of forks behind them
        for (std::size_t row = 0; row < logits.size() && fault.empty(); ++row)
            m_chosen.push_back(tokens[row].token);
        return fault;
    }

    void transfer(std::span<const KvTransfer> transfers)
    {
        for (const KvTransfer& one : transfers) {
            std::vector<Slot>& from = one.kind == KvTransfer::Kind::SwapIn ? m_host : m_device;
            std::vector<Slot>& to = one.kind == KvTransfer::Kind::SwapOut ? m_host : m_device;
            for (std::uint32_t i = 0; i < m_blockSize; ++i)
                to.at(std::size_t(one.to) * m_blockSize + i) =
                    from.at(std::size_t(one.from) * m_blockSize + i);
        }
    }
    void resize(std::uint32_t blocks)
    {
        m_device.resize(std::size_t{blocks} * m_shape.blockPages() * m_blockSize);
    }

    /// The reply to a prompt, computed without any cache.
    std::vector<TokenId> reference(const RequestSpec& spec) const
    {
        std::uint64_t chain = 0;
        std::uint32_t position = 0;
        for (const TokenId token : spec.prompt)
            chain = link(chain, token, position++);
        std::vector<TokenId> reply;
        const auto stops = [&](TokenId token) {
            return std::find(spec.stopTokens.begin(), spec.stopTokens.end(), token) != spec.stopTokens.end();
        };
        while (reply.size() < spec.maxTokens) {
            reply.push_back(keyed(next(chain), spec.sampleKey));
            if (stops(reply.back()))
                break;
            chain = link(chain, reply.back(), position++);
        }
        return reply;
    }

private:
    struct Slot
    {
        std::uint64_t chain = 0;   ///< of the token and all before it
        std::uint64_t salt = 0;    ///< of the request that wrote it
        std::uint64_t written = 0; ///< step of the last write
    };

    static std::uint64_t link(std::uint64_t previous, TokenId token, std::uint32_t position)
    {
        return mixBits(mixBits(previous + position) ^ static_cast<std::uint64_t>(token));
    }
    TokenId next(std::uint64_t chain) const { return static_cast<TokenId>((chain >> 20) % m_vocab); }
    /// Samples of one prompt differ.
    TokenId keyed(TokenId token, std::uint64_t key) const
    {
        return static_cast<TokenId>((static_cast<std::uint64_t>(token) + key) % m_vocab);
    }

    /// Of the request's history, also where only the step before this one knows it.
    TokenId tokenOf(const Request& request, std::uint32_t index) const
    {
        const TokenId token = request.token(index);
        return token < 0 ? m_chosen.at(static_cast<std::size_t>(-1 - token)) : token;
    }

    /// The invariants of forward_batch.h that do not need the history.
    std::string checkShape(const ScheduledBatch& batch) const
    {
        const ForwardBatch& f = batch.forward;
        const std::size_t tokens = f.tokens(), sequences = f.sequences();
        if (f.positions.size() != tokens || f.slotMapping.size() != tokens ||
            f.queryStart.size() != sequences + 1 || batch.rows.size() != sequences ||
            f.blockTables.size() != sequences * f.maxBlocksPerSequence || f.blockSize != m_blockSize ||
            f.pageTables.size() != (m_shape.mixed() ? m_shape.blockPages() * f.blockTables.size() : 0))
            return "batch: array lengths disagree";
        if (f.queryStart.front() != 0 || f.queryStart.back() != static_cast<std::int32_t>(tokens))
            return "batch: queryStart does not span the tokens";
        if (batch.prefillTokens + batch.decodeTokens != tokens ||
            batch.recomputedTokens > batch.prefillTokens)
            return "batch: token counts are wrong";
        std::size_t samples = 0;
        for (std::size_t s = 0; s < sequences; ++s) {
            if (f.queryStart[s] >= f.queryStart[s + 1])
                return "batch: queryStart does not rise";
            if (!batch.rows[s].samples)
                continue;
            if (batch.rows[s].logitsRow != samples || samples >= f.logitsRows.size() ||
                f.logitsRows[samples++] != f.queryStart[s + 1] - 1)
                return "batch: a sampling row has no logits";
        }
        return samples == f.logitsRows.size() ? std::string() : "batch: logits nobody wants";
    }

    /// m_device.size() for a hole and for what is outside the table.
    std::size_t slotAt(const ForwardBatch& f, std::size_t column, std::size_t sequence,
                       std::uint32_t position) const
    {
        const std::size_t index = position / m_blockSize;
        if (index >= f.maxBlocksPerSequence)
            return m_device.size();
        const std::vector<std::int32_t>& tables = m_shape.mixed() ? f.pageTables : f.blockTables;
        const std::int32_t page =
            tables[(column * f.sequences() + sequence) * f.maxBlocksPerSequence + index];
        return page < 0 ? m_device.size() : std::size_t(page) * m_blockSize + position % m_blockSize;
    }

    std::string write(const ForwardBatch& f, std::size_t sequence, const Request& request)
    {
        const std::string name = "request " + std::to_string(request.id.value);
        for (auto t = std::size_t(f.queryStart[sequence]); t < std::size_t(f.queryStart[sequence + 1]); ++t) {
            const auto position = static_cast<std::uint32_t>(f.positions[t]);
            const std::int32_t block =
                f.blockTables[sequence * f.maxBlocksPerSequence + position / m_blockSize];
            if (f.slotMapping[t] != block * std::int32_t(m_blockSize) + std::int32_t(position % m_blockSize))
                return name + ": slot mapping is not that of the block table";
            std::uint64_t chain = 0; // of its whole history, which a hole may have cut from memory
            for (std::uint32_t i = 0; i <= position; ++i)
                chain = link(chain, tokenOf(request, i), i);
            for (std::size_t column = 0; column < m_shape.blockPages(); ++column) {
                const std::size_t slot = slotAt(f, column, sequence, position);
                if (slot >= m_device.size())
                    return name + ": no page to write to";
                if (m_device[slot].written == m_step)
                    return name + ": a slot is written twice in one step";
                m_device[slot] = {chain, request.spec.scope.salt, m_step};
            }
        }
        return {};
    }

    std::string attend(const ScheduledBatch& batch, std::size_t sequence, const Scheduler& scheduler,
                       std::vector<std::uint64_t>& logits) const
    {
        const ForwardBatch& f = batch.forward;
        const Request& request = *scheduler.find(batch.rows[sequence].request);
        const std::string name = "request " + std::to_string(request.id.value);
        const auto context = static_cast<std::uint32_t>(f.contextLengths[sequence]);
        const auto last = std::size_t(f.queryStart[sequence + 1]) - 1;
        if (f.positions[last] + 1 != f.contextLengths[sequence] || context > request.known())
            return name + ": context length does not end with the last token";
        const bool holesAllowed = request.spec.endless.enabled() || request.spec.keepTokens > 0;
        const auto first = static_cast<std::uint32_t>(f.positions[std::size_t(f.queryStart[sequence])]);
        const std::uint32_t window = scheduler.options().slidingWindow;
        const std::uint32_t firstSeen = window > 0 && first + 1 > window ? first + 1 - window : 0;
        std::uint64_t chain = 0;
        for (std::uint32_t position = 0; position < context; ++position) {
            chain = link(chain, tokenOf(request, position), position);
            for (std::size_t column = 0; column < m_shape.blockPages(); ++column) {
                const bool windowed = column >= m_shape.fullPages;
                if (windowed && position + m_shape.window < first + 1)
                    continue; // no query of the step looks there
                const std::size_t slot = slotAt(f, column, sequence, position);
                if (slot >= m_device.size() && (holesAllowed || position < firstSeen))
                    continue;
                if (slot >= m_device.size() || m_device[slot].chain != chain)
                    return name + ": KV at position " + std::to_string(position) + ", page " +
                           std::to_string(column) + " is not its own history";
                if (m_device[slot].salt != request.spec.scope.salt)
                    return name + ": shares a block across salts";
            }
        }
        if (batch.rows[sequence].samples)
            logits[batch.rows[sequence].logitsRow] = chain;
        return {};
    }

    std::uint32_t m_blockSize;
    std::uint32_t m_vocab;
    KvShape m_shape;
    std::uint64_t m_step = 0;
    std::vector<TokenId> m_chosen; // [logitsRows] of the last step
    std::vector<Slot> m_device;    // [pages * blockSize]
    std::vector<Slot> m_host;      // [hostBlocks * blockPages * blockSize]
};

} // namespace vitrine::engine::test
