// SPDX-License-Identifier: GPL-3.0-or-later
// Time that work takes on a device, by its own clock.
#pragma once

#include <functional>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// Seconds between the beginning and the end on the device of what `work` queues on the stream; waits for it.
Status timeOnDevice(Stream stream, const std::function<Status()>& work, double& seconds);

} // namespace vitrine::kernels::cuda
