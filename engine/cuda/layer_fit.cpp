// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/layer_fit.h"

#include "engine/cuda/device_budget.h"
#include "engine/cuda/device_kv.h"
#include "engine/cuda/device_weights.h"
#include "engine/cuda/step_room.h"
#include "engine/execution/rope_table.h"
#include "kernels/cuda/blas.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

/// In blocks of one token, as pages are largest.
std::uint64_t kvBytes(const ModelPart& part, const ExecutorOptions& options, std::uint64_t tokens)
{
    cuda::KvPages shape;
    shape.number = options.precise ? cuda::KvNumber::F32 : kvNumberOf(options.kvFormat);
    shape.pages = part.columns().shape.blockPages();
    shape.layers = part.columns().layersPerPage;
    shape.blockSize = 1;
    shape.kvHeads = part.config().kvHeads;
    shape.headDim = part.config().headDim;
    return static_cast<std::uint64_t>(shape.totalBytes()) * tokens;
}

} // namespace

std::uint64_t deviceBytesFor(const ModelPart& part, const ExecutorOptions& options, const LayerDemand& demand,
                             std::int64_t multiprocessors)
{
    const StepRoom room(part.config(), {options.precise, part.columns().shape.blockPages(), multiprocessors,
                                        RopeTable(part.config(), {}).kinds(), part.hiddenIn(), part.ends()});
    return deviceWeightBytes(part.weights(), options.precise) + kvBytes(part, options, demand.kvTokens) +
           room.bytesFor(demand.steps) + cuda::kBlasWorkspaceBytes;
}

std::uint32_t fittingLayers(const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                            const LayerDemand& demand, const cuda::DeviceInfo& device,
                            std::uint64_t freeBytes)
{
    const DeviceBudget budget(device.totalBytes, options.gpuMemory);
    const std::uint64_t room = budget.forKv({freeBytes, 0, 0});
    const auto all = static_cast<std::uint32_t>(model->config().layers.size());
    for (std::uint32_t count = all; count > 0; --count) {
        const Result<std::shared_ptr<const ModelPart>> part = ModelPart::of(model, {all - count, count});
        if (part && deviceBytesFor(**part, options, demand, device.multiprocessors) <= room)
            return count;
    }
    return 0;
}

} // namespace vitrine::engine
