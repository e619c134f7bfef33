// SPDX-License-Identifier: GPL-3.0-or-later
// From what a caller tells NVTX to an event. On the caller's thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <nvtx3/nvToolsExt.h>
#ifdef VITRINE_NVTX_EXTENSIONS
#include <nvtx3/nvToolsExtPayload.h>
#endif

#include "engine/nvtx_injection/capture.h"

namespace vitrine::engine {

/// Begins and ends now.
NvtxRawEvent eventOf(NvtxRawKind kind, std::uint32_t domain, std::string_view message, ThreadEvents& events);
/// Null attributes: an event without a name.
NvtxRawEvent eventOf(NvtxRawKind kind, std::uint32_t domain, const nvtxEventAttributes_t* attributes,
                     ThreadEvents& events);

#ifdef VITRINE_NVTX_EXTENSIONS
/// With what stands in extended payloads.
NvtxRawEvent eventOf(NvtxRawKind kind, std::uint32_t domain, std::span<const nvtxPayloadData_t> payloads,
                     ThreadEvents& events);
#endif

/// Of the clock that nowNs() reads.
std::int64_t captureClock();

} // namespace vitrine::engine
