// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/payload_schema.h"

#include <algorithm>
#include <cstring>

#include <nvtx3/nvToolsExtSemanticsTime.h>

#include "engine/nvtx_injection/payload_form.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostSchemas = 4096;
constexpr std::size_t kMostParts = 65'536; // entries and names of all schemas
constexpr std::size_t kMostEntries = 256;  // of one schema
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

template<class T>
constexpr PayloadLayout layout()
{
    return {sizeof(T), alignof(T)};
}

PayloadEntry entryOf(const nvtxPayloadSchemaEntry_t& given)
{
    PayloadEntry entry{given.flags,
                       given.type,
                       given.arrayOrUnionDetail,
                       given.offset,
                       boundedName(given.name),
                       layoutOfType(given.type)};
    entry.clock = clockOf(given.semantics);
    return entry;
}

constexpr std::uint64_t kArrays =
    NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_LENGTH_INDEX | NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_LENGTH_PAYLOAD_INDEX;
constexpr std::uint64_t kIndirect =
    NVTX_PAYLOAD_ENTRY_FLAG_OFFSET_FROM_BASE | NVTX_PAYLOAD_ENTRY_FLAG_OFFSET_FROM_HERE;

} // namespace

PayloadLayout layoutOfType(std::uint64_t type)
{
    switch (formOf(type)) {
        // clang-format off
    case PayloadForm::Int8: case PayloadForm::UInt8: case PayloadForm::Text8: return layout<std::int8_t>();
    case PayloadForm::Int16: case PayloadForm::UInt16: case PayloadForm::Half: case PayloadForm::BrainFloat:
    case PayloadForm::Text16: return layout<std::int16_t>();
    case PayloadForm::Int32: case PayloadForm::UInt32: case PayloadForm::Float:
    case PayloadForm::Text32: return layout<std::int32_t>();
    case PayloadForm::Long: case PayloadForm::ULong: return layout<long>();
    case PayloadForm::Int64: case PayloadForm::UInt64: case PayloadForm::Double: return layout<std::int64_t>();
    case PayloadForm::Size: return layout<std::size_t>();
    case PayloadForm::Handle: return layout<const void*>();
    case PayloadForm::LongDouble: return layout<long double>();
    case PayloadForm::Bytes16: return {16, 16};
    case PayloadForm::None: return {};
        // clang-format on
    }
    return {};
}

bool isText(std::uint64_t type)
{
    return type >= NVTX_PAYLOAD_ENTRY_TYPE_CSTRING && type <= NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF32;
}

PayloadLayout placeOf(const PayloadEntry& entry)
{
    if ((entry.flags & NVTX_PAYLOAD_ENTRY_FLAG_POINTER) != 0)
        return layout<const void*>();
    if ((entry.flags & kIndirect) != 0)
        return {};
    const std::uint64_t kind = entry.flags & kArrays;
    if (kind == NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_FIXED_SIZE ||
        (isText(entry.type) && kind == 0 && entry.detail > 0))
        return entry.detail <= kMostBytes && entry.element.size <= kMostBytes
                   ? PayloadLayout{entry.element.size * entry.detail, entry.element.align}
                   : PayloadLayout{};
    if (kind != 0)
        return {0, entry.element.align};
    return isText(entry.type) ? layout<const char*>() : entry.element;
}

std::size_t alignedUp(std::size_t at, std::size_t align)
{
    return (at + align - 1) / align * align;
}

std::size_t offsetOf(const PayloadSchema& schema, const PayloadEntry& entry, std::size_t end)
{
    if (entry.offset != 0 || schema.type == NVTX_PAYLOAD_SCHEMA_TYPE_UNION)
        return static_cast<std::size_t>(entry.offset);
    const std::size_t align = placeOf(entry).align;
    return alignedUp(end, schema.packAlign != 0 ? std::min<std::size_t>(align, schema.packAlign) : align);
}

std::uint64_t clockOf(const nvtxSemanticsHeader_t* semantics)
{
    constexpr int kMostSemantics = 16; // a list of somebody else's may be a ring
    for (int i = 0; semantics != nullptr && i < kMostSemantics; ++i, semantics = semantics->next)
        if (semantics->semanticId == NVTX_SEMANTIC_ID_TIME_V1 &&
            semantics->structSize >= sizeof(nvtxSemanticsTime_t))
            return reinterpret_cast<const nvtxSemanticsTime_t*>(semantics)->timeDomainId;
    return NVTX_TIMESTAMP_TYPE_TOOL_PROVIDED;
}

std::string boundedName(const char* text)
{
    constexpr std::size_t kLongest = 256;
    return text != nullptr ? std::string(text, ::strnlen(text, kLongest)) : std::string();
}

