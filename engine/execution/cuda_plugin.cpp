// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/cuda_plugin.h"

#include <dlfcn.h>

#include "engine/base/program_library.h"

namespace vitrine::engine {

namespace {

constexpr const char* kLibrary = "libvitrine_cuda.so";

} // namespace

Result<const CudaPluginEntry*> openCudaPlugin()
{
    const std::string path = programLibrary(kLibrary);
    if (path.empty())
        return outOfResources("this build of Vitrine has no part for GPUs");
    return openCudaPlugin(path);
}

Result<const CudaPluginEntry*> openCudaPlugin(const std::string& path)
{
    using Find = const CudaPluginEntry* (*)();
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr)
        return outOfResources("the part for GPUs cannot be loaded: " + std::string(::dlerror()));
    const auto find = reinterpret_cast<Find>(::dlsym(library, kCudaPluginSymbol));
    const CudaPluginEntry* const entry = find != nullptr ? find() : nullptr;
    if (entry == nullptr || !(entry->abi == CudaPluginAbi{}))
        return internalError("the part for GPUs, " + path + ", is of another version of Vitrine");
    return entry;
}

GpuList listGpus()
{
    const Result<const CudaPluginEntry*> plugin = openCudaPlugin();
    if (plugin)
        return (*plugin)->listGpus();
    GpuList none;
    none.reason = plugin.error().message;
    return none;
}

} // namespace vitrine::engine
