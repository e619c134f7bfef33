// SPDX-License-Identifier: GPL-3.0-or-later
// What the prefix cache would have found with a pool of another size: the recorded requests are played
// against the real bookkeeping (KvCache) of that pool. Arrivals, replies and the order of steps stay as they
// were recorded; a request that lacks room gives way to those before it and goes on when there is room. Any
// thread.
//
// At the recorded size this finds what the recording found, but for steps that were planned while another
// one was computed, where the order within the step is not recorded: poolWhatIf() says both figures.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/analysis/pool_load.h"

namespace vitrine::engine {

struct WhatIfPoint
{
    std::uint32_t blocks = 0;
    std::uint64_t hitTokens = 0; ///< of WhatIf::lookedUpTokens
    std::uint32_t preemptions = 0;
    std::uint32_t unserved = 0; ///< requests that found no room to the end
    bool whole = true;          ///< false: playing took too long, the load does not fit this pool
};

struct WhatIf
{
    std::uint64_t lookedUpTokens = 0;
    std::uint64_t recordedHitTokens = 0;
    std::uint32_t recordedBlocks = 0;
    std::uint32_t unknown = 0; ///< requests without a recorded prompt: left out
    bool approximate = false;  ///< the model has window pages, which are not played, or the pool was resized
    std::vector<WhatIfPoint> points; ///< ascending in blocks

    double rate(const WhatIfPoint& point) const
    {
        return lookedUpTokens == 0
                   ? 0.0
                   : static_cast<double>(point.hitTokens) / static_cast<double>(lookedUpTokens);
    }
};

/// Sizes in blocks; those that are no size of a pool are left out.
WhatIf poolWhatIf(const RecordingStart& pool, std::span<const RecordedStep> steps,
                  std::span<const std::uint32_t> sizes);
/// The recorded size times 1/4 … 8, those which fit.
WhatIf poolWhatIf(const RecordingStart& pool, std::span<const RecordedStep> steps);

/// One size. REQUIRES: blocks ≥ 1, and 1 ≤ load.blockSize ≤ 65536.
WhatIfPoint playPool(const PoolLoad& load, std::uint32_t blocks, std::uint32_t hostBlocks = 0);

} // namespace vitrine::engine
