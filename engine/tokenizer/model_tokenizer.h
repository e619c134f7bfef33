// SPDX-License-Identifier: GPL-3.0-or-later
// The tokeniser and the chat templates of a model, whether it is a GGUF file or a folder. Any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/formats/gguf_file.h"
#include "engine/tokenizer/tokenizer_json.h"

namespace vitrine::engine {

/// Of a folder: tokenizer.json and what stands beside it, with the ids of config.json and
/// generation_config.json. Errors name the file that is missing, damaged or not of this model.
Result<FolderTokenizer> readModelTokenizer(const GgufFile& file);

} // namespace vitrine::engine
