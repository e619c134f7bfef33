// SPDX-License-Identifier: GPL-3.0-or-later
// Events that callers tell later than they happened, one or many at a time, with their times in the payload:
// marks, and spans where there is an end. Those of clocks that cannot be placed are passed over.
#pragma once

#include <nvtx3/nvToolsExtPayload.h>

namespace vitrine::engine {

/// Handlers of the payload extension; they pass each call on, as the others do.
void installDeferred(nvtxExtModuleSegment_t& segment);

} // namespace vitrine::engine
