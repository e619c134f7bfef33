// SPDX-License-Identifier: GPL-3.0-or-later
// The functions that NVTX's callers reach in place of doing nothing.
#pragma once

#include <nvtx3/nvToolsExt.h>

namespace vitrine::engine {

/// Puts them into the function tables of one program or library: of the modules CORE and CORE2. `size` as
/// NVTX gives it.
void installCore(NvtxFunctionTable table, unsigned size);
void installCore2(NvtxFunctionTable table, unsigned size);

} // namespace vitrine::engine
