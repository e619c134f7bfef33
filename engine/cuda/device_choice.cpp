// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/device_choice.h"

#include <algorithm>
#include <string>

#include "engine/cuda/cuda_status.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

Result<cuda::DeviceInfo> chooseDevice(int wanted)
{
    const cuda::DeviceList list = cuda::listDevices();
    if (list.devices.empty())
        return outOfResources("no GPU can be used: " + list.reason);
    const auto found = std::find_if(list.devices.begin(), list.devices.end(),
                                    [&](const cuda::DeviceInfo& device) { return device.index == wanted; });
    if (found == list.devices.end())
        return invalidArgument("there is no usable GPU number " + std::to_string(wanted));
    if (const Result<void> used = resultOf(cuda::useDevice(wanted), "taking the GPU"); !used)
        return used.error();
    return *found;
}

} // namespace vitrine::engine
