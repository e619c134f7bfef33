// SPDX-License-Identifier: GPL-3.0-or-later
// Each handler records the call and hands it on, as those of the core do (handlers.cpp).
#include "engine/nvtx_injection/extension.h"

#include "engine/nvtx_injection/chain.h"

#ifdef VITRINE_NVTX_EXTENSIONS

#include <bit>
#include <optional>
#include <span>

#include "engine/nvtx_injection/deferred.h"
#include "engine/nvtx_injection/event_of.h"
#include "engine/nvtx_injection/extension_calls.h"

namespace vitrine::engine {

namespace {

constexpr ExtensionModule kPayload = ExtensionModule::Payload;
constexpr ExtensionModule kCounters = ExtensionModule::Counters;

using Payloads = const nvtxPayloadData_t*;

std::span<const nvtxPayloadData_t> listOf(Payloads payloads, std::size_t count)
{
    return {payloads, payloads != nullptr ? count : 0};
}

std::uint64_t registerSchema(nvtxDomainHandle_t domain, const nvtxPayloadSchemaAttr_t* attributes)
{
    const auto theirs =
        passOn(kPayload, NVTX3EXT_CBID_nvtxPayloadSchemaRegister, std::uint64_t{0}, domain, attributes);
    return attributes != nullptr ? Extension::instance().schemas.add(domainOf(domain), *attributes, theirs)
                                 : theirs;
}
std::uint64_t registerEnum(nvtxDomainHandle_t domain, const nvtxPayloadEnumAttr_t* attributes)
{
    const auto theirs =
        passOn(kPayload, NVTX3EXT_CBID_nvtxPayloadEnumRegister, std::uint64_t{0}, domain, attributes);
    return attributes != nullptr ? Extension::instance().schemas.add(domainOf(domain), *attributes, theirs)
                                 : theirs;
}

void markPayload(nvtxDomainHandle_t domain, Payloads payloads, std::size_t count)
{
    if (ThreadEvents* const events = Capture::recording())
        events->add(eventOf(NvtxRawKind::Mark, domainOf(domain), listOf(payloads, count), *events));
    tell(kPayload, NVTX3EXT_CBID_nvtxMarkPayload, domain, payloads, count);
}
int pushPayload(nvtxDomainHandle_t domain, Payloads payloads, std::size_t count)
{
    if (ThreadEvents* const events = Capture::recording())
        events->push(eventOf(NvtxRawKind::Range, domainOf(domain), listOf(payloads, count), *events));
    return passOn(kPayload, NVTX3EXT_CBID_nvtxRangePushPayload, int{NVTX_NO_PUSH_POP_TRACKING}, domain,
                  payloads, count);
}
int popPayload(nvtxDomainHandle_t domain, Payloads payloads, std::size_t count)
{
    if (ThreadEvents* const events = Capture::recording()) {
        const std::int64_t now = captureClock();
        const NvtxRawEvent last =
            eventOf(NvtxRawKind::Range, domainOf(domain), listOf(payloads, count), *events);
        events->pop(last.domain, now, &last);
    }
    return passOn(kPayload, NVTX3EXT_CBID_nvtxRangePopPayload, int{NVTX_NO_PUSH_POP_TRACKING}, domain,
                  payloads, count);
}
nvtxRangeId_t startPayload(nvtxDomainHandle_t domain, Payloads payloads, std::size_t count)
{
    const auto theirs =
        passOn(kPayload, NVTX3EXT_CBID_nvtxRangeStartPayload, nvtxRangeId_t{0}, domain, payloads, count);
    ThreadEvents* const events = Capture::recording();
    if (events == nullptr)
        return theirs;
    NvtxRawEvent event = eventOf(NvtxRawKind::SpanStart, domainOf(domain), listOf(payloads, count), *events);
    event.span = theirs != 0 ? theirs : Capture::instance().nextSpan();
    events->add(event);
    return event.span;
}
void endPayload(nvtxDomainHandle_t domain, nvtxRangeId_t id, Payloads payloads, std::size_t count)
{
    if (ThreadEvents* const events = Capture::recording(); events != nullptr && id != 0) {
        NvtxRawEvent event =
            eventOf(NvtxRawKind::SpanEnd, domainOf(domain), listOf(payloads, count), *events);
        event.span = id;
        events->add(event);
    }
    tell(kPayload, NVTX3EXT_CBID_nvtxRangeEndPayload, domain, id, payloads, count);
}
/// Who asks once only must not be told "no" before the recording begins.
std::uint8_t isEnabled(nvtxDomainHandle_t /*domain*/)
{
    return 1;
}

std::uint64_t registerCounter(nvtxDomainHandle_t domain, const nvtxCounterAttr_t* attributes)
{
    const auto theirs =
        passOn(kCounters, NVTX3EXT_CBID_nvtxCounterRegister, std::uint64_t{0}, domain, attributes);
    Extension& extension = Extension::instance();
    return attributes != nullptr
               ? extension.counters.add(domainOf(domain), *attributes, extension.schemas, theirs)
               : theirs;
}

void addSample(ThreadEvents& events, std::uint32_t domain, const Counter& counter, PayloadNumber value)
{
    NvtxRawEvent event{};
    event.kind = NvtxRawKind::Counter;
    event.domain = domain;
    event.message = counter.name;
    event.span = counter.unit;
    event.startNs = event.endNs = captureClock();
    event.payloadKind = value.kind;
    event.payload = value.bits;
    events.add(event);
}

/// A value that is given as it is: of the first counter of a group.
void sample(nvtxDomainHandle_t domain, std::uint64_t id, PayloadNumber value)
{
    ThreadEvents* const events = Capture::recording();
    const std::uint32_t number = events != nullptr ? domainOf(domain) : 0;
    const auto* const group = events != nullptr ? Extension::instance().counters.find(number, id) : nullptr;
    if (group != nullptr)
        addSample(*events, number, group->front(), value);
}

void sampleInt64(nvtxDomainHandle_t domain, std::uint64_t id, std::int64_t value)
{
    sample(domain, id, {NvtxRawPayload::Signed, static_cast<std::uint64_t>(value)});
    tell(kCounters, NVTX3EXT_CBID_nvtxCounterSampleInt64, domain, id, value);
}
void sampleFloat64(nvtxDomainHandle_t domain, std::uint64_t id, double value)
{
    sample(domain, id, {NvtxRawPayload::Real, std::bit_cast<std::uint64_t>(value)});
    tell(kCounters, NVTX3EXT_CBID_nvtxCounterSampleFloat64, domain, id, value);
}
void sampleNone(nvtxDomainHandle_t domain, std::uint64_t id, std::uint8_t reason)
{
    if (reason == NVTX_COUNTER_SAMPLE_ZERO)
        sample(domain, id, {NvtxRawPayload::Signed, 0});
    tell(kCounters, NVTX3EXT_CBID_nvtxCounterSampleNoValue, domain, id, reason);
}
void sampleGroup(nvtxDomainHandle_t domain, std::uint64_t id, const void* values, std::size_t size)
{
    ThreadEvents* const events = Capture::recording();
    const std::uint32_t number = events != nullptr ? domainOf(domain) : 0;
    const auto* const group = events != nullptr ? Extension::instance().counters.find(number, id) : nullptr;
    const PayloadBytes bytes(static_cast<const std::byte*>(values), values != nullptr ? size : 0);
    for (std::size_t i = 0; group != nullptr && i < group->size(); ++i) {
        const Counter& counter = (*group)[i];
        if (counter.at > bytes.size())
            continue;
        if (const auto value = readNumber(counter.type, bytes.subspan(counter.at)))
            addSample(*events, number, counter, *value);
    }
    tell(kCounters, NVTX3EXT_CBID_nvtxCounterSample, domain, id, values, size);
}

void installPayload(nvtxExtModuleSegment_t& segment)
{
    setSlot(segment, NVTX3EXT_CBID_nvtxPayloadSchemaRegister, registerSchema);
    setSlot(segment, NVTX3EXT_CBID_nvtxPayloadEnumRegister, registerEnum);
    setSlot(segment, NVTX3EXT_CBID_nvtxMarkPayload, markPayload);
    setSlot(segment, NVTX3EXT_CBID_nvtxRangePushPayload, pushPayload);
    setSlot(segment, NVTX3EXT_CBID_nvtxRangePopPayload, popPayload);
    setSlot(segment, NVTX3EXT_CBID_nvtxRangeStartPayload, startPayload);
    setSlot(segment, NVTX3EXT_CBID_nvtxRangeEndPayload, endPayload);
    setSlot(segment, NVTX3EXT_CBID_nvtxDomainIsEnabled, isEnabled);
    installDeferred(segment);
}

void installCounters(nvtxExtModuleSegment_t& segment)
{
    setSlot(segment, NVTX3EXT_CBID_nvtxCounterRegister, registerCounter);
    setSlot(segment, NVTX3EXT_CBID_nvtxCounterSampleInt64, sampleInt64);
    setSlot(segment, NVTX3EXT_CBID_nvtxCounterSampleFloat64, sampleFloat64);
    setSlot(segment, NVTX3EXT_CBID_nvtxCounterSample, sampleGroup);
    setSlot(segment, NVTX3EXT_CBID_nvtxCounterSampleNoValue, sampleNone);
}

bool sameGeneration(std::uint16_t theirs, unsigned ours)
{
    return theirs >> 8U == ours >> 8U;
}

/// Which of the captured modules, in a layout that is known here.
std::optional<ExtensionModule> moduleOf(const nvtxExtModuleInfo_t& info)
{
    if (info.nvtxVer != NVTX_VERSION || info.structSize < sizeof info || info.segmentsCount == 0 ||
        info.segments == nullptr)
        return {};
    if (info.moduleId == NVTX_EXT_PAYLOAD_MODULEID &&
        sameGeneration(info.compatId, NVTX_EXT_PAYLOAD_COMPATID))
        return kPayload;
    if (info.moduleId == NVTX_EXT_COUNTERS_MODULEID &&
        sameGeneration(info.compatId, NVTX_EXT_COUNTERS_COMPATID))
        return kCounters;
    return {};
}

} // namespace

Extension& Extension::instance()
{
    static auto* const extension = new Extension; // as long as the process
    return *extension;
}

int installExtension(void* moduleInfo)
{
    const auto* const info = static_cast<const nvtxExtModuleInfo_t*>(moduleInfo);
    const std::optional<ExtensionModule> module =
        info != nullptr ? moduleOf(*info) : std::optional<ExtensionModule>();
    if (!module)
        return Chain::instance().extend(moduleInfo);
    ExtensionSlots::load(*module, *info);
    nvtxExtModuleSegment_t& segment = info->segments[0];
    if (*module == kPayload)
        installPayload(segment);
    else
        installCounters(segment);
    ExtensionSlots::passOn(*module, segment);
    return 1;
}

} // namespace vitrine::engine

#else

namespace vitrine::engine {

int installExtension(void* moduleInfo)
{
    return Chain::instance().extend(moduleInfo);
}

} // namespace vitrine::engine

#endif
