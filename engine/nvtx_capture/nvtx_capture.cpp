// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_capture/nvtx_capture.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <dlfcn.h>

#include "engine/base/clock.h"
#include "engine/base/program_library.h"
#include "engine/nvtx_injection/capture_interface.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

constexpr const char* kVariable = "NVTX_INJECTION64_PATH";
constexpr const char* kLibrary = "libvitrine_nvtx.so";
constexpr std::size_t kMostOpenSpans = 65'536;

Result<const CaptureInterface*> openLibrary(const std::string& path)
{
    using Find = const CaptureInterface* (*)();
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_NODELETE);
    if (library == nullptr)
        return internalError("NVTX ranges cannot be captured: " + std::string(::dlerror()));
    const auto find = reinterpret_cast<Find>(::dlsym(library, kCaptureSymbol));
    const CaptureInterface* const found = find != nullptr ? find() : nullptr;
    if (found == nullptr || found->version != kCaptureVersion)
        return internalError("NVTX ranges cannot be captured: " + path + " is of another version");
    return found;
}

NvtxKind kindOf(NvtxRawKind kind)
{
    switch (kind) {
    case NvtxRawKind::Range:
        return NvtxKind::Range;
    case NvtxRawKind::Mark:
        return NvtxKind::Mark;
    case NvtxRawKind::Counter:
        return NvtxKind::Counter;
    case NvtxRawKind::SpanStart:
    case NvtxRawKind::SpanEnd:
        break;
    }
    return NvtxKind::Span;
}

/// From now on whoever calls NVTX for the first time reaches the library, and it the tool that was named.
void nameInjection(const std::string& path)
{
    const char* const before = std::getenv(kVariable);
    if (before != nullptr && before != path)
        ::setenv(kNextInjectionVariable, before, 1);
    ::setenv(kVariable, path.c_str(), 1);
}

} // namespace

Result<NvtxCapture> NvtxCapture::attach(std::shared_ptr<NvtxNames> names)
{
    if (!nvtxBuiltIn())
        return invalidArgument("NVTX ranges cannot be captured: this program was built without NVTX");
    const std::string path = programLibrary(kLibrary);
    if (path.empty())
        return badInput(std::string("NVTX ranges cannot be captured: ") + kLibrary +
                        " is not beside the program");
    Result<const CaptureInterface*> library = openLibrary(path);
    if (!library)
        return library.error();
    nameInjection(path);
    nvtxInitialise();
    if ((*library)->units() == 0)
        return internalError("NVTX ranges cannot be captured: they were in use before");
    return NvtxCapture(*library, names ? std::move(names) : std::make_shared<NvtxNames>());
}

void NvtxCapture::start(std::size_t eventsOfThread)
{
    m_open.clear();
    m_ends.clear();
    m_lostSpans = 0;
    m_running = true;
    m_library->start(eventsOfThread);
}

void NvtxCapture::stop()
{
    if (!m_running)
        return;
    m_library->stop();
    m_stoppedNs = nowNs();
    m_running = false;
}

bool NvtxCapture::chained() const
{
    return m_library->chained() != 0;
}

std::uint64_t NvtxCapture::dropped() const
{
    return m_library->dropped() + m_lostSpans;
}

std::vector<NvtxEvent> NvtxCapture::take()
{
    struct Taking
    {
        NvtxCapture& capture;
        std::vector<NvtxEvent> events;
    };
    Taking taking{*this, {}};
    m_library->drain(&taking, [](void* into, const NvtxRawEvent* event, const char* detail) {
        auto& to = *static_cast<Taking*>(into);
        to.capture.take(*event, detail, to.events);
    });
    pairSpans(taking.events);
    if (!m_running)
        endOpenSpans(taking.events);
    return std::move(taking.events);
}

void NvtxCapture::take(const NvtxRawEvent& raw, const char* detail, std::vector<NvtxEvent>& out)
{
    const SpanKey key{raw.domain, raw.span};
    if (raw.kind == NvtxRawKind::SpanEnd)
        m_ends.insert_or_assign(key, eventOf(raw, detail));
    else if (raw.kind == NvtxRawKind::SpanStart)
        m_open.insert_or_assign(key, eventOf(raw, detail));
    else
        out.push_back(eventOf(raw, detail));
}

