// SPDX-License-Identifier: GPL-3.0-or-later
// When a copy reads its bytes: from pageable memory at the call, from all other memory when it runs.
#include "cuda_emulator/copy.h"

#include <cstring>

namespace vitrine::cuda_emulator {

namespace {

enum class Side { Device, Pinned, Pageable };

std::size_t extent(std::size_t pitch, std::size_t width, std::size_t height)
{
    return height == 0 || width == 0 ? 0 : (height - 1) * pitch + width;
}

Side sideOf(const MemoryMap& memory, const void* place)
{
    const auto allocation = memory.find(place);
    if (!allocation || (place == allocation->place + allocation->bytes && allocation->bytes > 0))
        return Side::Pageable;
    return allocation->kind == MemoryKind::Device ? Side::Device : Side::Pinned;
}

// Whether an address may be used: known memory must hold all of it.
bool fits(const MemoryMap& memory, Side side, const void* place, std::size_t bytes)
{
    return side == Side::Pageable || memory.holds(place, bytes);
}

bool kindFits(cudaMemcpyKind kind, bool toDevice, bool fromDevice)
{
    switch (kind) {
    case cudaMemcpyHostToHost:
        return !toDevice && !fromDevice;
    case cudaMemcpyHostToDevice:
        return toDevice && !fromDevice;
    case cudaMemcpyDeviceToHost:
        return !toDevice && fromDevice;
    case cudaMemcpyDeviceToDevice:
        return toDevice && fromDevice;
    case cudaMemcpyDefault:
        return true;
    }
    return false;
}

WorkKind workKind(bool toDevice, bool fromDevice)
{
    if (toDevice)
        return fromDevice ? WorkKind::CopyOnDevice : WorkKind::CopyToDevice;
    return fromDevice ? WorkKind::CopyToHost : WorkKind::Nothing;
}

void copyRows(const CopyRequest& request)
{
    for (std::size_t row = 0; row < request.height; ++row) {
        std::memmove(static_cast<char*>(request.target) + row * request.targetPitch,
                     static_cast<const char*>(request.source) + row * request.sourcePitch, request.width);
    }
}

struct Sides
{
    Side target;
    Side source;
};

std::optional<Failure> runCopy(const CopyRequest& request, Sides sides)
{
    const MemoryMap& memory = machine().memory;
    if (!fits(memory, sides.target, request.target,
              extent(request.targetPitch, request.width, request.height)) ||
        !fits(memory, sides.source, request.source,
              extent(request.sourcePitch, request.width, request.height)))
        return Failure{cudaErrorIllegalAddress, "a copy uses memory that was freed before it ran"};
    copyRows(request);
    return std::nullopt;
}

// The bytes as they are now, for a copy that runs later.
std::shared_ptr<std::vector<char>> stage(CopyRequest& request)
{
    auto bytes = std::make_shared<std::vector<char>>(request.width * request.height);
    CopyRequest now = request;
    now.target = bytes->data();
    now.targetPitch = request.width;
    copyRows(now);
    request.source = bytes->data();
    request.sourcePitch = request.width;
    return bytes;
}

} // namespace

cudaError_t copy(Machine& all, MachineLock& lock, cudaStream_t handle, const CopyRequest& asked, bool wait)
{
    Stream* stream = all.stream(handle);
    if (stream == nullptr)
        return cudaErrorInvalidResourceHandle;
    if (wait && !all.captures.empty()) {
        if (const cudaError_t error = all.checkImplicit(*stream))
            return error;
        if (const cudaError_t error = all.forbidWhileCapturing())
            return error;
    }
    if (asked.width == 0 || asked.height == 0)
        return cudaSuccess;
    CopyRequest request = asked;
    const Sides sides{sideOf(all.memory, request.target), sideOf(all.memory, request.source)};
    const bool toDevice = sides.target == Side::Device;
    const bool fromDevice = sides.source == Side::Device;
    if (request.target == nullptr || request.source == nullptr || request.width > request.targetPitch ||
        request.width > request.sourcePitch || !kindFits(request.kind, toDevice, fromDevice) ||
        !fits(all.memory, sides.target, request.target,
              extent(request.targetPitch, request.width, request.height)) ||
        !fits(all.memory, sides.source, request.source,
              extent(request.sourcePitch, request.width, request.height)))
        return cudaErrorInvalidValue;
    const bool captured = stream->capture != nullptr;
    std::shared_ptr<std::vector<char>> staged;
    if (sides.source == Side::Pageable && !captured)
        staged = stage(request);
    Work work{workKind(toDevice, fromDevice), "a copy", {}};
    work.run = [request, sides, staged](std::uint64_t) { return runCopy(request, sides); };
    if (const cudaError_t error = all.submit(*stream, std::move(work)))
        return error;
    if (captured || (toDevice && (fromDevice || !wait)) || (!wait && sides.target == Side::Pinned))
        return cudaSuccess;
    const int device = stream->device;
    all.queue.finish({stream->tail}, lock);
    return all.devices[std::size_t(device)].sticky;
}

cudaError_t set(Machine& all, cudaStream_t handle, const SetRequest& request)
{
    Stream* stream = all.stream(handle);
    if (stream == nullptr)
        return cudaErrorInvalidResourceHandle;
    const std::size_t bytes = extent(request.pitch, request.width, request.height);
    if (bytes == 0)
        return cudaSuccess;
    const Side side = sideOf(all.memory, request.target);
    if (side == Side::Pageable || request.width > request.pitch || !all.memory.holds(request.target, bytes))
        return cudaErrorInvalidValue;
    Work work{WorkKind::Set, "a fill", {}};
    work.run = [request, bytes, &all](std::uint64_t) -> std::optional<Failure> {
        if (!all.memory.holds(request.target, bytes))
            return Failure{cudaErrorIllegalAddress, "a fill uses memory that was freed before it ran"};
        for (std::size_t row = 0; row < request.height; ++row)
            std::memset(static_cast<char*>(request.target) + row * request.pitch, request.value,
                        request.width);
        return std::nullopt;
    };
    return all.submit(*stream, std::move(work));
}

} // namespace vitrine::cuda_emulator
