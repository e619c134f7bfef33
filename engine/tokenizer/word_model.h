// SPDX-License-Identifier: GPL-3.0-or-later
// How the text of one word becomes tokens. Immutable; any thread, each with its own memory.
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/tokenizer/symbol_merger.h"

namespace vitrine::engine {

/// What a model remembers between words, so that they allocate nothing.
struct WordMemory
{
    struct Best
    {
        double score = 0;
        std::size_t begin = 0;
        TokenId id = -1; ///< of the token that ends here; -1: none yet
    };
    SymbolMerger merger;
    std::vector<Best> best;
};

class WordModel
{
public:
    virtual ~WordModel() = default;
    /// Appends the ids of one word.
    virtual void encode(std::string_view word, WordMemory& memory, std::vector<TokenId>& ids) const = 0;
};

} // namespace vitrine::engine
