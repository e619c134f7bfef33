// SPDX-License-Identifier: GPL-3.0-or-later
// The tokeniser and the chat templates of a folder as Hugging Face publishes models: tokenizer.json with the
// files beside it. Pure: bytes in, values out; any thread.
// Format: https://huggingface.co/docs/tokenizers/api/tokenizer
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/tokenizer/tokenizer.h"

namespace vitrine::engine {

/// A chat template as it is written; "default" is the one for plain chats.
struct NamedTemplate
{
    std::string name;
    std::string source;
};

/// The bytes of the files; those that a folder lacks are empty. They may go away after reading.
struct TokenizerFiles
{
    std::string folder;             ///< begins every message
    std::string_view tokenizer;     ///< tokenizer.json
    std::string_view config;        ///< tokenizer_config.json
    std::string_view specialTokens; ///< special_tokens_map.json
    std::string_view chatTemplate;  ///< chat_template.jinja: goes before what tokenizer_config.json says
    std::vector<NamedTemplate> moreTemplates; ///< additional_chat_templates/NAME.jinja
    /// What config.json and generation_config.json say, where they say it; numbers that are no tokens are
    /// refused.
    std::optional<TokenId> bos;
    std::vector<TokenId> endOfGeneration;
    /// Rows of the model's embedding; 0: not known. A larger number adds tokens without a text. Added tokens
    /// behind the rows are left out, since the model has no place for them; others there are refused.
    std::size_t rows = 0;
};

struct FolderTokenizer
{
    std::unique_ptr<const Tokenizer> tokenizer;
    std::vector<NamedTemplate> chatTemplates; ///< "default" first where there is one; not compiled yet
};

/// Errors name the file, the place in it and what is wrong. Untrusted bytes are safe: depth, sizes and
/// numbers are checked, and encoding takes time in proportion to the text.
Result<FolderTokenizer> readTokenizerJson(const TokenizerFiles& files);

} // namespace vitrine::engine
