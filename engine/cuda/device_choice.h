// SPDX-License-Identifier: GPL-3.0-or-later
// The GPU that a person named.
#pragma once

#include "engine/base/result.h"
#include "kernels/cuda/device_list.h"

namespace vitrine::engine {

/// Makes it this thread's. Errors: no usable GPU, and why; no usable one of that number.
Result<kernels::cuda::DeviceInfo> chooseDevice(int wanted);

} // namespace vitrine::engine
