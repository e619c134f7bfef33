// SPDX-License-Identifier: GPL-3.0-or-later
// What handlers of NVTX's extensions share: the way on to the next tool.
#pragma once

#include <cstddef>
#include <cstdint>

#include <nvtx3/nvToolsExt.h>

#include "engine/nvtx_injection/capture.h"
#include "engine/nvtx_injection/extension_slots.h"

namespace vitrine::engine {

template<class Result, class... Arguments>
using ExtensionFunction = Result (*)(Arguments...);

/// Calls the next tool's function, if it wants the call; else gives `none`.
template<class Result, class... Arguments>
Result passOn(ExtensionModule module, std::size_t id, Result none, Arguments... arguments)
{
    const auto next = ExtensionSlots::next<ExtensionFunction<Result, Arguments...>>(module, id);
    return next != nullptr ? next(arguments...) : none;
}
template<class... Arguments>
void tell(ExtensionModule module, std::size_t id, Arguments... arguments)
{
    const auto next = ExtensionSlots::next<ExtensionFunction<void, Arguments...>>(module, id);
    if (next != nullptr)
        next(arguments...);
}

inline std::uint32_t domainOf(nvtxDomainHandle_t domain)
{
    return domain == nullptr ? 0 : Capture::instance().domainOf(domain);
}

template<class Handler>
void setSlot(nvtxExtModuleSegment_t& segment, std::size_t id, Handler handler)
{
    if (id < segment.slotCount)
        segment.functionSlots[id] = reinterpret_cast<std::intptr_t>(handler);
}

} // namespace vitrine::engine
