// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts of extended payloads as callers register them: copied, bounded, and kept as long as the process. A
// domain's schemas and enumerations share their numbers.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nvtx3/nvToolsExtPayload.h>

#include "engine/base/ordered_mutex.h"

namespace vitrine::engine {

/// Bytes; 0: it depends on the data, or is not known.
struct PayloadLayout
{
    std::size_t size = 0, align = 1;
};

/// Of the types that NVTX defines; of a string: of one of its characters.
PayloadLayout layoutOfType(std::uint64_t type);

struct PayloadEntry
{
    std::uint64_t flags = 0;  ///< NVTX_PAYLOAD_ENTRY_FLAG_*
    std::uint64_t type = 0;   ///< NVTX_PAYLOAD_ENTRY_TYPE_*, or the number of a schema
    std::uint64_t detail = 0; ///< length, or which entry says it
    std::uint64_t offset = 0; ///< 0: behind the entry before
    std::string name{};
    PayloadLayout element{};
    std::size_t at = 0;      ///< where it stands, in a schema of fixed size
    std::uint64_t clock = 0; ///< of a time: NVTX_TIMESTAMP_TYPE_*, or the number of a time domain
};

struct PayloadName
{
    std::string name;
    std::uint64_t value = 0;
    bool isFlag = false;
};

struct PayloadSchema
{
    std::string name;
    std::uint64_t type = NVTX_PAYLOAD_SCHEMA_TYPE_INVALID;
    std::uint64_t packAlign = 0; ///< 0: as the compiler lays it out
    PayloadLayout layout;
    std::vector<PayloadEntry> entries;
    std::vector<PayloadName> names; ///< of an enumeration, which has no entries
    bool isEnum = false;
};

/// Any thread.
class PayloadSchemas
{
public:
    /// `theirs`: the next tool's number of it; 0: there is none, and one is made. 0: it cannot be used.
    std::uint64_t add(std::uint32_t domain, const nvtxPayloadSchemaAttr_t& attributes, std::uint64_t theirs);
    std::uint64_t add(std::uint32_t domain, const nvtxPayloadEnumAttr_t& attributes, std::uint64_t theirs);
    /// Null: none of this number. Stays where it is.
    const PayloadSchema* find(std::uint32_t domain, std::uint64_t number) const;

private:
    std::uint64_t insert(std::uint32_t domain, std::uint64_t number, PayloadSchema schema);
    void layOut(std::uint32_t domain, PayloadSchema& schema) const;

    mutable OrderedMutex m_lock{LockOrder::NvtxSchemas};
    std::deque<PayloadSchema> m_schemas;
    std::size_t m_parts = 0; // of all schemas
    std::map<std::pair<std::uint32_t, std::uint64_t>, const PayloadSchema*> m_known;
};

/// What the entry takes in the payload itself; size 0: it depends on the data.
PayloadLayout placeOf(const PayloadEntry& entry);
/// REQUIRES: align > 0.
std::size_t alignedUp(std::size_t at, std::size_t align);
/// Where an entry stands behind one that ends at `end`.
std::size_t offsetOf(const PayloadSchema& schema, const PayloadEntry& entry, std::size_t end);
bool isText(std::uint64_t type);

/// The clock that is named in a list that may be null; by default the tool's, which is nowNs().
std::uint64_t clockOf(const nvtxSemanticsHeader_t* semantics);

/// At most 256 bytes of a text that may be null.
std::string boundedName(const char* text);

} // namespace vitrine::engine
