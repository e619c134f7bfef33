// SPDX-License-Identifier: GPL-3.0-or-later
// NVTX's extensions: payloads that a schema describes, and counters. Everything else of an extension goes to
// the next tool untouched: deferred events and batches, scopes, domains of time.
#pragma once

#ifdef VITRINE_NVTX_EXTENSIONS
#include "engine/nvtx_injection/counters.h"
#include "engine/nvtx_injection/payload_schema.h"
#endif

namespace vitrine::engine {

/// `moduleInfo` as NVTX gives it. 0: nobody wants the module.
int installExtension(void* moduleInfo);

#ifdef VITRINE_NVTX_EXTENSIONS
/// What callers have registered. As long as the process.
struct Extension
{
    static Extension& instance();

    PayloadSchemas schemas;
    Counters counters;
};
#endif

} // namespace vitrine::engine
