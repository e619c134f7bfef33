// SPDX-License-Identifier: GPL-3.0-or-later
// Line-by-line JSON commands, and the vocabulary they need.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "app/cli/command.h"
#include "engine/formats/gguf_file.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/tokenizer/tokenizer_json.h"

namespace vitrine::cli {

struct Vocabulary
{
    engine::GgufFile file;
    std::unique_ptr<const engine::Tokenizer> tokenizer;
    std::vector<engine::NamedTemplate> chatTemplates; ///< the one for plain chats first
};

Flag vocabularyFlag();

/// The tokeniser of -m or of the default model; no tensors are needed.
engine::Result<Vocabulary> openVocabulary(const Arguments& arguments);

/// Token ids of a JSON array; an error names the element that is not an id of the vocabulary.
engine::Result<std::vector<engine::TokenId>> tokenIds(const Json& value, std::size_t vocabularySize);

/// Parses each line of stdin, calls `convert` and prints its answer on a line of its own, at once. The first
/// bad line ends the run: a message that names the line, and exit 3. Blank lines at the end are ignored.
int forEachLine(const std::function<engine::Result<Json>(const Json&)>& convert);

/// As forEachLine without parsing: `handle` answers every line, also a bad one.
int forEachRawLine(const std::function<Json(const std::string&)>& handle);

} // namespace vitrine::cli
