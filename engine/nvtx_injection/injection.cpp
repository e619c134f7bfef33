// SPDX-License-Identifier: GPL-3.0-or-later
// What NVTX looks for in the library that NVTX_INJECTION64_PATH names, called once by every program and
// library of the process that uses NVTX, and what the program that captures looks for.
#include <atomic>
#include <mutex>

#include <nvtx3/nvToolsExt.h>

#include "engine/base/ordered_mutex.h"
#include "engine/nvtx_injection/capture.h"
#include "engine/nvtx_injection/chain.h"
#include "engine/nvtx_injection/extension.h"
#include "engine/nvtx_injection/handlers.h"

using namespace vitrine::engine;

namespace {

std::atomic<std::uint32_t> g_units{0};
OrderedRecursiveMutex g_attaching{LockOrder::NvtxAttach}; // again: when the next tool uses NVTX itself

int attach(const NvtxExportTableCallbacks& callbacks)
{
    const std::lock_guard guard(g_attaching);
    Chain::instance().load();
    NvtxFunctionTable table = nullptr;
    unsigned size = 0;
    if (callbacks.GetModuleFunctionTable(NVTX_CB_MODULE_CORE, &table, &size) == 0)
        return 0;
    installCore(table, size);
    if (callbacks.GetModuleFunctionTable(NVTX_CB_MODULE_CORE2, &table, &size) == 0)
        return 0;
    installCore2(table, size);
    for (const NvtxCallbackModule module :
         {NVTX_CB_MODULE_CUDA, NVTX_CB_MODULE_OPENCL, NVTX_CB_MODULE_CUDART, NVTX_CB_MODULE_SYNC})
        if (callbacks.GetModuleFunctionTable(module, &table, &size) != 0)
            Chain::instance().passOn(module, table, size);
    g_units.fetch_add(1, std::memory_order_relaxed);
    return 1;
}

const CaptureInterface kInterface = {
    kCaptureVersion,
    [] { return g_units.load(std::memory_order_relaxed); },
    [] { return Chain::instance().loaded() ? 1 : 0; },
    [](std::size_t eventsOfThread) { Capture::instance().start(eventsOfThread); },
    [] { Capture::instance().stop(); },
    [](void* context, void (*take)(void*, const NvtxRawEvent*, const char*)) {
        return Capture::instance().drain(context, take);
    },
    [] { return Capture::instance().dropped(); },
    [](std::uint32_t id) { return Capture::instance().text(id); },
    [](std::uint32_t domain) { return Capture::instance().domainText(domain); },
    [](std::uint32_t domain, std::uint32_t category) {
        return Capture::instance().categoryText(domain, category);
    },
    [](std::uint32_t thread) { return Capture::instance().threadText(thread); },
};

} // namespace

extern "C" {

[[gnu::visibility("default")]] int InitializeInjectionNvtx2(NvtxGetExportTableFunc_t exportTable)
{
    const auto* const callbacks =
        static_cast<const NvtxExportTableCallbacks*>(exportTable(NVTX_ETID_CALLBACKS));
    if (callbacks == nullptr || callbacks->struct_size < sizeof *callbacks)
        return 0;
    return attach(*callbacks);
}

/// An extension of NVTX: a module of functions, of one program or library.
[[gnu::visibility("default")]] int InitializeInjectionNvtxExtension(void* moduleInfo)
{
    const std::lock_guard guard(g_attaching);
    Chain::instance().load();
    return installExtension(moduleInfo);
}

[[gnu::visibility("default")]] const CaptureInterface* vitrineNvtxCapture()
{
    return &kInterface;
}
}
