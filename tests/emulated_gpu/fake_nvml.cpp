// SPDX-License-Identifier: GPL-3.0-or-later
// Stands for libnvidia-ml.so.1 beside the emulated library for GPUs: every device has three quarters of
// VITRINE_EMULATED_MEBIBYTES free; none is known where that is not set.
#include <cstdlib>

extern "C" {

struct NvmlMemory
{
    unsigned long long total, free, used;
};

int nvmlInit_v2()
{
    return std::getenv("VITRINE_EMULATED_MEBIBYTES") == nullptr ? 1 : 0;
}

int nvmlDeviceGetHandleByPciBusId_v2(const char* busId, void** device)
{
    *device = const_cast<char*>(busId);
    return 0;
}

int nvmlDeviceGetMemoryInfo(void* device, NvmlMemory* memory)
{
    if (device == nullptr)
        return 2;
    const unsigned long long total = std::strtoull(std::getenv("VITRINE_EMULATED_MEBIBYTES"), nullptr, 10)
                                     << 20U;
    *memory = {total, total / 4 * 3, total / 4};
    return 0;
}
}
