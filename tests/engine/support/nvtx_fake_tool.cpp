// SPDX-License-Identifier: GPL-3.0-or-later
// Stands for Nsight Systems: an injection of NVTX with handles of its own, which counts what it is told and
// notices handles that it has not given out. It wants no marks of the default domain.
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <string>

#define NVTX_NO_IMPL
#include <nvtx3/nvToolsExt.h>
#ifdef VITRINE_NVTX_EXTENSIONS
#include <nvtx3/nvToolsExtCounters.h>
#endif

namespace {

struct Counts
{
    std::atomic<int> pushes{0}, pops{0}, marks{0}, starts{0}, ends{0}, strangers{0}, attached{0}, extended{0},
        samples{0}, batches{0};
};
Counts g_counts;
std::mutex g_lock;
std::set<const void*> g_domains, g_strings;
std::deque<std::string> g_texts;
std::atomic<std::uint64_t> g_next{1000};

const void* keep(std::set<const void*>& handles, const char* text)
{
    const std::lock_guard guard(g_lock);
    g_texts.emplace_back(text);
    handles.insert(&g_texts.back());
    return &g_texts.back();
}

void check(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* attributes)
{
    const std::lock_guard guard(g_lock);
    const bool knows = g_domains.contains(domain) &&
                       (attributes == nullptr || attributes->messageType != NVTX_MESSAGE_TYPE_REGISTERED ||
                        g_strings.contains(attributes->message.registered));
    g_counts.strangers += knows ? 0 : 1;
}

nvtxDomainHandle_t createDomain(const char* name)
{
    return static_cast<nvtxDomainHandle_t>(const_cast<void*>(keep(g_domains, name)));
}
nvtxStringHandle_t registerString(nvtxDomainHandle_t domain, const char* text)
{
    check(domain, nullptr);
    return static_cast<nvtxStringHandle_t>(const_cast<void*>(keep(g_strings, text)));
}
nvtxStringHandle_t registerWide(nvtxDomainHandle_t domain, const wchar_t* /*text*/)
{
    return registerString(domain, "wide");
}
int push(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* attributes)
{
    check(domain, attributes);
    return ++g_counts.pushes;
}
int pop(nvtxDomainHandle_t domain)
{
    check(domain, nullptr);
    return ++g_counts.pops;
}
int pushPlain(const char* /*message*/)
{
    return ++g_counts.pushes;
}
int pushWide(const wchar_t* /*message*/)
{
    return ++g_counts.pushes;
}
int popPlain()
{
    return ++g_counts.pops;
}
void mark(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* attributes)
{
    check(domain, attributes);
    ++g_counts.marks;
}
nvtxRangeId_t start(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* attributes)
{
    check(domain, attributes);
    ++g_counts.starts;
    return ++g_next;
}
void end(nvtxDomainHandle_t domain, nvtxRangeId_t id)
{
    check(domain, nullptr);
    g_counts.strangers += id <= 1000 || id > g_next ? 1 : 0;
    ++g_counts.ends;
}

template<class Function>
void set(NvtxFunctionTable table, unsigned id, Function function)
{
    *table[id] = reinterpret_cast<NvtxFunctionPointer>(function);
}

#ifdef VITRINE_NVTX_EXTENSIONS
constexpr std::uint64_t kFirstSchema = NVTX_PAYLOAD_SCHEMA_ID_DYNAMIC_START + 70'000;
std::atomic<std::uint64_t> g_schemas{kFirstSchema};

std::uint64_t registerSchema(nvtxDomainHandle_t domain, const nvtxPayloadSchemaAttr_t* /*attributes*/)
{
    check(domain, nullptr);
    return g_schemas++;
}
std::uint64_t registerEnum(nvtxDomainHandle_t domain, const nvtxPayloadEnumAttr_t* /*attributes*/)
{
    check(domain, nullptr);
    return g_schemas++;
}
void checkPayloads(nvtxDomainHandle_t domain, const nvtxPayloadData_t* payloads, std::size_t count)
{
    check(domain, nullptr);
    for (std::size_t i = 0; i < count; ++i)
        g_counts.strangers +=
            payloads[i].schemaId < kFirstSchema || payloads[i].schemaId >= g_schemas ? 1 : 0;
}
void markPayload(nvtxDomainHandle_t domain, const nvtxPayloadData_t* payloads, std::size_t count)
{
    checkPayloads(domain, payloads, count);
    ++g_counts.marks;
}
int pushPayload(nvtxDomainHandle_t domain, const nvtxPayloadData_t* payloads, std::size_t count)
{
    checkPayloads(domain, payloads, count);
    return ++g_counts.pushes;
}
void sampleInt64(nvtxDomainHandle_t domain, std::uint64_t /*counter*/, std::int64_t /*value*/)
{
    check(domain, nullptr);
    ++g_counts.samples;
}
void submitBatch(nvtxDomainHandle_t domain, const nvtxEventBatch_t* /*batch*/)
{
    check(domain, nullptr);
    ++g_counts.batches;
}
#endif

} // namespace

