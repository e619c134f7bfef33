// SPDX-License-Identifier: GPL-3.0-or-later
// Stands for libcupti.so on a machine without a GPU: takes buffers from who records, writes records into them
// as the driver would, and gives them back when they are full or asked for. Its clock is the monotonic one,
// shifted.
#include <chrono>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <set>

#include <cupti.h>

namespace {

#if CUPTI_API_VERSION >= 130000
using KernelRecord = CUpti_ActivityKernel10;
using CopyRecord = CUpti_ActivityMemcpy6;
#else
using KernelRecord = CUpti_ActivityKernel9;
using CopyRecord = CUpti_ActivityMemcpy5;
#endif

struct Fake
{
    std::mutex lock;
    CUpti_BuffersCallbackRequestFunc request = nullptr;
    CUpti_BuffersCallbackCompleteFunc complete = nullptr;
    std::set<int> enabled;
    std::set<CUpti_CallbackId> calls[2]; // of the runtime, of the driver
    bool systemThreads = false;
    CUptiResult refusal = CUPTI_SUCCESS;
    std::uint8_t* buffer = nullptr;
    std::size_t size = 0, used = 0;
    std::size_t dropped = 0;
};
Fake g_fake;
std::uint32_t g_correlation = 0; // of the next records

constexpr std::uint64_t kShiftNs = 1'000'000'000'000'000;

std::size_t sizeOf(CUpti_ActivityKind kind)
{
    switch (kind) {
    case CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL:
        return sizeof(KernelRecord);
    case CUPTI_ACTIVITY_KIND_MEMCPY:
        return sizeof(CopyRecord);
    case CUPTI_ACTIVITY_KIND_RUNTIME:
    case CUPTI_ACTIVITY_KIND_DRIVER:
        return sizeof(CUpti_ActivityAPI);
    case CUPTI_ACTIVITY_KIND_MEMSET:
        return sizeof(CUpti_ActivityMemset4);
    default:
        return sizeof(CUpti_ActivityMarker2); // of a kind that nobody asked for
    }
}

void give()
{
    if (g_fake.buffer != nullptr)
        g_fake.complete(nullptr, 0, g_fake.buffer, g_fake.size, g_fake.used);
    g_fake.buffer = nullptr;
    g_fake.used = 0;
}

bool isWanted(const CUpti_Activity& record)
{
    if (record.kind == CUPTI_ACTIVITY_KIND_RUNTIME || record.kind == CUPTI_ACTIVITY_KIND_DRIVER) {
        const auto& call = reinterpret_cast<const CUpti_ActivityAPI&>(record);
        return g_fake.calls[record.kind == CUPTI_ACTIVITY_KIND_DRIVER ? 1 : 0].contains(call.cbid);
    }
    return g_fake.enabled.contains(record.kind) || record.kind == CUPTI_ACTIVITY_KIND_MARKER;
}

template<class Record>
void deliver(const Record& record)
{
    const std::lock_guard guard(g_fake.lock);
    if (!isWanted(reinterpret_cast<const CUpti_Activity&>(record)))
        return;
    if (g_fake.buffer != nullptr && g_fake.used + sizeof record > g_fake.size)
        give();
    std::size_t most = 0;
    if (g_fake.buffer == nullptr)
        g_fake.request(&g_fake.buffer, &g_fake.size, &most);
    if (g_fake.buffer == nullptr || g_fake.size < sizeof record) {
        ++g_fake.dropped;
        return;
    }
    std::memcpy(g_fake.buffer + g_fake.used, &record, sizeof record);
    g_fake.used += sizeof record;
}

template<class Record>
Record recordOf(CUpti_ActivityKind kind, std::uint32_t device, std::uint32_t stream, std::int64_t startNs,
                std::int64_t endNs)
{
    Record record{};
    record.kind = kind;
    record.correlationId = g_correlation;
    record.deviceId = device;
    record.contextId = 1;
    record.streamId = stream;
    record.start = startNs == 0 ? 0 : static_cast<std::uint64_t>(startNs) + kShiftNs;
    record.end = endNs == 0 ? 0 : static_cast<std::uint64_t>(endNs) + kShiftNs;
    return record;
}

CUptiResult choose(std::set<CUpti_CallbackId>& calls, CUpti_CallbackId call, bool on)
{
    const std::lock_guard guard(g_fake.lock);
    if (on)
        calls.insert(call);
    else
        calls.erase(call);
    return CUPTI_SUCCESS;
}

} // namespace

