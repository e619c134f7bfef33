// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/event_of.h"

#include <bit>

#include "engine/base/clock.h"

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
    return event;
}

} // namespace vitrine::engine
