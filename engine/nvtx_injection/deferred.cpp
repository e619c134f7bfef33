// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/deferred.h"

#include <optional>
#include <span>

#include "engine/nvtx_injection/event_of.h"
#include "engine/nvtx_injection/extension.h"
#include "engine/nvtx_injection/extension_calls.h"

namespace vitrine::engine {

namespace {

constexpr ExtensionModule kPayload = ExtensionModule::Payload;
// Fields of an entry's flags that hold one of several values.
constexpr std::uint64_t kMeanings = NVTX_PAYLOAD_ENTRY_FLAG_EVENT_MESSAGE | NVTX_PAYLOAD_ENTRY_FLAG_TIMESTAMP;
constexpr std::uint64_t kEventKinds = NVTX_PAYLOAD_ENTRY_FLAG_MARK | NVTX_PAYLOAD_ENTRY_FLAG_COUNTER;

std::int64_t getTimestamp()
{
    return passOn(kPayload, NVTX3EXT_CBID_nvtxTimestampGet, captureClock());
}

/// No other tool answers in our place.
bool toolIsOurs()
{
    return ExtensionSlots::next<std::int64_t (*)()>(kPayload, NVTX3EXT_CBID_nvtxTimestampGet) == nullptr;
}

std::uint64_t registerTimeDomain(nvtxDomainHandle_t domain, const nvtxTimeDomainAttr_t* attributes)
{
    const auto theirs =
        passOn(kPayload, NVTX3EXT_CBID_nvtxTimeDomainRegister, std::uint64_t{0}, domain, attributes);
    return attributes != nullptr ? Extension::instance().clocks.add(domainOf(domain), *attributes, theirs)
                                 : theirs;
}

struct Times
{
    std::optional<std::int64_t> beginNs, endNs;
};

std::optional<std::int64_t> timeOf(std::uint32_t domain, const PayloadEntry& entry, PayloadBytes bytes)
{
    if (entry.at > bytes.size() || !Extension::instance().clocks.isOurs(domain, entry.clock, toolIsOurs()))
        return {};
    const std::optional<PayloadNumber> number = readNumber(entry.type, bytes.subspan(entry.at));
    if (!number || number->kind == NvtxRawPayload::Real)
        return {};
    return static_cast<std::int64_t>(number->bits);
}

/// Those that stand at places that do not depend on the data.
void addTimes(std::uint32_t domain, const nvtxPayloadData_t& payload, Times& times)
{
    const PayloadSchema* const schema = Extension::instance().schemas.find(domain, payload.schemaId);
    if (schema == nullptr || schema->layout.size == 0 || payload.payload == nullptr)
        return;
    const PayloadBytes bytes(static_cast<const std::byte*>(payload.payload), payload.size);
    for (const PayloadEntry& entry : schema->entries) {
        if ((entry.flags & kMeanings) != NVTX_PAYLOAD_ENTRY_FLAG_TIMESTAMP)
            continue;
        const std::optional<std::int64_t> time = timeOf(domain, entry, bytes);
        const std::uint64_t kind = entry.flags & kEventKinds;
        if (kind == NVTX_PAYLOAD_ENTRY_FLAG_RANGE_END)
            times.endNs = time;
        else if (kind != NVTX_PAYLOAD_ENTRY_FLAG_COUNTER)
            times.beginNs = time;
    }
}

/// Of anybody's word: not before the beginning of the clock, and not in times to come.
bool arePossible(const Times& times, std::int64_t now)
{
    return times.beginNs && *times.beginNs > 0 && *times.beginNs <= times.endNs.value_or(*times.beginNs) &&
           times.endNs.value_or(*times.beginNs) <= now;
}

void add(ThreadEvents& events, std::uint32_t domain, std::span<const nvtxPayloadData_t> payloads)
{
    Times times;
    for (const nvtxPayloadData_t& payload : payloads)
        addTimes(domain, payload, times);
    if (!arePossible(times, captureClock()))
        return;
    NvtxRawEvent event = eventOf(NvtxRawKind::Mark, domain, payloads, events);
    event.startNs = event.endNs = *times.beginNs;
    if (!times.endNs) {
        events.add(event);
        return;
    }
    event.kind = NvtxRawKind::SpanStart;
    event.span = Capture::instance().nextSpan();
    events.add(event);
    NvtxRawEvent end{};
    end.kind = NvtxRawKind::SpanEnd;
    end.domain = domain;
    end.span = event.span;
    end.startNs = end.endNs = *times.endNs;
    events.add(end);
}

void submit(nvtxDomainHandle_t domain, const nvtxPayloadData_t* payloads, std::size_t count)
{
    if (ThreadEvents* const events = Capture::recording(); events != nullptr && payloads != nullptr)
        add(*events, domainOf(domain), {payloads, count});
    tell(kPayload, NVTX3EXT_CBID_nvtxEventSubmit, domain, payloads, count);
}

void submitBatch(nvtxDomainHandle_t domain, const nvtxEventBatch_t* batch)
{
    ThreadEvents* const events = Capture::recording();
    if (events != nullptr && batch != nullptr && batch->events != nullptr) {
        const std::uint32_t number = domainOf(domain);
        const PayloadSchema* const schema = Extension::instance().schemas.find(number, batch->eventSchemaId);
        const std::size_t size = schema != nullptr ? schema->layout.size : 0;
        const auto* const first = static_cast<const std::byte*>(batch->events);
        for (std::size_t at = 0; size > 0 && batch->size - at >= size; at += size) {
            const nvtxPayloadData_t one{batch->eventSchemaId, size, first + at};
            add(*events, number, {&one, 1});
        }
    }
    tell(kPayload, NVTX3EXT_CBID_nvtxEventBatchSubmit, domain, batch);
}

} // namespace

void installDeferred(nvtxExtModuleSegment_t& segment)
{
    setSlot(segment, NVTX3EXT_CBID_nvtxTimestampGet, getTimestamp);
    setSlot(segment, NVTX3EXT_CBID_nvtxTimeDomainRegister, registerTimeDomain);
    setSlot(segment, NVTX3EXT_CBID_nvtxEventSubmit, submit);
    setSlot(segment, NVTX3EXT_CBID_nvtxEventBatchSubmit, submitBatch);
}

} // namespace vitrine::engine
