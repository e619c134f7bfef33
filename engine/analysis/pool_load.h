// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as what its requests asked of the KV pool, free of the blocks that they got: to be played
// against a pool of another size. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

struct PoolRequest
{
    std::vector<TokenId> tokens; ///< prompt and recorded reply
    std::uint32_t prompt = 0;    ///< of those
    bool lookedUp = false;       ///< its first admission is recorded
    std::uint32_t cached = 0;    ///< then
};

enum class PoolOpKind : std::uint8_t {
    Known, ///< `amount` of its tokens are known from now on
    Plan,  ///< `amount` tokens are computed in this step
    Grow,  ///< its table covers `amount` tokens; it is opened when it has none
    Land,  ///< `amount` of its tokens lie in KV
    Drop,  ///< the block at place `amount` is given back early
    Close
};

struct PoolOp
{
    PoolOpKind kind = PoolOpKind::Known;
    std::uint32_t request = 0; ///< place in PoolLoad::requests
    std::uint32_t amount = 0;
};

struct PoolLoad
{
    std::uint32_t blockSize = 0;
    std::vector<PoolRequest> requests;
    std::vector<PoolOp> ops; ///< in the order in which the recorded pool did them
    std::uint64_t tokens = 0;
    std::uint64_t lookedUpTokens = 0, cachedTokens = 0; ///< as recorded
    std::uint32_t unknown = 0; ///< requests whose prompt is not in the recording: left out
    bool resized = false;      ///< the recorded pool changed its size
};

PoolLoad poolLoad(const RecordingStart& pool, std::span<const RecordedStep> steps);

} // namespace vitrine::engine
