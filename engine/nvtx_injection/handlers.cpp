// SPDX-License-Identifier: GPL-3.0-or-later
// Each handler records the call and hands it on. Depths of ranges are the next tool's to tell.
#include "engine/nvtx_injection/handlers.h"

#include <string>
#include <string_view>

#include "engine/nvtx_injection/chain.h"
#include "engine/nvtx_injection/event_of.h"

namespace vitrine::engine {

namespace {

constexpr NvtxCallbackModule kCore = NVTX_CB_MODULE_CORE;
constexpr NvtxCallbackModule kCore2 = NVTX_CB_MODULE_CORE2;

/// Calls the next tool's function, if it wants the call; else gives `none`.
template<class Function, class None, class... Arguments>
auto passOn(NvtxCallbackModule module, std::size_t id, None none, Arguments... arguments)
    -> decltype(Function{}(arguments...))
{
    const auto function = Chain::next<Function>(module, id);
    return function != nullptr ? function(arguments...) : static_cast<decltype(function(arguments...))>(none);
}

template<class Function, class... Arguments>
void tell(NvtxCallbackModule module, std::size_t id, Arguments... arguments)
{
    if (const auto function = Chain::next<Function>(module, id); function != nullptr)
        function(arguments...);
}

std::string_view viewOf(const char* text)
{
    return text != nullptr ? std::string_view(text) : std::string_view();
}
std::string viewOf(const wchar_t* text)
{
    return narrow(text);
}

std::uint32_t domainOf(nvtxDomainHandle_t domain)
{
    return domain == nullptr ? 0 : Capture::instance().domainOf(domain);
}

/// `what`: a message, or attributes.
template<class What>
void mark(nvtxDomainHandle_t domain, What what)
{
    if (ThreadEvents* const events = Capture::recording())
        events->add(eventOf(NvtxRawKind::Mark, domainOf(domain), what, *events));
}

template<class What>
void push(nvtxDomainHandle_t domain, What what)
{
    if (ThreadEvents* const events = Capture::recording())
        events->push(eventOf(NvtxRawKind::Range, domainOf(domain), what, *events));
}

void pop(nvtxDomainHandle_t domain)
{
    if (ThreadEvents* const events = Capture::recording())
        events->pop(domainOf(domain), captureClock());
}

/// The next tool's number of the span, or one of ours.
template<class What>
nvtxRangeId_t startSpan(nvtxDomainHandle_t domain, What what, nvtxRangeId_t theirs)
{
    ThreadEvents* const events = Capture::recording();
    const nvtxRangeId_t id = theirs != 0 || events == nullptr ? theirs : Capture::instance().nextSpan();
    if (events != nullptr) {
        NvtxRawEvent event = eventOf(NvtxRawKind::SpanStart, domainOf(domain), what, *events);
        event.span = id;
        events->add(event);
    }
    return id;
}

void endSpan(nvtxDomainHandle_t domain, nvtxRangeId_t id)
{
    ThreadEvents* const events = Capture::recording();
    if (events == nullptr || id == 0)
        return;
    NvtxRawEvent event{};
    event.kind = NvtxRawKind::SpanEnd;
    event.domain = domainOf(domain);
    event.span = id;
    event.startNs = event.endNs = captureClock();
    events->add(event);
}

// CORE: the default domain

void NVTX_API markEx(const nvtxEventAttributes_t* attributes)
{
    mark(nullptr, attributes);
    tell<nvtxMarkEx_impl_fntype>(kCore, NVTX_CBID_CORE_MarkEx, attributes);
}
void NVTX_API markA(const char* message)
{
    mark(nullptr, viewOf(message));
    tell<nvtxMarkA_impl_fntype>(kCore, NVTX_CBID_CORE_MarkA, message);
}
void NVTX_API markW(const wchar_t* message)
{
    mark(nullptr, viewOf(message));
    tell<nvtxMarkW_impl_fntype>(kCore, NVTX_CBID_CORE_MarkW, message);
}
nvtxRangeId_t NVTX_API rangeStartEx(const nvtxEventAttributes_t* attributes)
{
    return startSpan(nullptr, attributes,
                     passOn<nvtxRangeStartEx_impl_fntype>(kCore, NVTX_CBID_CORE_RangeStartEx, 0, attributes));
}
nvtxRangeId_t NVTX_API rangeStartA(const char* message)
{
    return startSpan(nullptr, viewOf(message),
                     passOn<nvtxRangeStartA_impl_fntype>(kCore, NVTX_CBID_CORE_RangeStartA, 0, message));
}
nvtxRangeId_t NVTX_API rangeStartW(const wchar_t* message)
{
    return startSpan(nullptr, viewOf(message),
                     passOn<nvtxRangeStartW_impl_fntype>(kCore, NVTX_CBID_CORE_RangeStartW, 0, message));
}
void NVTX_API rangeEnd(nvtxRangeId_t id)
{
    endSpan(nullptr, id);
    tell<nvtxRangeEnd_impl_fntype>(kCore, NVTX_CBID_CORE_RangeEnd, id);
}
int NVTX_API rangePushEx(const nvtxEventAttributes_t* attributes)
{
    push(nullptr, attributes);
    return passOn<nvtxRangePushEx_impl_fntype>(kCore, NVTX_CBID_CORE_RangePushEx, NVTX_NO_PUSH_POP_TRACKING,
                                               attributes);
}
int NVTX_API rangePushA(const char* message)
{
    push(nullptr, viewOf(message));
    return passOn<nvtxRangePushA_impl_fntype>(kCore, NVTX_CBID_CORE_RangePushA, NVTX_NO_PUSH_POP_TRACKING,
                                              message);
}
int NVTX_API rangePushW(const wchar_t* message)
{
    push(nullptr, viewOf(message));
    return passOn<nvtxRangePushW_impl_fntype>(kCore, NVTX_CBID_CORE_RangePushW, NVTX_NO_PUSH_POP_TRACKING,
                                              message);
}
int NVTX_API rangePop()
{
    pop(nullptr);
    return passOn<nvtxRangePop_impl_fntype>(kCore, NVTX_CBID_CORE_RangePop, NVTX_NO_PUSH_POP_TRACKING);
}
void NVTX_API nameCategoryA(std::uint32_t category, const char* name)
{
    Capture::instance().nameCategory(0, category, viewOf(name));
    tell<nvtxNameCategoryA_impl_fntype>(kCore, NVTX_CBID_CORE_NameCategoryA, category, name);
}
void NVTX_API nameCategoryW(std::uint32_t category, const wchar_t* name)
{
    Capture::instance().nameCategory(0, category, viewOf(name));
    tell<nvtxNameCategoryW_impl_fntype>(kCore, NVTX_CBID_CORE_NameCategoryW, category, name);
}
void NVTX_API nameThreadA(std::uint32_t thread, const char* name)
{
    Capture::instance().nameThread(thread, viewOf(name));
    tell<nvtxNameOsThreadA_impl_fntype>(kCore, NVTX_CBID_CORE_NameOsThreadA, thread, name);
}
void NVTX_API nameThreadW(std::uint32_t thread, const wchar_t* name)
{
    Capture::instance().nameThread(thread, viewOf(name));
    tell<nvtxNameOsThreadW_impl_fntype>(kCore, NVTX_CBID_CORE_NameOsThreadW, thread, name);
}

// CORE2: domains

void NVTX_API domainMarkEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* attributes)
{
    mark(domain, attributes);
    tell<nvtxDomainMarkEx_impl_fntype>(kCore2, NVTX_CBID_CORE2_DomainMarkEx, domain, attributes);
}
nvtxRangeId_t NVTX_API domainRangeStartEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* attributes)
{
    return startSpan(domain, attributes,
                     passOn<nvtxDomainRangeStartEx_impl_fntype>(kCore2, NVTX_CBID_CORE2_DomainRangeStartEx, 0,
                                                                domain, attributes));
}
void NVTX_API domainRangeEnd(nvtxDomainHandle_t domain, nvtxRangeId_t id)
{
    endSpan(domain, id);
    tell<nvtxDomainRangeEnd_impl_fntype>(kCore2, NVTX_CBID_CORE2_DomainRangeEnd, domain, id);
}
int NVTX_API domainRangePushEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* attributes)
{
    push(domain, attributes);
    return passOn<nvtxDomainRangePushEx_impl_fntype>(kCore2, NVTX_CBID_CORE2_DomainRangePushEx,
                                                     NVTX_NO_PUSH_POP_TRACKING, domain, attributes);
}
int NVTX_API domainRangePop(nvtxDomainHandle_t domain)
{
    pop(domain);
    return passOn<nvtxDomainRangePop_impl_fntype>(kCore2, NVTX_CBID_CORE2_DomainRangePop,
                                                  NVTX_NO_PUSH_POP_TRACKING, domain);
}
void NVTX_API domainNameCategoryA(nvtxDomainHandle_t domain, std::uint32_t category, const char* name)
{
    Capture::instance().nameCategory(domainOf(domain), category, viewOf(name));
    tell<nvtxDomainNameCategoryA_impl_fntype>(kCore2, NVTX_CBID_CORE2_DomainNameCategoryA, domain, category,
                                              name);
}
void NVTX_API domainNameCategoryW(nvtxDomainHandle_t domain, std::uint32_t category, const wchar_t* name)
{
    Capture::instance().nameCategory(domainOf(domain), category, viewOf(name));
    tell<nvtxDomainNameCategoryW_impl_fntype>(kCore2, NVTX_CBID_CORE2_DomainNameCategoryW, domain, category,
                                              name);
}