void NvtxCapture::pairSpans(std::vector<NvtxEvent>& out)
{
    for (auto end = m_ends.begin(); end != m_ends.end();) {
        const auto open = m_open.find(end->first);
        if (open == m_open.end()) {
            ++end;
            continue;
        }
        NvtxEvent& span = open->second;
        span.endNs = std::max(span.startNs, end->second.endNs);
        if (end->second.message != 0)
            span.message = end->second.message;
        addDetail(span, end->second.detail);
        out.push_back(span);
        m_open.erase(open);
        end = m_ends.erase(end);
    }
    if (m_ends.size() > kMostOpenSpans) // of spans that began before the capture
        m_ends.clear();
    for (; m_open.size() > kMostOpenSpans; ++m_lostSpans)
        m_open.erase(m_open.begin());
}

void NvtxCapture::endOpenSpans(std::vector<NvtxEvent>& out)
{
    for (auto& [key, event] : m_open) {
        event.endNs = std::max(event.startNs, m_stoppedNs);
        out.push_back(event);
    }
    m_open.clear();
    m_ends.clear();
}

NvtxEvent NvtxCapture::eventOf(const NvtxRawEvent& raw, const char* detail)
{
    static_assert(static_cast<int>(NvtxPayload::Real) == static_cast<int>(NvtxRawPayload::Real));
    NvtxEvent event;
    event.kind = kindOf(raw.kind);
    event.payloadKind = static_cast<NvtxPayload>(raw.payloadKind);
    event.payload = raw.payload;
    event.thread = raw.thread;
    event.startNs = raw.startNs;
    event.endNs = raw.endNs;
    event.domain = domainOf(raw.domain);
    event.category = categoryOf(raw);
    event.message = nameOf(raw.message);
    event.detail = event.kind == NvtxKind::Counter ? nameOf(static_cast<std::uint32_t>(raw.span))
                                                   : m_names->detailOf(detail);
    if (raw.thread != m_lastThread) // events come thread by thread
        m_threads.insert(raw.thread);
    m_lastThread = raw.thread;
    return event;
}

std::uint32_t NvtxCapture::nameOf(std::uint32_t text)
{
    const auto known = m_texts.find(text);
    if (known != m_texts.end())
        return known->second;
    const std::uint32_t number = m_names->numberOf(m_library->text(text));
    m_texts.emplace(text, number);
    return number;
}

/// It has its name before anybody speaks in it.
std::uint32_t NvtxCapture::domainOf(std::uint32_t domain)
{
    const auto [known, isNew] = m_domains.try_emplace(domain, 0);
    if (isNew)
        known->second = nameOf(m_library->domainText(domain));
    return known->second;
}

/// Its name, else its number.
std::uint32_t NvtxCapture::categoryOf(const NvtxRawEvent& raw)
{
    if (raw.category == 0)
        return 0;
    const std::uint64_t key = std::uint64_t{raw.domain} << 32U | raw.category;
    if (const auto known = m_categories.find(key); known != m_categories.end())
        return known->second;
    const std::uint32_t text = m_library->categoryText(raw.domain, raw.category);
    if (text == 0) // it may still get one
        return m_names->numberOf(std::to_string(raw.category));
    return m_categories.emplace(key, nameOf(text)).first->second;
}

void NvtxCapture::addDetail(NvtxEvent& event, std::uint32_t detail)
{
    if (detail != 0)
        event.detail =
            event.detail == 0 ? detail : m_names->detailOf(names()[event.detail] + "; " + names()[detail]);
}

std::map<std::uint32_t, std::string> NvtxCapture::threads() const
{
    std::map<std::uint32_t, std::string> named;
    for (const std::uint32_t thread : m_threads)
        if (const std::uint32_t text = m_library->threadText(thread); text != 0)
            named.emplace(thread, m_library->text(text));
    return named;
}

} // namespace vitrine::engine
