// SPDX-License-Identifier: GPL-3.0-or-later
// From what a caller tells NVTX to an event. On the caller's thread.
#pragma once

#include <cstdint>
#include <string_view>

#include <nvtx3/nvToolsExt.h>

#include "engine/nvtx_injection/capture.h"

namespace vitrine::engine {

/// Begins and ends now.
NvtxRawEvent eventOf(NvtxRawKind kind, std::uint32_t domain, std::string_view message, ThreadEvents& events);
/// Null attributes: an event without a name.
NvtxRawEvent eventOf(NvtxRawKind kind, std::uint32_t domain, const nvtxEventAttributes_t* attributes,
                     ThreadEvents& events);

/// Of the clock that nowNs() reads.
std::int64_t captureClock();

} // namespace vitrine::engine
