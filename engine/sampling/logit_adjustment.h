// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "engine/base/ids.h"

namespace vitrine::engine {

/// Of one token, by the settings of its row: the penalty of repetition where it was seen, of presence and
/// frequency by its uses, then the bias.
struct LogitAdjustment
{
    TokenId token = 0;
    std::uint32_t uses = 0; ///< in the reply
    float bias = 0.0F;
    bool seen = false; ///< in prompt or reply
};

} // namespace vitrine::engine
