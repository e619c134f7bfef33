// SPDX-License-Identifier: GPL-3.0-or-later
// The "model" of a tokenizer.json: BPE over bytes or over characters, or Unigram.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"
#include "engine/tokenizer/vocabulary.h"
#include "engine/tokenizer/word_model.h"

namespace vitrine::engine {

/// "BPE", "Unigram" …; files older than the field are told by what they hold.
Result<std::string> wordModelType(const nlohmann::json& model, const std::string& where);

/// The token that stands for what has none, where the model has one: a text, or of Unigram a number.
Result<std::optional<TokenId>> unknownToken(const nlohmann::json& model,
                                            const std::vector<std::string>& texts, const std::string& where);

/// `vocabulary` must outlive the model. `byteLevel`: words are bytes written as characters.
Result<std::unique_ptr<const WordModel>> readWordModel(const nlohmann::json& model,
                                                       const Vocabulary& vocabulary,
                                                       std::vector<double> scores, bool byteLevel,
                                                       const std::string& where);

} // namespace vitrine::engine
