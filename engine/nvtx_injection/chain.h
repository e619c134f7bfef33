// SPDX-License-Identifier: GPL-3.0-or-later
// The tool that was to get the NVTX calls before this library came in between (Nsight Systems, say). It is
// given function tables of ours to fill and sees the process as one caller; what it changes in them later
// counts at once. Its handles are the ones that callers get, so everything it is not asked for here passes
// through unchanged.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <nvtx3/nvToolsExt.h>

namespace vitrine::engine {

class Chain
{
public:
    static Chain& instance();

    /// Loads the tool that kNextInjectionVariable names, once.
    void load();
    bool loaded() const { return m_loaded; }

    /// Its function for a call; null: it wants none.
    template<class Function>
    static Function next(NvtxCallbackModule module, std::size_t id)
    {
        return reinterpret_cast<Function>(__atomic_load_n(&s_slots[module][id], __ATOMIC_ACQUIRE));
    }
    /// A module that is not captured: the unit's calls go to the tool directly.
    void passOn(NvtxCallbackModule module, NvtxFunctionTable table, unsigned size) const;
    /// 1 when the tool takes a module of an extension of NVTX, whose calls then go to it directly.
    int extend(void* moduleInfo) const;

private:
    static constexpr std::size_t kModules = NVTX_CB_MODULE_SIZE;
    static constexpr std::size_t kMostFunctions = 24; // of a module, with a null at its end
    using Slots = std::array<std::array<NvtxFunctionPointer, kMostFunctions>, kModules>;

    static inline constinit Slots s_slots{}; // not of the instance, which would have to be looked for

    Chain();
    static int NVTX_API tableOf(NvtxCallbackModule module, NvtxFunctionTable* table, unsigned* size);
    static void NVTX_API setVersion(std::uint32_t version);
    static const void* NVTX_API exportTable(std::uint32_t id);

    bool m_loaded = false, m_tried = false;
    void* m_library = nullptr;
    std::array<std::array<NvtxFunctionPointer*, kMostFunctions>, kModules> m_tables{};
};

} // namespace vitrine::engine