extern "C" {

#ifdef VITRINE_NVTX_EXTENSIONS
/// It takes no registration of counters.
int InitializeInjectionNvtxExtension(void* module)
{
    const auto* const info = static_cast<const nvtxExtModuleInfo_t*>(module);
    const auto set = [slots = info->segments[0].functionSlots](unsigned id, auto function) {
        slots[id] = reinterpret_cast<std::intptr_t>(function);
    };
    ++g_counts.extended;
    if (info->moduleId == NVTX_EXT_PAYLOAD_MODULEID) {
        set(NVTX3EXT_CBID_nvtxPayloadSchemaRegister, registerSchema);
        set(NVTX3EXT_CBID_nvtxPayloadEnumRegister, registerEnum);
        set(NVTX3EXT_CBID_nvtxMarkPayload, markPayload);
        set(NVTX3EXT_CBID_nvtxRangePushPayload, pushPayload);
        set(NVTX3EXT_CBID_nvtxEventBatchSubmit, submitBatch);
        return 1;
    }
    if (info->moduleId == NVTX_EXT_COUNTERS_MODULEID) {
        set(NVTX3EXT_CBID_nvtxCounterSampleInt64, sampleInt64);
        return 1;
    }
    return 0;
}
#endif

int InitializeInjectionNvtx2(NvtxGetExportTableFunc_t exportTable)
{
    const auto* callbacks = static_cast<const NvtxExportTableCallbacks*>(exportTable(NVTX_ETID_CALLBACKS));
    NvtxFunctionTable table = nullptr;
    unsigned size = 0;
    if (callbacks->GetModuleFunctionTable(NVTX_CB_MODULE_CORE, &table, &size) == 0 ||
        size <= NVTX_CBID_CORE_RangePop)
        return 0;
    set(table, NVTX_CBID_CORE_RangePushA, pushPlain);
    set(table, NVTX_CBID_CORE_RangePushW, pushWide);
    set(table, NVTX_CBID_CORE_RangePop, popPlain);
    if (callbacks->GetModuleFunctionTable(NVTX_CB_MODULE_CORE2, &table, &size) == 0 ||
        size <= NVTX_CBID_CORE2_DomainCreateA)
        return 0;
    set(table, NVTX_CBID_CORE2_DomainCreateA, createDomain);
    set(table, NVTX_CBID_CORE2_DomainRegisterStringA, registerString);
    set(table, NVTX_CBID_CORE2_DomainRegisterStringW, registerWide);
    set(table, NVTX_CBID_CORE2_DomainRangePushEx, push);
    set(table, NVTX_CBID_CORE2_DomainRangePop, pop);
    set(table, NVTX_CBID_CORE2_DomainMarkEx, mark);
    set(table, NVTX_CBID_CORE2_DomainRangeStartEx, start);
    set(table, NVTX_CBID_CORE2_DomainRangeEnd, end);
    ++g_counts.attached;
    return 1;
}

int fakeCount(char what)
{
    switch (what) {
    case 'p':
        return g_counts.pushes;
    case 'q':
        return g_counts.pops;
    case 'm':
        return g_counts.marks;
    case 's':
        return g_counts.starts;
    case 'e':
        return g_counts.ends;
    case 'a':
        return g_counts.attached;
    case 'x':
        return g_counts.extended;
    case 'c':
        return g_counts.samples;
    case 'b':
        return g_counts.batches;
    default:
        return g_counts.strangers;
    }
}
}
