// SPDX-License-Identifier: GPL-3.0-or-later
// Unigram: of all ways to write a word with tokens, the one of the highest sum of scores.
// Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/tokenizer/vocabulary.h"
#include "engine/tokenizer/word_model.h"

namespace vitrine::engine {

class Unigram final : public WordModel
{
public:
    /// A score for each token. `vocabulary` must outlive the model; without an unknown token, characters that
    /// no token writes are left out.
    Unigram(const Vocabulary& vocabulary, std::vector<double> scores, bool byteFallback);

    void encode(std::string_view word, WordMemory& memory, std::vector<TokenId>& ids) const override;

private:
    struct Slot
    {
        std::uint64_t key = 0; // node and byte; 0: free
        std::uint32_t node = 0;
    };
    static constexpr TokenId kUnknown = -2; // in WordMemory::Best

    void insert(std::string_view text, TokenId id);
    std::uint32_t follow(std::uint32_t node, char byte) const;
    std::size_t slotOf(std::uint64_t key) const;
    void search(std::string_view word, std::vector<WordMemory::Best>& best) const;
    void appendUnknown(std::string_view text, std::vector<TokenId>& ids) const;

    const Vocabulary& m_vocabulary;
    std::vector<double> m_scores;
    double m_unknownScore = 0;
    bool m_byteFallback;
    std::array<TokenId, 256> m_byteTokens{};
    // A tree of all texts, byte by byte: node 0 is the root; the children are found by hash.
    std::vector<Slot> m_slots;
    std::size_t m_mask = 0;
    std::vector<TokenId> m_ends; // by node; -1: no token ends there
};

} // namespace vitrine::engine
