// SPDX-License-Identifier: GPL-3.0-or-later
// NVML, loaded by name and declared here: it is a part of the driver, and its header one of the toolkit that
// is not needed for anything else. What is declared has been the same since NVML 5.
#include "kernels/cuda/free_memory.h"

#include <dlfcn.h>

namespace vitrine::kernels::cuda {

namespace {

struct NvmlMemory
{
    unsigned long long total = 0, free = 0, used = 0;
};

struct Nvml
{
    int (*start)() = nullptr;
    int (*find)(const char* busId, void** device) = nullptr;
    int (*memory)(void* device, NvmlMemory* memory) = nullptr;
    bool ready = false;

    Nvml()
    {
        void* const library = ::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr)
            return;
        take(start, library, "nvmlInit_v2");
        take(find, library, "nvmlDeviceGetHandleByPciBusId_v2");
        take(memory, library, "nvmlDeviceGetMemoryInfo");
        ready = start != nullptr && find != nullptr && memory != nullptr && start() == 0;
    }

private:
    template<class Function>
    static void take(Function& function, void* library, const char* name)
    {
        function = reinterpret_cast<Function>(::dlsym(library, name));
    }
};

} // namespace

std::uint64_t freeMemoryOf(const std::string& busId)
{
    static const Nvml nvml; // stays: the driver counts who uses it by process
    void* device = nullptr;
    NvmlMemory memory;
    if (!nvml.ready || nvml.find(busId.c_str(), &device) != 0 || nvml.memory(device, &memory) != 0)
        return 0;
    return memory.free;
}

} // namespace vitrine::kernels::cuda
