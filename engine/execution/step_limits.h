// SPDX-License-Identifier: GPL-3.0-or-later
// The largest step that will come: what an executor makes room for before the KV pool takes the rest.
#pragma once

#include <cstdint>

namespace vitrine::engine {

struct StepLimits
{
    std::uint32_t tokens = 512;    ///< of all sequences together
    std::uint32_t sequences = 256; ///< each with a row of logits at most; no more than tokens
    std::uint32_t context = 0;     ///< tokens of one sequence
    std::uint32_t blockSize = 16;  ///< tokens of a KV block

    bool operator==(const StepLimits&) const = default;
};

} // namespace vitrine::engine
