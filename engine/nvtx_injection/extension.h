// SPDX-License-Identifier: GPL-3.0-or-later
// NVTX's extensions: payloads that a schema describes, deferred events, and counters. Everything else of an
// extension goes to the next tool untouched: batches of samples, scopes, the relation of two clocks.
#pragma once

#ifdef VITRINE_NVTX_EXTENSIONS
#include "engine/nvtx_injection/counters.h"
#include "engine/nvtx_injection/payload_schema.h"
#include "engine/nvtx_injection/time_domains.h"
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
    TimeDomains clocks;
};
#endif

} // namespace vitrine::engine
