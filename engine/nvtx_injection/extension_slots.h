// SPDX-License-Identifier: GPL-3.0-or-later
// The functions of the next tool for the modules that are captured: it is given slots of ours to fill, once,
// and sees the process as one caller, as with NVTX's core (chain.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <nvtx3/nvToolsExtCounters.h>

namespace vitrine::engine {

enum class ExtensionModule : std::size_t { Payload, Counters };

class ExtensionSlots
{
public:
    /// Its function for a call; null: it wants none. Any thread.
    template<class Function>
    static Function next(ExtensionModule module, std::size_t id)
    {
        const std::intptr_t slot =
            __atomic_load_n(&s_slots[static_cast<std::size_t>(module)][id], __ATOMIC_ACQUIRE);
        return slot > kLastState ? reinterpret_cast<Function>(slot) : nullptr;
    }
    /// Asks the next tool, the first time. One thread at a time.
    static void load(ExtensionModule module, const nvtxExtModuleInfo_t& like);
    /// Fills what is still free: those calls go to the tool directly.
    static void passOn(ExtensionModule module, nvtxExtModuleSegment_t& segment);

private:
    static constexpr std::size_t kFunctions = 63;
    static constexpr std::intptr_t kLastState = 4; // smaller numbers are states, not functions

    static inline constinit std::array<std::array<std::intptr_t, kFunctions>, 2> s_slots{};
    static inline constinit std::array<bool, 2> s_asked{};
};

} // namespace vitrine::engine
