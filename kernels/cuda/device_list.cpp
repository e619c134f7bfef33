// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/device_list.h"

#include <cstdio>

#include <cuda_runtime_api.h>

namespace vitrine::kernels::cuda {

namespace {

std::string version(int number)
{
    return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

/// Calls leave their outputs as they were when there is no driver: each is set before.
std::string whyNone(cudaError_t error, int driver, int runtime)
{
    if (driver == 0)
        return "no NVIDIA driver is installed";
    if (error == cudaErrorInsufficientDriver)
        return "the NVIDIA driver is for CUDA " + version(driver) + " and CUDA " + version(runtime) +
               " is needed: a newer driver helps";
    if (error == cudaErrorNoDevice)
        return "the NVIDIA driver sees no GPU";
    return std::string("the NVIDIA driver does not answer: ") + cudaGetErrorString(error);
}

int attribute(cudaDeviceAttr which, int device)
{
    int value = 0;
    return cudaDeviceGetAttribute(&value, which, device) == cudaSuccess ? value : 0;
}

DeviceInfo inspect(int index, const cudaDeviceProp& properties)
{
    DeviceInfo info;
    info.index = index;
    info.name = properties.name;
    char busId[32];
    std::snprintf(busId, sizeof busId, "%08x:%02x:%02x.0", static_cast<unsigned>(properties.pciDomainID),
                  static_cast<unsigned>(properties.pciBusID), static_cast<unsigned>(properties.pciDeviceID));
    info.busId = busId;
    info.major = properties.major;
    info.minor = properties.minor;
    info.multiprocessors = properties.multiProcessorCount;
    info.totalBytes = properties.totalGlobalMem;
    info.memoryBusBits = attribute(cudaDevAttrGlobalMemoryBusWidth, index);
    info.l2Bytes = attribute(cudaDevAttrL2CacheSize, index);
    return info;
}

} // namespace

DeviceList listDevices()
{
    DeviceList list;
    (void)cudaDriverGetVersion(&list.driver);
    (void)cudaRuntimeGetVersion(&list.runtime);
    int count = 0;
    const cudaError_t counted = cudaGetDeviceCount(&count);
    (void)cudaGetLastError(); // a failure here is an answer, not an error to find later
    if (counted != cudaSuccess || count <= 0) {
        list.reason =
            whyNone(counted == cudaSuccess ? cudaErrorNoDevice : counted, list.driver, list.runtime);
        return list;
    }
    for (int index = 0; index < count; ++index) {
        cudaDeviceProp properties{};
        if (cudaGetDeviceProperties(&properties, index) != cudaSuccess)
            continue;
        const DeviceInfo info = inspect(index, properties);
        if (info.major * 10 + info.minor >= kLeastCapability)
            list.devices.push_back(info);
        else
            list.reason = info.name + " is too old: compute capability " + std::to_string(info.major) + "." +
                          std::to_string(info.minor) + ", and 8.0 is needed";
    }
    if (!list.devices.empty())
        list.reason.clear();
    else if (list.reason.empty())
        list.reason = "no GPU tells what it is";
    return list;
}

Status useDevice(int index)
{
    return {cudaSetDevice(index)};
}

Status deviceMemory(std::uint64_t& freeBytes, std::uint64_t& totalBytes)
{
    std::size_t free = 0, total = 0;
    const Status status{cudaMemGetInfo(&free, &total)};
    freeBytes = free;
    totalBytes = total;
    return status;
}

} // namespace vitrine::kernels::cuda
