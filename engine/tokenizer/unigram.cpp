// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/unigram.h"

#include <algorithm>
#include <bit>

#include "engine/tokenizer/character_bpe.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kLongestPiece = 512; // bounds the search from each character; trainers stop at far less
constexpr double kUnknownPenalty = 10;     // below the worst token, as SentencePiece has it

std::uint64_t keyOf(std::uint32_t node, char byte)
{
    return (std::uint64_t{node} + 1) << 8 | static_cast<unsigned char>(byte);
}

} // namespace

Unigram::Unigram(const Vocabulary& vocabulary, std::vector<double> scores, bool byteFallback)
    : m_vocabulary(vocabulary), m_scores(std::move(scores)), m_byteFallback(byteFallback),
      m_byteTokens(byteTokensOf(vocabulary))
{
    std::size_t bytes = 0;
    for (const std::string_view text : vocabulary.texts())
        bytes += text.size();
    m_slots.assign(std::bit_ceil(bytes * 2 + 2), {});
    m_mask = m_slots.size() - 1;
    m_ends.assign(1, -1);
    m_unknownScore = m_scores.empty() ? 0 : *std::min_element(m_scores.begin(), m_scores.end());
    m_unknownScore -= kUnknownPenalty;
    for (std::size_t i = 0; i < m_scores.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        if (vocabulary.text(id).size() <= kLongestPiece && vocabulary.findPlain(vocabulary.text(id)) == id)
            insert(vocabulary.text(id), id);
    }
}

std::size_t Unigram::slotOf(std::uint64_t key) const
{
    std::size_t slot = (key * 0x9E3779B97F4A7C15U) >> 20 & m_mask;
    while (m_slots[slot].key != 0 && m_slots[slot].key != key)
        slot = (slot + 1) & m_mask;
    return slot;
}

void Unigram::insert(std::string_view text, TokenId id)
{
    std::uint32_t node = 0;
    for (const char byte : text) {
        Slot& slot = m_slots[slotOf(keyOf(node, byte))];
        if (slot.key == 0) {
            slot = {keyOf(node, byte), static_cast<std::uint32_t>(m_ends.size())};
            m_ends.push_back(-1);
        }
        node = slot.node;
    }
    m_ends[node] = id;
}

/// The child of a node; 0: there is none.
std::uint32_t Unigram::follow(std::uint32_t node, char byte) const
{
    return m_slots[slotOf(keyOf(node, byte))].node;
}

void Unigram::search(std::string_view word, std::vector<WordMemory::Best>& best) const
{
    best.assign(word.size() + 1, {});
    const auto offer = [&](std::size_t begin, std::size_t end, double score, TokenId id) {
        if (best[end].id == -1 || best[begin].score + score > best[end].score)
            best[end] = {best[begin].score + score, begin, id};
    };
    for (std::size_t at = 0; at < word.size();) {
        const unicode::Decoded decoded = unicode::decodeAt(word, at);
        const std::size_t next = at + (decoded.status == unicode::DecodeStatus::Valid ? decoded.length : 1U);
        bool single = false; // a token of this one character
        std::uint32_t node = 0;
        for (std::size_t end = at; end < word.size() && (node = follow(node, word[end])) != 0;) {
            ++end;
            const TokenId id = m_ends[node];
            if (id < 0)
                continue;
            offer(at, end, m_scores[static_cast<std::size_t>(id)], id);
            single = single || end == next;
        }
        if (!single)
            offer(at, next, m_unknownScore, kUnknown);
        at = next;
    }
}

void Unigram::encode(std::string_view word, WordMemory& memory, std::vector<TokenId>& ids) const
{
    search(word, memory.best);
    // From the end back to the begin; then the right way round.
    std::vector<std::int32_t>& ends = memory.merger.symbols();
    ends.clear();
    for (std::size_t at = word.size(); at > 0; at = memory.best[at].begin)
        ends.push_back(static_cast<std::int32_t>(at));
    std::size_t unknownFrom = 0, unknownTo = 0; // neighbouring unknown characters go together
    for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
        const WordMemory::Best& part = memory.best[static_cast<std::size_t>(*end)];
        if (part.id == kUnknown) {
            unknownFrom = unknownFrom < unknownTo ? unknownFrom : part.begin;
            unknownTo = static_cast<std::size_t>(*end);
            continue;
        }
        appendUnknown(word.substr(unknownFrom, unknownTo - unknownFrom), ids);
        unknownFrom = unknownTo = 0;
        ids.push_back(part.id);
    }
    appendUnknown(word.substr(unknownFrom, unknownTo - unknownFrom), ids);
}

void Unigram::appendUnknown(std::string_view text, std::vector<TokenId>& ids) const
{
    if (text.empty() || (m_byteFallback && appendByteTokens(m_byteTokens, text, ids)))
        return;
    if (const auto unknown = m_vocabulary.special().unknown)
        ids.push_back(*unknown);
}

} // namespace vitrine::engine
