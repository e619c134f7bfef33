// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/chain.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

#include "engine/nvtx_injection/capture_interface.h"

namespace vitrine::engine {

namespace {

/// [module], with the unused number 0.
constexpr std::array<unsigned, NVTX_CB_MODULE_SIZE> kSizes = {0,
                                                              NVTX_CBID_CORE_SIZE,
                                                              NVTX_CBID_CUDA_SIZE,
                                                              NVTX_CBID_OPENCL_SIZE,
                                                              NVTX_CBID_CUDART_SIZE,
                                                              NVTX_CBID_CORE2_SIZE,
                                                              NVTX_CBID_SYNC_SIZE};

} // namespace

Chain& Chain::instance()
{
    static auto* const chain = new Chain; // as long as the process
    return *chain;
}

Chain::Chain()
{
    static_assert(*std::max_element(kSizes.begin(), kSizes.end()) < kMostFunctions);
    for (std::size_t module = 0; module < kModules; ++module)
        for (unsigned id = 1; id < kSizes[module]; ++id)
            m_tables[module][id] = &s_slots[module][id];
}

void Chain::load()
{
    if (m_tried)
        return;
    m_tried = true; // first: the tool may use NVTX itself
    const char* const path = std::getenv(kNextInjectionVariable);
    if (path == nullptr || *path == '\0')
        return;
    m_library = ::dlopen(path, RTLD_LAZY);
    if (m_library == nullptr) {
        std::fprintf(stderr, "vitrine: the NVTX tool %s cannot be loaded: %s\n", path, ::dlerror());
        return;
    }
    const auto initialise =
        reinterpret_cast<NvtxInitializeInjectionNvtxFunc_t>(::dlsym(m_library, "InitializeInjectionNvtx2"));
    m_loaded = initialise != nullptr && initialise(exportTable) != 0;
}

int NVTX_API Chain::tableOf(NvtxCallbackModule module, NvtxFunctionTable* table, unsigned* size)
{
    if (module <= NVTX_CB_MODULE_INVALID || module >= NVTX_CB_MODULE_SIZE)
        return 0;
    if (table != nullptr)
        *table = instance().m_tables[module].data();
    if (size != nullptr)
        *size = kSizes[module];
    return 1;
}

void NVTX_API Chain::setVersion(std::uint32_t /*version*/) {}

const void* NVTX_API Chain::exportTable(std::uint32_t id)
{
    static const NvtxExportTableCallbacks callbacks = {sizeof callbacks, tableOf};
    static const NvtxExportTableVersionInfo version = {sizeof version, NVTX_VERSION, 0, setVersion};
    switch (id) {
    case NVTX_ETID_CALLBACKS:
        return &callbacks;
    case NVTX_ETID_VERSIONINFO:
        return &version;
    default:
        return nullptr;
    }
}

void Chain::passOn(NvtxCallbackModule module, NvtxFunctionTable table, unsigned size) const
{
    for (unsigned id = 1; m_loaded && id < std::min(size, kSizes[module]); ++id)
        if (const auto function = next<NvtxFunctionPointer>(module, id);
            function != nullptr && table[id] != nullptr)
            *table[id] = function;
}

int Chain::extend(void* moduleInfo) const
{
    using Initialise = int (*)(void*);
    const auto initialise =
        m_loaded ? reinterpret_cast<Initialise>(::dlsym(m_library, "InitializeInjectionNvtxExtension"))
                 : nullptr;
    return initialise != nullptr ? initialise(moduleInfo) : 0;
}

} // namespace vitrine::engine
