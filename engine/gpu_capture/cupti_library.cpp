// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef VITRINE_CUPTI
#include "engine/gpu_capture/cupti_library.h"

#include <cstdlib>
#include <vector>

#include <dlfcn.h>

namespace vitrine::engine {

namespace {

constexpr std::uint32_t kOldest = 18; // of CUDA 12.0: records are laid out as here

/// In the order of preference.
std::vector<std::string> placesOfCupti()
{
    std::vector<std::string> folders{""}; // as the system finds libraries
    if (const char* const home = std::getenv("CUDA_HOME"); home != nullptr && *home != '\0')
        for (const char* below : {"/lib64/", "/extras/CUPTI/lib64/"})
            folders.push_back(std::string(home) + below);
    folders.insert(folders.end(), {"/usr/local/cuda/lib64/", "/usr/local/cuda/extras/CUPTI/lib64/"});
    std::vector<std::string> places;
    for (const std::string& folder : folders)
        for (const char* name : {"libcupti.so.13", "libcupti.so.12", "libcupti.so"})
            places.push_back(folder + name);
    return places;
}

void* loadFirst(const std::vector<std::string>& places)
{
    for (const std::string& place : places)
        if (void* const library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE))
            return library;
    return nullptr;
}

template<class Function>
bool find(void* library, const char* name, Function& function)
{
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
}

} // namespace

Result<CuptiLibrary> openCupti(const std::string& path)
{
    void* const loaded = loadFirst(path.empty() ? placesOfCupti() : std::vector<std::string>{path});
    if (loaded == nullptr)
        return badInput("GPU activity is not recorded: CUPTI (libcupti.so, a part of NVIDIA's CUDA toolkit) "
                        "was not found");
    CuptiLibrary library;
    const bool whole = find(loaded, "cuptiGetVersion", library.getVersion) &&
                       find(loaded, "cuptiGetResultString", library.getResultString) &&
                       find(loaded, "cuptiGetTimestamp", library.getTimestamp) &&
                       find(loaded, "cuptiActivityRegisterCallbacks", library.registerCallbacks) &&
                       find(loaded, "cuptiActivityEnable", library.enable) &&
                       find(loaded, "cuptiActivityDisable", library.disable) &&
                       find(loaded, "cuptiActivityFlushAll", library.flushAll) &&
                       find(loaded, "cuptiActivityGetNextRecord", library.getNextRecord) &&
                       find(loaded, "cuptiActivityGetNumDroppedRecords", library.getNumDroppedRecords);
    std::uint32_t version = 0;
    if (!whole || library.getVersion(&version) != CUPTI_SUCCESS || version < kOldest)
        return badInput("GPU activity is not recorded: the CUPTI that was found is older than CUDA 12");
    return library;
}

std::string nameOfResult(const CuptiLibrary& library, CUptiResult result)
{
    const char* name = nullptr;
    if (library.getResultString(result, &name) == CUPTI_SUCCESS && name != nullptr)
        return name;
    return "error " + std::to_string(static_cast<int>(result));
}

} // namespace vitrine::engine
#endif