extern "C" {

CUptiResult cuptiActivityEnableRuntimeApi(CUpti_CallbackId call, std::uint8_t enable)
{
    return choose(g_fake.calls[0], call, enable != 0);
}
CUptiResult cuptiActivityEnableDriverApi(CUpti_CallbackId call, std::uint8_t enable)
{
    return choose(g_fake.calls[1], call, enable != 0);
}
CUptiResult cuptiSetThreadIdType(CUpti_ActivityThreadIdType type)
{
    g_fake.systemThreads = type == CUPTI_ACTIVITY_THREAD_ID_TYPE_SYSTEM;
    return CUPTI_SUCCESS;
}
/// Some of the names that there are, under their numbers.
CUptiResult cuptiGetCallbackName(CUpti_CallbackDomain domain, std::uint32_t call, const char** name)
{
    *name = nullptr;
    if (domain == CUPTI_CB_DOMAIN_DRIVER_API) {
        if (call == CUPTI_DRIVER_TRACE_CBID_cuLaunchKernel)
            *name = "cuLaunchKernel";
        else if (call == CUPTI_DRIVER_TRACE_CBID_cuCtxGetCurrent)
            *name = "cuCtxGetCurrent";
    } else if (domain == CUPTI_CB_DOMAIN_RUNTIME_API) {
        if (call == CUPTI_RUNTIME_TRACE_CBID_cudaGraphLaunch_ptsz_v10000)
            *name = "cudaGraphLaunch_ptsz_v10000";
        else if (call == CUPTI_RUNTIME_TRACE_CBID_cudaMemcpyAsync_v3020)
            *name = "cudaMemcpyAsync_v3020";
        else if (call == CUPTI_RUNTIME_TRACE_CBID_cudaStreamSynchronize_v3020)
            *name = "cudaStreamSynchronize_v3020";
        else if (call == CUPTI_RUNTIME_TRACE_CBID_cudaGetDevice_v3020)
            *name = "cudaGetDevice_v3020";
    }
    return *name != nullptr ? CUPTI_SUCCESS : CUPTI_ERROR_INVALID_PARAMETER;
}

CUptiResult cuptiGetVersion(std::uint32_t* version)
{
    *version = CUPTI_API_VERSION;
    return CUPTI_SUCCESS;
}
CUptiResult cuptiGetResultString(CUptiResult /*result*/, const char** text)
{
    *text = "CUPTI_ERROR_FAKE";
    return CUPTI_SUCCESS;
}
CUptiResult cuptiGetTimestamp(std::uint64_t* timestamp)
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    *timestamp =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()) +
        kShiftNs;
    return CUPTI_SUCCESS;
}
CUptiResult cuptiActivityRegisterCallbacks(CUpti_BuffersCallbackRequestFunc request,
                                           CUpti_BuffersCallbackCompleteFunc complete)
{
    const std::lock_guard guard(g_fake.lock);
    g_fake.request = request;
    g_fake.complete = complete;
    return CUPTI_SUCCESS;
}
CUptiResult cuptiActivityEnable(CUpti_ActivityKind kind)
{
    const std::lock_guard guard(g_fake.lock);
    if (g_fake.refusal == CUPTI_SUCCESS)
        g_fake.enabled.insert(kind);
    return g_fake.refusal;
}
CUptiResult cuptiActivityDisable(CUpti_ActivityKind kind)
{
    const std::lock_guard guard(g_fake.lock);
    g_fake.enabled.erase(kind);
    return CUPTI_SUCCESS;
}
CUptiResult cuptiActivityFlushAll(std::uint32_t /*flag*/)
{
    const std::lock_guard guard(g_fake.lock);
    give();
    return CUPTI_SUCCESS;
}
CUptiResult cuptiActivityGetNextRecord(std::uint8_t* buffer, std::size_t valid, CUpti_Activity** record)
{
    std::uint8_t* at = buffer;
    if (*record != nullptr)
        at = reinterpret_cast<std::uint8_t*>(*record) + sizeOf((*record)->kind);
    if (at >= buffer + valid)
        return CUPTI_ERROR_MAX_LIMIT_REACHED;
    *record = reinterpret_cast<CUpti_Activity*>(at);
    return CUPTI_SUCCESS;
}
CUptiResult cuptiActivityGetNumDroppedRecords(CUcontext /*context*/, std::uint32_t /*stream*/,
                                              std::size_t* dropped)
{
    *dropped = g_fake.dropped; // the lock is held: called from give()
    g_fake.dropped = 0;
    return CUPTI_SUCCESS;
}

