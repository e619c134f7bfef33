// SPDX-License-Identifier: GPL-3.0-or-later
// The tokens of a tokenizer.json: those of its model and the added ones, with every number checked.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"
#include "engine/tokenizer/added_tokens.h"
#include "engine/tokenizer/vocabulary.h"

namespace vitrine::engine {

struct JsonVocabulary
{
    std::vector<std::string> texts; ///< by id; empty: a hole
    std::vector<TokenKind> kinds;
    std::vector<double> scores; ///< by id, of a Unigram model; of other models empty
    std::vector<AddedToken> added;
};

/// `rows` as in TokenizerFiles. `where` is the file's name.
Result<JsonVocabulary> readJsonVocabulary(const nlohmann::json& root, std::size_t rows,
                                          const std::string& where);

} // namespace vitrine::engine
