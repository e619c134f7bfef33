// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/extension_slots.h"

#include <algorithm>

#include "engine/nvtx_injection/chain.h"

namespace vitrine::engine {

void ExtensionSlots::load(ExtensionModule module, const nvtxExtModuleInfo_t& like)
{
    const auto number = static_cast<std::size_t>(module);
    if (s_asked[number])
        return;
    s_asked[number] = true; // first: the tool may use NVTX itself
    nvtxExtModuleSegment_t segment{0, kFunctions, s_slots[number].data()};
    nvtxExtModuleInfo_t info = like;
    info.segmentsCount = 1;
    info.segments = &segment;
    if (Chain::instance().extend(&info) == 0)
        s_slots[number].fill(0);
}

void ExtensionSlots::passOn(ExtensionModule module, nvtxExtModuleSegment_t& segment)
{
    const auto& slots = s_slots[static_cast<std::size_t>(module)];
    for (std::size_t id = 0; id < std::min(segment.slotCount, kFunctions); ++id)
        if (segment.functionSlots[id] == 0 && slots[id] > kLastState)
            segment.functionSlots[id] = slots[id];
}

} // namespace vitrine::engine
