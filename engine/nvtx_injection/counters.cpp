// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/counters.h"

#include <string>

#include <nvtx3/nvToolsExtSemanticsCounters.h>

#include "engine/nvtx_injection/capture.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostGroups = 4096;

std::uint32_t unitOf(const nvtxSemanticsHeader_t* semantics)
{
    constexpr int kMostSemantics = 16; // a list of somebody else's may be a ring
    for (int i = 0; semantics != nullptr && i < kMostSemantics; ++i, semantics = semantics->next)
        if (semantics->semanticId == NVTX_SEMANTIC_ID_COUNTERS_V1 &&
            semantics->structSize >= sizeof(nvtxSemanticsCounter_t)) {
            const auto* const counter = reinterpret_cast<const nvtxSemanticsCounter_t*>(semantics);
            return Capture::instance().textOf(boundedName(counter->unit));
        }
    return 0;
}

/// Those of a schema that are plain numbers at a place that does not depend on the data.
std::vector<Counter> groupOf(const PayloadSchema& schema, const std::string& name, std::uint32_t unit)
{
    std::vector<Counter> group;
    if (schema.type != NVTX_PAYLOAD_SCHEMA_TYPE_STATIC || schema.layout.size == 0)
        return group;
    for (const PayloadEntry& entry : schema.entries)
        if (placeOf(entry).size == layoutOfType(entry.type).size && !isText(entry.type)) {
            std::string whole = name;
            whole += (name.empty() || entry.name.empty() ? "" : " ") + entry.name;
            group.push_back({Capture::instance().textOf(whole), unit, entry.type, entry.at});
        }
    return group;
}

} // namespace

std::uint64_t Counters::add(std::uint32_t domain, const nvtxCounterAttr_t& attributes,
                            const PayloadSchemas& schemas, std::uint64_t theirs)
{
    if (attributes.structSize < sizeof attributes)
        return theirs;
    const std::string name = boundedName(attributes.name);
    const std::uint32_t unit = unitOf(attributes.semantics);
    std::vector<Counter> group;
    if (const PayloadSchema* const schema = schemas.find(domain, attributes.schemaId); schema != nullptr)
        group = groupOf(*schema, name, unit);
    else if (layoutOfType(attributes.schemaId).size > 0)
        group.push_back({Capture::instance().textOf(name), unit, attributes.schemaId, 0});
    const std::lock_guard guard(m_lock);
    if (m_counters.size() == kMostGroups || group.empty())
        return theirs;
    std::uint64_t number = theirs != 0 ? theirs : attributes.counterId;
    if (number == NVTX_COUNTER_ID_NONE)
        number = NVTX_COUNTER_ID_DYNAMIC_START + m_counters.size();
    m_known.insert_or_assign({domain, number}, &m_counters.emplace_back(std::move(group)));
    return number;
}

const std::vector<Counter>* Counters::find(std::uint32_t domain, std::uint64_t number) const
{
    const std::lock_guard guard(m_lock);
    const auto known = m_known.find({domain, number});
    return known == m_known.end() ? nullptr : known->second;
}

} // namespace vitrine::engine
