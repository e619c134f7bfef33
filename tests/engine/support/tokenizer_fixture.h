// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenisers for tests: of vocabulary-only files in memory, and of the downloaded models where they are.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/tokenizer.h"
#include "tests/engine/support/gguf_writer.h"

namespace vitrine::test {

using TokenizerPointer = std::unique_ptr<const engine::Tokenizer>;

/// The tokeniser, or why there is none. The file is gone afterwards, as a tokeniser must bear.
inline engine::Result<TokenizerPointer> tokenizerOf(const GgufWriter& vocabulary)
{
    const std::vector<std::uint8_t> bytes = vocabulary.bytes();
    auto file = engine::GgufFile::parse(bytes, "memory.gguf");
    if (!file)
        return file.error();
    return engine::Tokenizer::fromGguf(*file);
}

/// Path of a downloaded model, empty when it is not there.
inline std::string modelPath(const std::string& name)
{
    const auto variable = [](const char* key) {
        const char* value = std::getenv(key);
        return std::string(value != nullptr ? value : "");
    };
    std::string folder = variable("VITRINE_MODELS");
    if (folder.empty() && !variable("XDG_DATA_HOME").empty())
        folder = variable("XDG_DATA_HOME") + "/vitrine/models";
    if (folder.empty())
        folder = variable("HOME") + "/.local/share/vitrine/models";
    const std::string path = folder + "/" + name;
    return std::filesystem::exists(path) ? path : std::string();
}

inline TokenizerPointer modelTokenizer(const std::string& name)
{
    const std::string path = modelPath(name);
    if (path.empty())
        return nullptr;
    auto file = engine::GgufFile::open(path);
    if (!file)
        return nullptr;
    auto tokenizer = engine::Tokenizer::fromGguf(*file);
    return tokenizer ? std::move(*tokenizer) : nullptr;
}

inline nlohmann::ordered_json readJson(const std::string& path)
{
    std::ifstream in(path);
    return nlohmann::ordered_json::parse(in);
}

inline constexpr const char* kSmolLm2 = "SmolLM2-135M-Instruct.Q4_1.gguf";
inline constexpr const char* kGemma3 = "gemma-3-270m-q4_k_m.gguf";

} // namespace vitrine::test
