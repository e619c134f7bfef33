// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef VITRINE_CUPTI
#include "engine/gpu_capture/cupti_library.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string_view>
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

/// All or none.
void findCalls(void* library, CuptiLibrary& cupti)
{
    const bool whole = find(library, "cuptiActivityEnableRuntimeApi", cupti.chooseRuntimeCall) &&
                       find(library, "cuptiActivityEnableDriverApi", cupti.chooseDriverCall) &&
                       find(library, "cuptiGetCallbackName", cupti.getCallName) &&
                       find(library, "cuptiSetThreadIdType", cupti.setThreadIdType) &&
                       cupti.setThreadIdType(CUPTI_ACTIVITY_THREAD_ID_TYPE_SYSTEM) == CUPTI_SUCCESS;
    if (!whole)
        cupti.chooseRuntimeCall = cupti.chooseDriverCall = nullptr;
}

/// Takes off "_v7000".
std::string_view withoutVersion(std::string_view name)
{
    const std::size_t at = name.rfind("_v");
    if (at == std::string_view::npos || at + 2 == name.size())
        return name;
    const auto isDigit = [](unsigned char character) { return std::isdigit(character) != 0; };
    return std::all_of(name.begin() + static_cast<std::ptrdiff_t>(at) + 2, name.end(), isDigit)
               ? name.substr(0, at)
               : name;
}

bool isRecorded(std::string_view name)
{
    constexpr std::array kBegins = {"cudaLaunch", "cudaGraphLaunch", "cudaMemcpy", "cudaMemset",
                                    "cuLaunch",   "cuGraphLaunch",   "cuMemcpy",   "cuMemset"};
    const auto begins = [name](const char* text) { return name.starts_with(text); };
    return std::any_of(kBegins.begin(), kBegins.end(), begins) || name.ends_with("Synchronize");
}

} // namespace

std::string nameOfCall(const CuptiLibrary& library, CUpti_CallbackDomain domain, CUpti_CallbackId call)
{
    const char* text = nullptr;
    if (library.getCallName(domain, call, &text) != CUPTI_SUCCESS || text == nullptr)
        return {};
    std::string_view name = withoutVersion(text);
    for (const std::string_view suffix : {"_ptsz", "_ptds"})
        if (name.ends_with(suffix))
            name.remove_suffix(suffix.size());
    return std::string(withoutVersion(name));
}

std::vector<CUpti_CallbackId> recordedCalls(const CuptiLibrary& library, CUpti_CallbackDomain domain)
{
    std::vector<CUpti_CallbackId> calls;
    if (library.chooseDriverCall == nullptr)
        return calls;
    CUpti_CallbackId end = CUPTI_DRIVER_TRACE_CBID_SIZE;
    if (domain == CUPTI_CB_DOMAIN_RUNTIME_API)
        end = CUPTI_RUNTIME_TRACE_CBID_SIZE;
    for (CUpti_CallbackId call = 1; call < end; ++call)
        if (isRecorded(nameOfCall(library, domain, call)))
            calls.push_back(call);
    return calls;
}

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
    findCalls(loaded, library);
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
