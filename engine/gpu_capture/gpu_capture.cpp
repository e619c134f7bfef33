// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gpu_capture/gpu_capture.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <utility>

#include <dlfcn.h>

#include "engine/base/clock.h"
#include "engine/gpu_capture/gpu_events.h"
#include "engine/gpu_capture/graph_runs.h"

#ifdef VITRINE_CUPTI
#include "engine/gpu_capture/cupti_receiver.h"
#endif

namespace vitrine::engine {

#ifdef VITRINE_CUPTI

namespace {

constexpr std::array kKinds = {CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL, CUPTI_ACTIVITY_KIND_MEMCPY,
                               CUPTI_ACTIVITY_KIND_MEMCPY2, CUPTI_ACTIVITY_KIND_MEMSET};

bool hasDriver()
{
    void* const driver = ::dlopen("libcuda.so.1", RTLD_LAZY);
    if (driver != nullptr)
        ::dlclose(driver);
    return driver != nullptr;
}

/// CUPTI serves one tool of a process; Nsight Systems and its like come by this variable.
bool anotherToolHasIt()
{
    const char* const tool = std::getenv("CUDA_INJECTION64_PATH");
    return tool != nullptr && *tool != '\0';
}

Error refused(const CuptiLibrary& library, CUptiResult result)
{
    const std::string why = "CUPTI says " + nameOfResult(library, result);
    return badInput("GPU activity is not recorded: " +
                    (hasDriver() ? why : "there is no NVIDIA driver (libcuda.so.1); " + why));
}

/// nowNs() minus CUPTI's clock: the pair of readings that lay closest together.
std::int64_t offsetOf(const CuptiLibrary& library)
{
    std::int64_t offset = 0, closest = std::numeric_limits<std::int64_t>::max();
    for (int i = 0; i < 5; ++i) {
        std::uint64_t theirs = 0;
        const std::int64_t before = nowNs();
        if (library.getTimestamp(&theirs) != CUPTI_SUCCESS)
            continue;
        const std::int64_t wide = nowNs() - before;
        if (wide < closest) {
            closest = wide;
            offset = static_cast<std::int64_t>(static_cast<std::uint64_t>(before + wide / 2) - theirs);
        }
    }
    return offset;
}

} // namespace

struct GpuCapture::State
{
    State(const CuptiLibrary& opened, std::shared_ptr<NvtxNames> names)
        : library(opened), events(std::move(names))
    {}

    CuptiLibrary library;
    CuptiReceiver& receiver = CuptiReceiver::instance();
    GpuEvents events;
    GraphRuns graphs;
    std::vector<CUpti_CallbackId> runtimeCalls = recordedCalls(library, CUPTI_CB_DOMAIN_RUNTIME_API);
    std::vector<CUpti_CallbackId> driverCalls = recordedCalls(library, CUPTI_CB_DOMAIN_DRIVER_API);
    bool running = false;

    void choose(bool on) const
    {
        for (const CUpti_ActivityKind kind : kKinds)
            on ? library.enable(kind) : library.disable(kind);
        for (const CUpti_CallbackId call : runtimeCalls)
            library.chooseRuntimeCall(call, on ? 1 : 0);
        for (const CUpti_CallbackId call : driverCalls)
            library.chooseDriverCall(call, on ? 1 : 0);
    }
};

Result<GpuCapture> GpuCapture::attach(std::shared_ptr<NvtxNames> names, const std::string& library)
{
    if (anotherToolHasIt())
        return badInput("GPU activity is not recorded here: another tool (CUDA_INJECTION64_PATH) records it");
    if (library.empty() && !hasDriver()) // nothing is loaded in vain
        return badInput("GPU activity is not recorded: there is no NVIDIA driver (libcuda.so.1)");
    Result<CuptiLibrary> opened = openCupti(library);
    if (!opened)
        return opened.error();
    CUptiResult result = CuptiReceiver::instance().attach(*opened);
    if (result == CUPTI_SUCCESS)
        result = opened->enable(kKinds.front());
    if (result != CUPTI_SUCCESS)
        return refused(*opened, result);
    opened->disable(kKinds.front());
    return GpuCapture(
        std::make_unique<State>(*opened, names ? std::move(names) : std::make_shared<NvtxNames>()));
}

GpuCapture::GpuCapture(std::unique_ptr<State> state) : m_state(std::move(state)) {}
GpuCapture::GpuCapture(GpuCapture&&) noexcept = default;
GpuCapture& GpuCapture::operator=(GpuCapture&&) noexcept = default;
GpuCapture::~GpuCapture()
{
    if (m_state)
        stop();
}

void GpuCapture::start(std::size_t activities)
{
    State& state = *m_state;
    stop();
    state.receiver.log().start(std::max<std::size_t>(activities, 1));
    state.receiver.record(true);
    state.running = true;
    state.graphs = {};
    state.choose(true);
}

void GpuCapture::stop()
{
    State& state = *m_state;
    if (!state.running)
        return;
    state.library.flushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
    state.choose(false);
    state.receiver.record(false);
    state.running = false;
}

bool GpuCapture::running() const
{
    return m_state->running;
}

std::vector<NvtxEvent> GpuCapture::take()
{
    State& state = *m_state;
    if (state.running)
        state.library.flushAll(0);
    const std::int64_t offsetNs = offsetOf(state.library);
    std::vector<NvtxEvent> events;
    for (const GpuActivity& activity : state.receiver.log().take()) {
        state.graphs.add(activity);
        events.push_back(state.events.eventOf(activity, offsetNs, state.receiver.log()));
    }
    for (const GraphRun& run : state.graphs.take(!state.running))
        events.push_back(state.events.eventOf(run, offsetNs));
    return events;
}

const std::vector<std::string>& GpuCapture::names() const
{
    return m_state->events.names().all();
}

std::map<std::uint32_t, std::string> GpuCapture::threads() const
{
    return m_state->events.threads();
}

std::uint64_t GpuCapture::dropped() const
{
    return m_state->receiver.log().dropped();
}

#else

struct GpuCapture::State
{
    NvtxNames names;
};

Result<GpuCapture> GpuCapture::attach(std::shared_ptr<NvtxNames> /*names*/, const std::string& /*library*/)
{
    return badInput("GPU activity is not recorded: this program was built without CUPTI");
}

GpuCapture::GpuCapture(std::unique_ptr<State> state) : m_state(std::move(state)) {}
GpuCapture::GpuCapture(GpuCapture&&) noexcept = default;
GpuCapture& GpuCapture::operator=(GpuCapture&&) noexcept = default;
GpuCapture::~GpuCapture() = default;
void GpuCapture::start(std::size_t /*activities*/) {}
void GpuCapture::stop() {}
bool GpuCapture::running() const
{
    return false;
}
std::vector<NvtxEvent> GpuCapture::take()
{
    return {};
}
const std::vector<std::string>& GpuCapture::names() const
{
    return m_state->names.all();
}
std::map<std::uint32_t, std::string> GpuCapture::threads() const
{
    return {};
}
std::uint64_t GpuCapture::dropped() const
{
    return 0;
}

#endif

} // namespace vitrine::engine
