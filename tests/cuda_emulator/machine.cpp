// SPDX-License-Identifier: GPL-3.0-or-later
// Where work goes, and what a capture makes of it.
#include "cuda_emulator/machine.h"

#include <algorithm>
#include <cstdio>

namespace vitrine::cuda_emulator {

namespace {

thread_local int t_device = 0;
thread_local bool t_insideHostFunction = false;
thread_local cudaError_t t_lastError = cudaSuccess;

} // namespace

Machine& machine()
{
    static Machine instance;
    return instance;
}

bool& insideHostFunction()
{
    return t_insideHostFunction;
}

cudaError_t& lastError()
{
    return t_lastError;
}

Machine::Machine()
{
    queue.setFailureHandler([this](int device, const Failure& failure) { fail(device, failure); });
    initialise(*this);
}

int Machine::currentDevice()
{
    return t_device;
}

void Machine::setCurrentDevice(int device)
{
    t_device = device;
}

Stream* Machine::stream(cudaStream_t handle)
{
    if (handle == nullptr || handle == cudaStreamLegacy)
        return device().legacy.get();
    if (handle == cudaStreamPerThread) {
        auto& own = device().perThread[std::this_thread::get_id()];
        if (own == nullptr) {
            own = std::make_unique<Stream>();
            own->device = currentDevice();
        }
        return own.get();
    }
    return streams.find(handle);
}

cudaError_t Machine::submit(Stream& stream, Work work)
{
    if (stream.capture != nullptr) {
        if (stream.capture->invalidated)
            return cudaErrorStreamCaptureInvalidated;
        stream.captureTail = {stream.capture->graph->add(std::move(work), stream.captureTail)};
        return cudaSuccess;
    }
    if (const cudaError_t error = checkImplicit(stream))
        return error;
    count(work);
    enqueue(stream, std::move(work));
    return cudaSuccess;
}

OperationPtr Machine::enqueue(Stream& stream, Work work, const std::vector<OperationPtr>& others)
{
    std::vector<OperationPtr> after = others;
    after.push_back(stream.tail);
    if (stream.legacy) {
        for (const auto& [key, other] : streams.all()) {
            if (other->device == stream.device && !other->nonBlocking)
                after.push_back(other->tail);
        }
        Device& own = devices[std::size_t(stream.device)];
        for (const auto& [thread, other] : own.perThread)
            after.push_back(other->tail);
        after.insert(after.end(), own.orphans.begin(), own.orphans.end());
        own.orphans.clear();
    } else if (!stream.nonBlocking) {
        after.push_back(devices[std::size_t(stream.device)].legacy->tail);
    }
    stream.tail = queue.add(stream.device, std::move(work), after);
    return stream.tail;
}

void Machine::count(const Work& work)
{
    switch (work.kind) {
    case WorkKind::Kernel:
        ++counts.kernels;
        break;
    case WorkKind::Library:
        ++counts.libraryCalls;
        break;
    case WorkKind::Graph:
        ++counts.graphs;
        break;
    case WorkKind::CopyToDevice:
        ++counts.copiesToDevice;
        break;
    case WorkKind::CopyToHost:
        ++counts.copiesToHost;
        break;
    case WorkKind::CopyOnDevice:
        ++counts.copiesOnDevice;
        break;
    case WorkKind::Set:
        ++counts.sets;
        break;
    case WorkKind::HostFunction:
        ++counts.hostFunctions;
        break;
    case WorkKind::Collective:
        ++counts.collectives;
        break;
    case WorkKind::Free:
    case WorkKind::Nothing:
        break;
    }
}

void Machine::fail(int index, const Failure& failure)
{
    std::fprintf(stderr, "cuda emulator: %s\n", failure.message.c_str());
    fault = failure.message;
    devices[std::size_t(index)].sticky = failure.error;
    queue.drop(index);
}

std::optional<Failure> Machine::damageBy(const std::string& what)
{
    if (const auto damage = memory.damage())
        return Failure{cudaErrorIllegalAddress, what + ": " + *damage};
    return std::nullopt;
}

bool Machine::takeFault(unsigned& countdown)
{
    return countdown > 0 && --countdown == 0;
}

cudaError_t Machine::forbidWhileCapturing()
{
    cudaError_t error = cudaSuccess;
    for (const auto& capture : captures) {
        const bool own = capture->thread == std::this_thread::get_id();
        if (capture->mode == cudaStreamCaptureModeGlobal ||
            (own && capture->mode == cudaStreamCaptureModeThreadLocal)) {
            capture->invalidated = true;
            error = cudaErrorStreamCaptureUnsupported;
        }
    }
    return error;
}

cudaError_t Machine::checkImplicit(const Stream& stream)
{
    cudaError_t error = cudaSuccess;
    for (const auto& capture : captures) {
        for (const Stream* other : capture->streams) {
            if (stream.legacy && other->device == stream.device && !other->nonBlocking) {
                capture->invalidated = true;
                error = cudaErrorStreamCaptureImplicit;
            }
        }
    }
    return error;
}

} // namespace vitrine::cuda_emulator
