// SPDX-License-Identifier: GPL-3.0-or-later
// The GPUs of this machine, or why there are none to compute on. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

struct DeviceInfo
{
    int index = 0;
    std::string name;
    std::string busId;        ///< "00000000:01:00.0"
    int major = 0, minor = 0; ///< compute capability
    int multiprocessors = 0;
    std::uint64_t totalBytes = 0;
    int memoryBusBits = 0;
    int l2Bytes = 0;
};

struct DeviceList
{
    std::vector<DeviceInfo> devices; ///< those that the kernels were compiled for
    int driver = 0, runtime = 0;     ///< 13000 is CUDA 13.0; 0: unknown
    std::string reason;              ///< why `devices` is empty, a sentence; else empty
};

/// Compute capability that kernels need at least, as major * 10 + minor.
inline constexpr int kLeastCapability = 80;

DeviceList listDevices();
/// Of the calling thread, from now on.
Status useDevice(int index);
/// Of the calling thread's device.
Status deviceMemory(std::uint64_t& freeBytes, std::uint64_t& totalBytes);

} // namespace vitrine::kernels::cuda