// Where the next tool makes handles, callers get its own; where it makes none although it could, they get
// none.

template<class Function, class Character>
nvtxStringHandle_t registerString(std::size_t id, nvtxDomainHandle_t domain, const Character* text)
{
    const auto next = Chain::next<Function>(kCore2, id);
    const nvtxStringHandle_t theirs = next != nullptr ? next(domain, text) : nullptr;
    if (next != nullptr && theirs == nullptr)
        return nullptr;
    const void* const handle = Capture::instance().addString(viewOf(text), theirs);
    return static_cast<nvtxStringHandle_t>(const_cast<void*>(handle));
}
nvtxStringHandle_t NVTX_API domainRegisterStringA(nvtxDomainHandle_t domain, const char* text)
{
    return registerString<nvtxDomainRegisterStringA_impl_fntype>(NVTX_CBID_CORE2_DomainRegisterStringA,
                                                                 domain, text);
}
nvtxStringHandle_t NVTX_API domainRegisterStringW(nvtxDomainHandle_t domain, const wchar_t* text)
{
    return registerString<nvtxDomainRegisterStringW_impl_fntype>(NVTX_CBID_CORE2_DomainRegisterStringW,
                                                                 domain, text);
}

template<class Function, class Character>
nvtxDomainHandle_t createDomain(std::size_t id, const Character* name)
{
    const auto next = Chain::next<Function>(kCore2, id);
    const nvtxDomainHandle_t theirs = next != nullptr ? next(name) : nullptr;
    if (next != nullptr && theirs == nullptr)
        return nullptr;
    const void* const handle = Capture::instance().addDomain(viewOf(name), theirs);
    return static_cast<nvtxDomainHandle_t>(const_cast<void*>(handle));
}
nvtxDomainHandle_t NVTX_API domainCreateA(const char* name)
{
    return createDomain<nvtxDomainCreateA_impl_fntype>(NVTX_CBID_CORE2_DomainCreateA, name);
}
nvtxDomainHandle_t NVTX_API domainCreateW(const wchar_t* name)
{
    return createDomain<nvtxDomainCreateW_impl_fntype>(NVTX_CBID_CORE2_DomainCreateW, name);
}

