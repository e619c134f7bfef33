// SPDX-License-Identifier: GPL-3.0-or-later
// How many of a model's last layers a GPU has room for, with the head, their KV and the largest step. By the
// arithmetic that loading uses; nothing is read or taken. Any thread.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/execution/executor.h"
#include "engine/execution/layer_demand.h"
#include "engine/execution/model_part.h"
#include "kernels/cuda/device_list.h"

namespace vitrine::engine {

/// Bytes of the device that these layers take.
std::uint64_t deviceBytesFor(const ModelPart& part, const ExecutorOptions& options, const LayerDemand& demand,
                             std::int64_t multiprocessors);
/// Of `freeBytes` on this device, of which some stays free and some is for recorded steps (DeviceBudget), as
/// options.gpuMemory allows. 0: not one fits.
std::uint32_t fittingLayers(const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                            const LayerDemand& demand, const kernels::cuda::DeviceInfo& device,
                            std::uint64_t freeBytes);

} // namespace vitrine::engine
