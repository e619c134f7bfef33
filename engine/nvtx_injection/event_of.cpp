// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/event_of.h"

#include <bit>

#include "engine/base/clock.h"
#ifdef VITRINE_NVTX_EXTENSIONS
#include "engine/nvtx_injection/extension.h"
#include "engine/nvtx_injection/payload_decoder.h"
#endif

namespace vitrine::engine {

namespace {

NvtxRawEvent bareEvent(NvtxRawKind kind, std::uint32_t domain)
{
    NvtxRawEvent event{};
    event.kind = kind;
    event.domain = domain;
    event.startNs = event.endNs = captureClock();
    return event;
}

std::uint32_t messageOf(const nvtxEventAttributes_t& attributes, ThreadEvents& events)
{
    Capture& capture = Capture::instance();
    switch (attributes.messageType) {
    case NVTX_MESSAGE_TYPE_REGISTERED:
        return capture.registeredText(attributes.message.registered);
    case NVTX_MESSAGE_TYPE_ASCII:
        return attributes.message.ascii != nullptr ? capture.textOf(events, attributes.message.ascii) : 0;
    case NVTX_MESSAGE_TYPE_UNICODE:
        return capture.textOf(events, narrow(attributes.message.unicode));
    default:
        return 0;
    }
}

void setPayload(const nvtxEventAttributes_t& attributes, NvtxRawEvent& event)
{
    const auto set = [&event](NvtxRawPayload kind, std::uint64_t bits) {
        event.payloadKind = kind;
        event.payload = bits;
    };
    const auto& payload = attributes.payload;
    switch (attributes.payloadType) {
    case NVTX_PAYLOAD_TYPE_UNSIGNED_INT64:
        return set(NvtxRawPayload::Unsigned, payload.ullValue);
    case NVTX_PAYLOAD_TYPE_INT64:
        return set(NvtxRawPayload::Signed, static_cast<std::uint64_t>(payload.llValue));
    case NVTX_PAYLOAD_TYPE_DOUBLE:
        return set(NvtxRawPayload::Real, std::bit_cast<std::uint64_t>(payload.dValue));
    case NVTX_PAYLOAD_TYPE_UNSIGNED_INT32:
        return set(NvtxRawPayload::Unsigned, payload.uiValue);
    case NVTX_PAYLOAD_TYPE_INT32:
        return set(NvtxRawPayload::Signed,
                   static_cast<std::uint64_t>(static_cast<std::int64_t>(payload.iValue)));
    case NVTX_PAYLOAD_TYPE_FLOAT:
        return set(NvtxRawPayload::Real, std::bit_cast<std::uint64_t>(double{payload.fValue}));
    default:
        return;
    }
}

#ifdef VITRINE_NVTX_EXTENSIONS
const char* registeredText(const void* handle)
{
    const Capture& capture = Capture::instance();
    return capture.text(capture.registeredText(handle));
}

void addPayloads(std::span<const nvtxPayloadData_t> payloads, NvtxRawEvent& event, ThreadEvents& events)
{
    PayloadDecoder decoder(Extension::instance().schemas, event.domain, registeredText);
    const DecodedPayload decoded = decoder.decode(payloads);
    if (!decoded.message.empty())
        event.message = Capture::instance().textOf(events, decoded.message);
    if (decoded.category != 0)
        event.category = decoded.category;
    event.payloadKind = decoded.number.kind;
    event.payload = decoded.number.bits;
    event.detail = Capture::instance().payloadTexts().keep(decoded.text);
}

/// The count stands where NVTX once had nothing.
std::span<const nvtxPayloadData_t> payloadsOf(const nvtxEventAttributes_t& attributes)
{
    const auto* const payloads =
        reinterpret_cast<const nvtxPayloadData_t*>(static_cast<std::uintptr_t>(attributes.payload.ullValue));
    if (attributes.payloadType != NVTX_PAYLOAD_TYPE_EXT || payloads == nullptr || attributes.reserved0 <= 0)
        return {};
    return {payloads, static_cast<std::size_t>(attributes.reserved0)};
}
#endif

} // namespace

std::int64_t captureClock()
{
    return nowNs();
}

NvtxRawEvent eventOf(NvtxRawKind kind, std::uint32_t domain, std::string_view message, ThreadEvents& events)
{
    NvtxRawEvent event = bareEvent(kind, domain);
    event.message = Capture::instance().textOf(events, message);
    return event;
}

NvtxRawEvent eventOf(NvtxRawKind kind, std::uint32_t domain, const nvtxEventAttributes_t* attributes,
                     ThreadEvents& events)
{
    NvtxRawEvent event = bareEvent(kind, domain);
    if (attributes == nullptr)
        return event;
    event.category = attributes->category;
    event.message = messageOf(*attributes, events);
    setPayload(*attributes, event);
#ifdef VITRINE_NVTX_EXTENSIONS
    if (const auto payloads = payloadsOf(*attributes); !payloads.empty())
        addPayloads(payloads, event, events);
#endif
    return event;
}

#ifdef VITRINE_NVTX_EXTENSIONS
NvtxRawEvent eventOf(NvtxRawKind kind, std::uint32_t domain, std::span<const nvtxPayloadData_t> payloads,
                     ThreadEvents& events)
{
    NvtxRawEvent event = bareEvent(kind, domain);
    addPayloads(payloads, event, events);
    return event;
}
#endif

} // namespace vitrine::engine
