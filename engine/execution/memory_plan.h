// SPDX-License-Identifier: GPL-3.0-or-later
// What a model will take of memory, told from the description in its file alone: no weight is read and
// nothing is allocated. By the same arithmetic that loading uses. Any thread; may read a slow disk.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/formats/gguf_file.h"

namespace vitrine::engine {

struct MemoryPlanOptions
{
    std::uint32_t threads = 0;      ///< 0: one for each core that this process may use
    std::uint32_t stepTokens = 512; ///< of the largest step
    std::uint32_t replies = 4;      ///< whose logits one step computes
};

inline constexpr std::array kKvFormats{KvFormat::F32, KvFormat::F16, KvFormat::BF16, KvFormat::Int8,
                                       KvFormat::FP8};

/// Bytes, but for the counts.
struct MemoryPlan
{
    std::uint64_t weights = 0;   ///< packed for this machine
    std::uint64_t workspace = 0; ///< activations, logits and the threads' own
    std::uint64_t other = 0;     ///< tokeniser, the file's description, weights that a folder's are made into
    std::array<std::uint64_t, kKvFormats.size()> kvPerToken{}; ///< by KvFormat, over all layers
    std::uint32_t tensors = 0;
    std::vector<std::string> types; ///< of the tensors, those that take most bytes first
    std::uint32_t contextLength = 0, heads = 0, kvHeads = 0, headDim = 0, layers = 0, vocab = 0;

    std::uint64_t kvFor(KvFormat format, std::uint64_t tokens) const
    {
        return kvPerToken[static_cast<std::size_t>(format)] * tokens;
    }
    /// Without the KV cache.
    std::uint64_t fixed() const { return weights + workspace + other; }
    std::uint64_t total(KvFormat format, std::uint64_t tokens) const
    {
        return fixed() + kvFor(format, tokens);
    }
    /// Tokens of KV that go into `bytes` beside everything else.
    std::uint64_t tokensIn(KvFormat format, std::uint64_t bytes) const;
};

/// Errors as loading has them: an architecture that is not known, a tensor that is missing or strange.
Result<MemoryPlan> planMemory(const GgufFile& file, const MemoryPlanOptions& options = {});

} // namespace vitrine::engine
