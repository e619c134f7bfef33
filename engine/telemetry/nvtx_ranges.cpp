// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/nvtx_ranges.h"

#ifdef VITRINE_NVTX

#include <array>
#include <cstddef>

#include <nvtx3/nvToolsExt.h>
#include <unistd.h>

namespace vitrine::engine {

namespace {

enum Category : std::uint32_t { kScheduler = 1, kKvCache, kExecutor, kSampler, kText };

struct Entry
{
    NvtxName name;
    Category category;
    const char* text;
};

constexpr std::size_t kNames = static_cast<std::size_t>(NvtxName::Last) + 1;

/// In the order of NvtxName.
constexpr std::array<Entry, kNames> kEntries = {{
    {NvtxName::Schedule, kScheduler, "schedule"},
    {NvtxName::Transfer, kKvCache, "transfer"},
    {NvtxName::Sample, kSampler, "sample"},
    {NvtxName::Emit, kText, "emit"},
    {NvtxName::LoadModel, kExecutor, "load model"},
    {NvtxName::OpenModel, kExecutor, "open model"},
    {NvtxName::ReadTokenizer, kText, "read tokenizer"},
    {NvtxName::PackWeights, kExecutor, "pack weights"},
    {NvtxName::Recover, kExecutor, "replace ranks"},
    {NvtxName::ReserveKv, kKvCache, "reserve KV"},
    {NvtxName::InstallModel, kScheduler, "install model"},
    {NvtxName::ResizeKv, kKvCache, "resize KV"},
    {NvtxName::EncodePrompt, kText, "encode prompt"},
    {NvtxName::Embed, kExecutor, "embed"},
    {NvtxName::Norm, kExecutor, "norm"},
    {NvtxName::Qkv, kExecutor, "qkv"},
    {NvtxName::StoreKv, kKvCache, "store kv"},
    {NvtxName::Attention, kExecutor, "attention"},
    {NvtxName::Output, kExecutor, "output"},
    {NvtxName::Router, kExecutor, "router"},
    {NvtxName::GateUp, kExecutor, "gate up"},
    {NvtxName::Down, kExecutor, "down"},
    {NvtxName::Head, kExecutor, "head"},
    {NvtxName::Reduce, kExecutor, "reduce"},
    {NvtxName::PackShare, kExecutor, "pack share"},
    {NvtxName::SampleRow, kSampler, "sample row"},
    {NvtxName::Step, kScheduler, "step"},
    {NvtxName::Forward, kExecutor, "forward"},
    {NvtxName::Request, kScheduler, "request"},
    {NvtxName::BatchRows, kScheduler, "batch rows"},
    {NvtxName::BatchTokens, kScheduler, "batch tokens"},
    {NvtxName::Admitted, kScheduler, "admitted"},
    {NvtxName::Resumed, kScheduler, "resumed"},
    {NvtxName::Preempted, kScheduler, "preempted"},
    {NvtxName::Finished, kScheduler, "finished"},
    {NvtxName::RanksFailed, kExecutor, "ranks failed"},
    {NvtxName::RanksCompute, kExecutor, "ranks compute"},
}};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kNames; ++i)
        if (static_cast<std::size_t>(kEntries[i].name) != i)
            return false;
    return true;
}
static_assert(inOrder());

/// What is registered with NVTX, whose state belongs to the process.
class Domain
{
public:
    Domain() : m_handle(nvtxDomainCreateA("vitrine"))
    {
        if (m_handle == nullptr) // no tool
            return;
        nvtxDomainNameCategoryA(m_handle, kScheduler, "scheduler");
        nvtxDomainNameCategoryA(m_handle, kKvCache, "kv cache");
        nvtxDomainNameCategoryA(m_handle, kExecutor, "executor");
        nvtxDomainNameCategoryA(m_handle, kSampler, "sampler");
        nvtxDomainNameCategoryA(m_handle, kText, "text");
        for (std::size_t i = 0; i < kNames; ++i)
            m_strings[i] = nvtxDomainRegisterStringA(m_handle, kEntries[i].text);
    }

    nvtxDomainHandle_t handle() const { return m_handle; }
    nvtxEventAttributes_t attributes(NvtxName name, std::uint64_t payload) const
    {
        const auto index = static_cast<std::size_t>(name);
        nvtxEventAttributes_t attributes{};
        attributes.version = NVTX_VERSION;
        attributes.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
        attributes.category = kEntries[index].category;
        attributes.payloadType = NVTX_PAYLOAD_TYPE_UNSIGNED_INT64;
        attributes.payload.ullValue = payload;
        attributes.messageType = NVTX_MESSAGE_TYPE_REGISTERED;
        attributes.message.registered = m_strings[index];
        return attributes;
    }

private:
    nvtxDomainHandle_t m_handle;
    std::array<nvtxStringHandle_t, kNames> m_strings{};
};

const Domain& domain()
{
    static const Domain domain;
    return domain;
}

} // namespace

bool nvtxBuiltIn()
{
    return true;
}

void nvtxInitialise()
{
    domain();
}

NvtxRange::NvtxRange(NvtxName name, std::uint64_t payload)
{
    const Domain& out = domain();
    if (out.handle() == nullptr)
        return;
    const nvtxEventAttributes_t attributes = out.attributes(name, payload);
    nvtxDomainRangePushEx(out.handle(), &attributes);
    m_open = true;
}

NvtxRange::~NvtxRange()
{
    if (m_open)
        nvtxDomainRangePop(domain().handle());
}

void NvtxSpan::start(NvtxName name, std::uint64_t payload)
{
    end();
    const Domain& out = domain();
    if (out.handle() == nullptr)
        return;
    const nvtxEventAttributes_t attributes = out.attributes(name, payload);
    m_id = nvtxDomainRangeStartEx(out.handle(), &attributes);
    m_open = true;
}

void NvtxSpan::end()
{
    if (m_open)
        nvtxDomainRangeEnd(domain().handle(), m_id);
    m_open = false;
}

void markNvtx(NvtxName name, std::uint64_t payload)
{
    const Domain& out = domain();
    if (out.handle() == nullptr)
        return;
    const nvtxEventAttributes_t attributes = out.attributes(name, payload);
    nvtxDomainMarkEx(out.handle(), &attributes);
}

void nameNvtxThread(const std::string& name)
{
    if (domain().handle() != nullptr)
        nvtxNameOsThreadA(static_cast<std::uint32_t>(::gettid()), name.c_str());
}

} // namespace vitrine::engine

#else

namespace vitrine::engine {

bool nvtxBuiltIn()
{
    return false;
}
void nvtxInitialise() {}

NvtxRange::NvtxRange(NvtxName /*name*/, std::uint64_t /*payload*/) {}
NvtxRange::~NvtxRange() = default;

void NvtxSpan::start(NvtxName /*name*/, std::uint64_t /*payload*/) {}
void NvtxSpan::end()
{
    m_open = false;
    m_id = 0;
}

void markNvtx(NvtxName /*name*/, std::uint64_t /*payload*/) {}
void nameNvtxThread(const std::string& /*name*/) {}

} // namespace vitrine::engine

#endif