std::uint64_t PayloadSchemas::add(std::uint32_t domain, const nvtxPayloadSchemaAttr_t& attributes,
                                  std::uint64_t theirs)
{
    const auto has = [&attributes](std::uint64_t field) { return (attributes.fieldMask & field) != 0; };
    if (!has(NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_TYPE) || !has(NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_ENTRIES) ||
        !has(NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_NUM_ENTRIES) || attributes.entries == nullptr ||
        attributes.numEntries > kMostEntries)
        return theirs;
    PayloadSchema schema;
    schema.type = attributes.type;
    if (has(NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_NAME))
        schema.name = boundedName(attributes.name);
    if (has(NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_ALIGNMENT))
        schema.packAlign = attributes.packAlign;
    for (std::size_t i = 0; i < attributes.numEntries; ++i)
        schema.entries.push_back(entryOf(attributes.entries[i]));
    layOut(domain, schema);
    if (has(NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_STATIC_SIZE) && attributes.payloadStaticSize > 0)
        schema.layout.size = attributes.payloadStaticSize <= kMostBytes ? attributes.payloadStaticSize : 0;
    if (schema.type == NVTX_PAYLOAD_SCHEMA_TYPE_DYNAMIC)
        schema.layout.size = 0;
    const std::uint64_t fixed = has(NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_SCHEMA_ID) ? attributes.schemaId : 0;
    return insert(domain, theirs != 0 ? theirs : fixed, std::move(schema));
}

std::uint64_t PayloadSchemas::add(std::uint32_t domain, const nvtxPayloadEnumAttr_t& attributes,
                                  std::uint64_t theirs)
{
    const auto has = [&attributes](std::uint64_t field) { return (attributes.fieldMask & field) != 0; };
    if (!has(NVTX_PAYLOAD_ENUM_ATTR_FIELD_ENTRIES) || !has(NVTX_PAYLOAD_ENUM_ATTR_FIELD_NUM_ENTRIES) ||
        attributes.entries == nullptr || attributes.numEntries > kMostEntries)
        return theirs;
    PayloadSchema schema;
    schema.isEnum = true;
    if (has(NVTX_PAYLOAD_ENUM_ATTR_FIELD_NAME))
        schema.name = boundedName(attributes.name);
    const std::size_t size = has(NVTX_PAYLOAD_ENUM_ATTR_FIELD_SIZE) ? attributes.sizeOfEnum : sizeof(int);
    if (size == 1 || size == 2 || size == 4 || size == 8)
        schema.layout = {size, size};
    for (std::size_t i = 0; i < attributes.numEntries; ++i) {
        const nvtxPayloadEnum_t& entry = attributes.entries[i];
        schema.names.push_back({boundedName(entry.name), entry.value, entry.isFlag != 0});
    }
    const std::uint64_t fixed = has(NVTX_PAYLOAD_ENUM_ATTR_FIELD_SCHEMA_ID) ? attributes.schemaId : 0;
    return insert(domain, theirs != 0 ? theirs : fixed, std::move(schema));
}

/// Its size if nothing in it depends on the data. Schemas within it were registered before.
void PayloadSchemas::layOut(std::uint32_t domain, PayloadSchema& schema) const
{
    std::size_t end = 0, largest = 0, align = 1;
    bool known = schema.type != NVTX_PAYLOAD_SCHEMA_TYPE_INVALID;
    for (PayloadEntry& entry : schema.entries) {
        if (const PayloadSchema* const inner = find(domain, entry.type); inner != nullptr)
            entry.element = inner->layout;
        const PayloadLayout place = placeOf(entry);
        align = std::max(align, place.align);
        entry.at = offsetOf(schema, entry, end);
        known = known && place.size > 0 && entry.at <= kMostBytes;
        end = known ? entry.at + place.size : 0;
        largest = std::max(largest, end);
    }
    if (schema.packAlign != 0)
        align = static_cast<std::size_t>(std::min<std::uint64_t>(align, schema.packAlign));
    schema.layout = {known ? alignedUp(largest, align) : 0, align};
}

std::uint64_t PayloadSchemas::insert(std::uint32_t domain, std::uint64_t number, PayloadSchema schema)
{
    const std::lock_guard guard(m_lock);
    const std::size_t parts = m_parts + schema.entries.size() + schema.names.size();
    if (m_schemas.size() == kMostSchemas || parts > kMostParts)
        return number;
    if (number == 0)
        number = NVTX_PAYLOAD_SCHEMA_ID_DYNAMIC_START + m_schemas.size();
    if (number < NVTX_PAYLOAD_SCHEMA_ID_STATIC_START) // a type that NVTX defines
        return 0;
    m_parts = parts;
    m_known.insert_or_assign({domain, number}, &m_schemas.emplace_back(std::move(schema)));
    return number;
}

const PayloadSchema* PayloadSchemas::find(std::uint32_t domain, std::uint64_t number) const
{
    const std::lock_guard guard(m_lock);
    const auto known = m_known.find({domain, number});
    return known == m_known.end() ? nullptr : known->second;
}

} // namespace vitrine::engine
