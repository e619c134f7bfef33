// SPDX-License-Identifier: GPL-3.0-or-later
// A library that knows nothing of the engine and tells NVTX what it does, in a domain of its own.
#include <cstdint>

#include <nvtx3/nvToolsExt.h>

namespace {

struct Other
{
    Other()
    {
        nvtxDomainNameCategoryA(domain, 7, "copies");
        nvtxDomainNameCategoryW(domain, 8, L"größe");
    }
    nvtxDomainHandle_t domain = nvtxDomainCreateA("other");
    nvtxStringHandle_t inner = nvtxDomainRegisterStringA(domain, "inner");
    nvtxStringHandle_t wide = nvtxDomainRegisterStringW(domain, L"weite \U0001F600");
};

const Other& other()
{
    static const Other other;
    return other;
}

nvtxEventAttributes_t attributes()
{
    nvtxEventAttributes_t attributes{};
    attributes.version = NVTX_VERSION;
    attributes.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
    return attributes;
}

nvtxEventAttributes_t named(const char* message, double payload)
{
    nvtxEventAttributes_t event = attributes();
    event.category = 7;
    event.messageType = NVTX_MESSAGE_TYPE_ASCII;
    event.message.ascii = message;
    event.payloadType = NVTX_PAYLOAD_TYPE_DOUBLE;
    event.payload.dValue = payload;
    return event;
}

nvtxEventAttributes_t registered(nvtxStringHandle_t message, std::int32_t payload)
{
    nvtxEventAttributes_t event = attributes();
    event.category = 9; // without a name
    event.messageType = NVTX_MESSAGE_TYPE_REGISTERED;
    event.message.registered = message;
    event.payloadType = NVTX_PAYLOAD_TYPE_INT32;
    event.payload.iValue = payload;
    return event;
}

} // namespace

extern "C" {

/// An outer range of the domain, in it `inner` ranges, in each a mark.
void otherWork(int inner)
{
    const nvtxEventAttributes_t outer = named("outer", 2.5);
    nvtxDomainRangePushEx(other().domain, &outer);
    for (int i = 0; i < inner; ++i) {
        const nvtxEventAttributes_t event = registered(other().inner, -i);
        nvtxDomainRangePushEx(other().domain, &event);
        const nvtxEventAttributes_t mark = named("mark", i);
        nvtxDomainMarkEx(other().domain, &mark);
        nvtxDomainRangePop(other().domain);
    }
    nvtxDomainRangePop(other().domain);
}

/// The default domain, and all that is wide.
void otherPlain()
{
    nvtxRangePushA("plain");
    nvtxRangePushW(L"plain \u00e4");
    nvtxMarkA("point");
    nvtxMarkW(L"point \u00e4");
    nvtxRangePop();
    nvtxRangePop();
    nvtxEventAttributes_t event = registered(other().wide, 1);
    event.category = 8;
    nvtxDomainMarkEx(other().domain, &event);
}

/// Ranges of two domains, the outer one ending first.
void otherCrossed()
{
    const nvtxEventAttributes_t event = named("crossed", 0);
    nvtxDomainRangePushEx(other().domain, &event);
    nvtxRangePushA("across");
    nvtxDomainRangePop(other().domain);
    nvtxRangePop();
}

void otherPush()
{
    nvtxRangePushA("open");
}
void otherPop()
{
    nvtxRangePop();
}

std::uint64_t otherStart()
{
    const nvtxEventAttributes_t event = named("span", 1);
    return nvtxDomainRangeStartEx(other().domain, &event);
}
void otherEnd(std::uint64_t id)
{
    nvtxDomainRangeEnd(other().domain, id);
}

void otherNameThread(std::uint32_t thread)
{
    nvtxNameOsThreadA(thread, "worker");
}
}