// What the test says that the GPU did; times of the monotonic clock, 0: it could not be measured.

void fakeRefuse(int result)
{
    g_fake.refusal = static_cast<CUptiResult>(result);
}
int fakeEnabled()
{
    const std::lock_guard guard(g_fake.lock);
    return static_cast<int>(g_fake.enabled.size());
}
int fakeCalls()
{
    const std::lock_guard guard(g_fake.lock);
    return static_cast<int>(g_fake.calls[0].size() + g_fake.calls[1].size());
}
/// What the next records belong to.
void fakeCorrelation(std::uint32_t correlation)
{
    g_correlation = correlation;
}
void fakeCall(bool driver, std::uint32_t call, std::uint32_t thread, std::uint32_t result,
              std::int64_t startNs, std::int64_t endNs)
{
    CUpti_ActivityAPI record{};
    record.kind = driver ? CUPTI_ACTIVITY_KIND_DRIVER : CUPTI_ACTIVITY_KIND_RUNTIME;
    record.cbid = call;
    record.start = static_cast<std::uint64_t>(startNs) + kShiftNs;
    record.end = static_cast<std::uint64_t>(endNs) + kShiftNs;
    record.threadId = g_fake.systemThreads ? thread : 1;
    record.correlationId = g_correlation;
    record.returnValue = result;
    deliver(record);
}
void fakeDrop(std::size_t count)
{
    const std::lock_guard guard(g_fake.lock);
    g_fake.dropped += count;
}
void fakeKernel(const char* name, std::uint32_t device, std::uint32_t context, std::uint32_t stream,
                std::uint32_t graph, std::int64_t startNs, std::int64_t endNs)
{
    auto record =
        recordOf<KernelRecord>(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL, device, stream, startNs, endNs);
    record.name = name;
    record.contextId = context;
    record.graphId = graph;
    record.gridX = 64;
    record.gridY = 2;
    record.gridZ = 1;
    record.blockX = 128;
    record.blockY = record.blockZ = 1;
    record.registersPerThread = 40;
    record.staticSharedMemory = 512;
    record.dynamicSharedMemory = 1024;
    deliver(record);
}
void fakeCopy(std::uint8_t kind, std::uint64_t bytes, std::uint32_t stream, std::int64_t startNs,
              std::int64_t endNs)
{
    auto record = recordOf<CopyRecord>(CUPTI_ACTIVITY_KIND_MEMCPY, 0, stream, startNs, endNs);
    record.copyKind = kind;
    record.bytes = bytes;
    deliver(record);
}
void fakeSet(std::uint32_t value, std::uint64_t bytes, std::int64_t startNs, std::int64_t endNs)
{
    auto record = recordOf<CUpti_ActivityMemset4>(CUPTI_ACTIVITY_KIND_MEMSET, 0, 7, startNs, endNs);
    record.value = value;
    record.bytes = bytes;
    deliver(record);
}
void fakeOther()
{
    CUpti_ActivityMarker2 record{};
    record.kind = CUPTI_ACTIVITY_KIND_MARKER;
    deliver(record);
}
}
