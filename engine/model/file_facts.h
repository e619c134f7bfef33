// SPDX-License-Identifier: GPL-3.0-or-later
// What a model file says about itself, whether or not this program can run it. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/formats/gguf_file.h"

namespace vitrine::engine {

/// Texts are safe to show; what the file does not say is empty.
struct FileFacts
{
    std::string name;                               ///< often that of a training run
    std::string architecture;                       ///< "llama"
    std::string fileType;                           ///< "Q4_K_M"; see fileTypeName()
    std::optional<std::uint64_t> contextLength;     ///< as trained, tokens
    std::uint64_t parameters = 0;                   ///< values in all tensors
    std::uint64_t activeParameters = 0;             ///< of them, those that one token is computed with
    std::uint64_t experts = 0, expertsPerToken = 0; ///< 0: not a mixture of experts
};

FileFacts factsOf(const GgufFile& file);

/// Values in all tensors.
std::uint64_t countParameters(const GgufFile& file);
/// Of a mixture of experts only those that a token's experts have; else all.
std::uint64_t countActiveParameters(const GgufFile& file);

} // namespace vitrine::engine
