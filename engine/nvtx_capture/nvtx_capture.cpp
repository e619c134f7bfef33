// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_capture/nvtx_capture.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <dlfcn.h>

#include "engine/base/clock.h"
#include "engine/nvtx_injection/capture_interface.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "NVTX_INJECTION64_PATH";
constexpr const char* kLibrary = "libvitrine_nvtx.so";
constexpr std::size_t kMostOpenSpans = 65'536;
constexpr std::size_t kMostNames = 131'072;

/// Beside the program; in ../lib of an installed one; in engine/ of a build folder. Empty: nowhere.
std::string libraryPath()
{
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : {".", "../lib", "../engine", "../../engine"}) {
        const fs::path path = folder / place / kLibrary;
        if (fs::exists(path, error))
            return fs::weakly_canonical(path, error).string();
    }
    return {};
}

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

/// From now on whoever calls NVTX for the first time reaches the library, and it the tool that was named.
void nameInjection(const std::string& path)
{
    const char* const before = std::getenv(kVariable);
    if (before != nullptr && before != path)
        ::setenv(kNextInjectionVariable, before, 1);
    ::setenv(kVariable, path.c_str(), 1);
}

} // namespace

Result<NvtxCapture> NvtxCapture::attach()
{
    if (!nvtxBuiltIn())
        return invalidArgument("NVTX ranges cannot be captured: this program was built without NVTX");
    const std::string path = libraryPath();
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
    return NvtxCapture(*library);
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
    std::vector<NvtxRawEvent> raw;
    m_library->drain(&raw, [](void* all, const NvtxRawEvent* event) {
        static_cast<std::vector<NvtxRawEvent>*>(all)->push_back(*event);
    });
    std::vector<NvtxEvent> events;
    events.reserve(raw.size());
    for (const NvtxRawEvent& event : raw) {
        const SpanKey key{event.domain, event.span};
        if (event.kind == NvtxRawKind::SpanEnd)
            m_ends.insert_or_assign(key, event.endNs);
        else if (event.kind == NvtxRawKind::SpanStart)
            m_open.insert_or_assign(key, eventOf(event));
        else
            events.push_back(eventOf(event));
    }
    pairSpans(events);
    if (!m_running)
        endOpenSpans(events);
    return events;
}

void NvtxCapture::pairSpans(std::vector<NvtxEvent>& out)
{
    for (auto end = m_ends.begin(); end != m_ends.end();) {
        const auto open = m_open.find(end->first);
        if (open == m_open.end()) {
            ++end;
            continue;
        }
        open->second.endNs = std::max(open->second.startNs, end->second);
        out.push_back(open->second);
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

NvtxEvent NvtxCapture::eventOf(const NvtxRawEvent& raw)
{
    static_assert(static_cast<int>(NvtxPayload::Real) == static_cast<int>(NvtxRawPayload::Real));
    NvtxEvent event;
    event.kind = raw.kind == NvtxRawKind::Range  ? NvtxKind::Range
                 : raw.kind == NvtxRawKind::Mark ? NvtxKind::Mark
                                                 : NvtxKind::Span;
    event.payloadKind = static_cast<NvtxPayload>(raw.payloadKind);
    event.payload = raw.payload;
    event.thread = raw.thread;
    event.startNs = raw.startNs;
    event.endNs = raw.endNs;
    event.domain = domainOf(raw.domain);
    event.category = categoryOf(raw);
    event.message = nameOf(raw.message);
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
    const std::uint32_t number = numberOf(m_library->text(text));
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
        return numberOf(std::to_string(raw.category));
    return m_categories.emplace(key, nameOf(text)).first->second;
}

std::uint32_t NvtxCapture::numberOf(const std::string& name)
{
    if (name.empty())
        return 0;
    const auto known = m_numbers.find(name);
    if (known != m_numbers.end())
        return known->second;
    if (m_names.size() >= kMostNames)
        return 0;
    const auto number = static_cast<std::uint32_t>(m_names.size());
    m_numbers.emplace(name, number);
    m_names.push_back(name);
    return number;
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
