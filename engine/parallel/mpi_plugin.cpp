// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/mpi_plugin.h"

#include <string>

#include <dlfcn.h>

#include "engine/base/program_library.h"

namespace vitrine::engine {

Result<const MpiPluginEntry*> openMpiPlugin()
{
    using Find = const MpiPluginEntry* (*)();
    const std::string path = programLibrary("libvitrine_mpi.so");
    if (path.empty())
        return outOfResources(
            "this build of Vitrine has no part for MPI: install libopenmpi-dev and build it anew");
    // Global: Open MPI opens libraries of its own, which look for its names there.
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    if (library == nullptr)
        return outOfResources("the part for MPI cannot be loaded: " + std::string(::dlerror()));
    const auto find = reinterpret_cast<Find>(::dlsym(library, kMpiPluginSymbol));
    const MpiPluginEntry* const entry = find != nullptr ? find() : nullptr;
    if (entry == nullptr || entry->version != MpiPluginEntry().version)
        return internalError("the part for MPI, " + path + ", is of another version of Vitrine");
    return entry;
}

} // namespace vitrine::engine
