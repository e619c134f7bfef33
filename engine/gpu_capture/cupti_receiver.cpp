// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef VITRINE_CUPTI
#include "engine/gpu_capture/cupti_receiver.h"

#include <cstdlib>

namespace vitrine::engine {

namespace {

#if CUPTI_API_VERSION >= 130000
using KernelRecord = CUpti_ActivityKernel10;
using CopyRecord = CUpti_ActivityMemcpy6;
#else
using KernelRecord = CUpti_ActivityKernel9;
using CopyRecord = CUpti_ActivityMemcpy5;
#endif
using PeerCopyRecord = CUpti_ActivityMemcpyPtoP4;
using SetRecord = CUpti_ActivityMemset4;

std::uint32_t positive(std::int32_t value)
{
    return value > 0 ? static_cast<std::uint32_t>(value) : 0;
}

/// What records of every kind say.
template<class Record>
GpuActivity common(const Record& record, GpuWork work)
{
    GpuActivity activity;
    activity.work = work;
    activity.device = record.deviceId;
    activity.context = record.contextId;
    activity.stream = record.streamId;
    activity.graph = record.graphId;
    activity.correlation = record.correlationId;
    activity.startNs = static_cast<std::int64_t>(record.start);
    activity.endNs = static_cast<std::int64_t>(record.end);
    return activity;
}

template<class Record>
GpuActivity copyOf(const Record& record)
{
    GpuActivity activity = common(record, GpuWork::Copy);
    activity.copyKind = record.copyKind;
    activity.bytes = record.bytes;
    return activity;
}

GpuActivity setOf(const SetRecord& record)
{
    GpuActivity activity = common(record, GpuWork::Set);
    activity.bytes = record.bytes;
    activity.value = record.value;
    return activity;
}

GpuActivity kernelOf(const KernelRecord& record, ActivityLog& log)
{
    GpuActivity activity = common(record, GpuWork::Kernel);
    activity.name = record.name != nullptr ? log.nameOf(record.name) : 0;
    activity.grid = {positive(record.gridX), positive(record.gridY), positive(record.gridZ)};
    activity.block = {positive(record.blockX), positive(record.blockY), positive(record.blockZ)};
    activity.registers = record.registersPerThread;
    activity.sharedBytes =
        std::uint64_t{positive(record.staticSharedMemory)} + positive(record.dynamicSharedMemory);
    return activity;
}

GpuActivity callOf(const CUpti_ActivityAPI& record, const CuptiLibrary& library, ActivityLog& log)
{
    const auto domain =
        record.kind == CUPTI_ACTIVITY_KIND_RUNTIME ? CUPTI_CB_DOMAIN_RUNTIME_API : CUPTI_CB_DOMAIN_DRIVER_API;
    GpuActivity activity;
    activity.work = GpuWork::Call;
    activity.name = log.nameOf(nameOfCall(library, domain, record.cbid));
    activity.thread = record.threadId;
    activity.correlation = record.correlationId;
    activity.result = record.returnValue;
    activity.startNs = static_cast<std::int64_t>(record.start);
    activity.endNs = static_cast<std::int64_t>(record.end);
    return activity;
}

template<class Record>
const Record& as(const CUpti_Activity& record)
{
    return *reinterpret_cast<const Record*>(&record);
}

} // namespace

CuptiReceiver& CuptiReceiver::instance()
{
    static auto* const receiver = new CuptiReceiver;
    return *receiver;
}

CUptiResult CuptiReceiver::attach(const CuptiLibrary& library)
{
    m_library = library;
    return library.registerCallbacks(requested, completed);
}

void CUPTIAPI CuptiReceiver::requested(std::uint8_t** buffer, std::size_t* size, std::size_t* mostRecords)
{
    *mostRecords = 0; // as many as fit
    instance().give(*buffer, *size);
}

/// Without one CUPTI drops records and counts them.
void CuptiReceiver::give(std::uint8_t*& buffer, std::size_t& size)
{
    const bool may = m_buffers.fetch_add(1) < kMostBuffers;
    buffer = may ? static_cast<std::uint8_t*>(std::malloc(kBuffer)) : nullptr;
    size = buffer != nullptr ? kBuffer : 0;
    if (buffer == nullptr)
        m_buffers.fetch_sub(1);
}

void CUPTIAPI CuptiReceiver::completed(CUcontext context, std::uint32_t stream, std::uint8_t* buffer,
                                       std::size_t /*size*/, std::size_t valid)
{
    CuptiReceiver& receiver = instance();
    if (buffer != nullptr) {
        receiver.read(buffer, valid);
        std::free(buffer);
        receiver.m_buffers.fetch_sub(1);
    }
    receiver.countDropped(context, stream);
}

void CuptiReceiver::read(std::uint8_t* buffer, std::size_t valid)
{
    CUpti_Activity* record = nullptr;
    while (valid > 0 && m_recording.load(std::memory_order_relaxed) &&
           m_library.getNextRecord(buffer, valid, &record) == CUPTI_SUCCESS && record != nullptr)
        add(*record);
}

void CuptiReceiver::countDropped(CUcontext context, std::uint32_t stream)
{
    std::size_t dropped = 0;
    if (m_library.getNumDroppedRecords(context, stream, &dropped) == CUPTI_SUCCESS && dropped > 0 &&
        m_recording.load(std::memory_order_relaxed))
        m_log.drop(dropped);
}

void CuptiReceiver::add(const CUpti_Activity& record)
{
    GpuActivity activity;
    switch (record.kind) {
    case CUPTI_ACTIVITY_KIND_KERNEL:
    case CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL:
        activity = kernelOf(as<KernelRecord>(record), m_log);
        break;
    case CUPTI_ACTIVITY_KIND_MEMCPY:
        activity = copyOf(as<CopyRecord>(record));
        break;
    case CUPTI_ACTIVITY_KIND_MEMCPY2:
        activity = copyOf(as<PeerCopyRecord>(record));
        break;
    case CUPTI_ACTIVITY_KIND_MEMSET:
        activity = setOf(as<SetRecord>(record));
        break;
    case CUPTI_ACTIVITY_KIND_RUNTIME:
    case CUPTI_ACTIVITY_KIND_DRIVER:
        if (m_library.getCallName == nullptr)
            return;
        activity = callOf(as<CUpti_ActivityAPI>(record), m_library, m_log);
        break;
    default:
        return;
    }
    if (activity.startNs > 0 && activity.endNs >= activity.startNs)
        m_log.add(activity);
    else
        m_log.drop(1); // its times could not be measured
}

} // namespace vitrine::engine
#endif