template<class Function>
void set(NvtxFunctionTable table, unsigned size, unsigned id, Function function)
{
    if (id < size && table[id] != nullptr)
        *table[id] = reinterpret_cast<NvtxFunctionPointer>(function);
}

} // namespace

void installCore(NvtxFunctionTable table, unsigned size)
{
    set(table, size, NVTX_CBID_CORE_MarkEx, markEx);
    set(table, size, NVTX_CBID_CORE_MarkA, markA);
    set(table, size, NVTX_CBID_CORE_MarkW, markW);
    set(table, size, NVTX_CBID_CORE_RangeStartEx, rangeStartEx);
    set(table, size, NVTX_CBID_CORE_RangeStartA, rangeStartA);
    set(table, size, NVTX_CBID_CORE_RangeStartW, rangeStartW);
    set(table, size, NVTX_CBID_CORE_RangeEnd, rangeEnd);
    set(table, size, NVTX_CBID_CORE_RangePushEx, rangePushEx);
    set(table, size, NVTX_CBID_CORE_RangePushA, rangePushA);
    set(table, size, NVTX_CBID_CORE_RangePushW, rangePushW);
    set(table, size, NVTX_CBID_CORE_RangePop, rangePop);
    set(table, size, NVTX_CBID_CORE_NameCategoryA, nameCategoryA);
    set(table, size, NVTX_CBID_CORE_NameCategoryW, nameCategoryW);
    set(table, size, NVTX_CBID_CORE_NameOsThreadA, nameThreadA);
    set(table, size, NVTX_CBID_CORE_NameOsThreadW, nameThreadW);
}

void installCore2(NvtxFunctionTable table, unsigned size)
{
    Chain::instance().passOn(kCore2, table, size); // resources, destruction
    set(table, size, NVTX_CBID_CORE2_DomainMarkEx, domainMarkEx);
    set(table, size, NVTX_CBID_CORE2_DomainRangeStartEx, domainRangeStartEx);
    set(table, size, NVTX_CBID_CORE2_DomainRangeEnd, domainRangeEnd);
    set(table, size, NVTX_CBID_CORE2_DomainRangePushEx, domainRangePushEx);
    set(table, size, NVTX_CBID_CORE2_DomainRangePop, domainRangePop);
    set(table, size, NVTX_CBID_CORE2_DomainNameCategoryA, domainNameCategoryA);
    set(table, size, NVTX_CBID_CORE2_DomainNameCategoryW, domainNameCategoryW);
    set(table, size, NVTX_CBID_CORE2_DomainRegisterStringA, domainRegisterStringA);
    set(table, size, NVTX_CBID_CORE2_DomainRegisterStringW, domainRegisterStringW);
    set(table, size, NVTX_CBID_CORE2_DomainCreateA, domainCreateA);
    set(table, size, NVTX_CBID_CORE2_DomainCreateW, domainCreateW);
}

} // namespace vitrine::engine
