// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/payload_decoder.h"

#include <algorithm>
#include <cstring>

#include "engine/nvtx_injection/payload_texts.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 10U; // of a payload
constexpr std::size_t kMostPayloads = 16;                  // of an event
constexpr std::size_t kMostRaw = 32;                       // bytes that are shown
constexpr unsigned kDeepest = 8;
constexpr unsigned kMostSteps = 4096;

constexpr std::uint64_t kIndirect =
    NVTX_PAYLOAD_ENTRY_FLAG_OFFSET_FROM_BASE | NVTX_PAYLOAD_ENTRY_FLAG_OFFSET_FROM_HERE;
std::string rawText(PayloadBytes bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte byte : bytes.first(std::min(bytes.size(), kMostRaw))) {
        text.push_back(kDigits[std::to_integer<unsigned>(byte) >> 4U]);
        text.push_back(kDigits[std::to_integer<unsigned>(byte) & 15U]);
    }
    return bytes.size() > kMostRaw ? text + "…" : text;
}

/// At most `most` bytes, and no half of a character.
void cut(std::string& text, std::size_t most)
{
    if (text.size() <= most)
        return;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U)
        --most;
    text.resize(most);
}

} // namespace

void PayloadDecoder::put(std::string_view text)
{
    if (m_hidden == 0)
        m_out.text.append(text);
}

void PayloadDecoder::countValue()
{
    m_values += m_hidden == 0 ? 1 : 0;
}

bool PayloadDecoder::spent()
{
    return ++m_steps > kMostSteps || m_out.text.size() > PayloadTexts::kLongest;
}

DecodedPayload PayloadDecoder::decode(std::span<const nvtxPayloadData_t> payloads)
{
    payloads = payloads.first(std::min(payloads.size(), kMostPayloads));
    for (const nvtxPayloadData_t& payload : payloads)
        m_blobs.push_back(bytesOf(payload));
    for (std::size_t i = 0; i < payloads.size() && !spent(); ++i) {
        const std::size_t before = m_out.text.size();
        if (before > 0)
            put("; ");
        const std::size_t begin = m_out.text.size();
        addPayload(payloads[i].schemaId, m_blobs[i]);
        if (m_out.text.size() == begin)
            m_out.text.resize(before);
    }
    if (m_values != 1)
        m_out.number = {};
    cut(m_out.text, PayloadTexts::kLongest);
    cut(m_out.message, PayloadTexts::kLongest);
    return std::move(m_out);
}

/// What the caller gave; empty where it leaves the size to be found out and it cannot be.
PayloadBytes PayloadDecoder::bytesOf(const nvtxPayloadData_t& payload) const
{
    if (payload.payload == nullptr)
        return {};
    std::size_t size = payload.size;
    if (size == kUnknown) {
        const PayloadSchema* const schema = m_schemas.find(m_domain, payload.schemaId);
        const bool text = payload.schemaId == NVTX_PAYLOAD_ENTRY_TYPE_CSTRING ||
                          payload.schemaId == NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF8;
        if (text)
            size = ::strnlen(static_cast<const char*>(payload.payload), PayloadTexts::kLongest);
        else
            size = schema != nullptr ? schema->layout.size : layoutOfType(payload.schemaId).size;
    }
    return {static_cast<const std::byte*>(payload.payload), std::min(size, kMostBytes)};
}

void PayloadDecoder::addPayload(std::uint64_t number, PayloadBytes bytes)
{
    if (number == NVTX_TYPE_PAYLOAD_SCHEMA_REFERENCED || bytes.empty())
        return;
    if (number == NVTX_TYPE_PAYLOAD_SCHEMA_RAW) {
        countValue();
        put(rawText(bytes));
        return;
    }
    PayloadEntry entry{.type = number, .element = layoutOfType(number)};
    if (isText(number)) {
        addCharacters(entry, bytes);
        return;
    }
    const PayloadSchema* const schema = m_schemas.find(m_domain, number);
    if (schema == nullptr || schema->isEnum) {
        if (schema != nullptr)
            entry.element = schema->layout;
        addValue(entry, bytes, 0, nullptr);
        return;
    }
    put(schema->name);
    put("(");
    addFields(*schema, bytes, 0);
    put(")");
}

std::size_t PayloadDecoder::addFields(const PayloadSchema& schema, PayloadBytes bytes, unsigned depth)
{
    const std::size_t whole = schema.layout.size > 0 ? schema.layout.size : kUnknown;
    if (depth == kDeepest || schema.type == NVTX_PAYLOAD_SCHEMA_TYPE_UNION_WITH_INTERNAL_SELECTOR)
        return whole;
    Frame frame{schema, bytes, depth, std::vector<std::uint64_t>(schema.entries.size())};
    std::size_t end = 0;
    bool any = false, known = true;
    for (std::size_t i = 0; i < schema.entries.size(); ++i) {
        if (spent())
            return kUnknown;
        if (!known && schema.entries[i].offset == 0)
            continue;
        const std::size_t at = offsetOf(schema, schema.entries[i], end);
        const std::size_t used = at <= bytes.size() ? addEntry(frame, i, at, any) : kUnknown;
        known = used != kUnknown && used <= bytes.size() - at;
        end = known ? at + used : 0;
    }
    return whole == kUnknown && known ? end : whole;
}

/// "name=value" behind a comma; nothing where there is no value.
std::size_t PayloadDecoder::addEntry(Frame& frame, std::size_t index, std::size_t at, bool& any)
{
    const PayloadEntry& entry = frame.schema.entries[index];
    constexpr std::uint64_t kElsewhere = // an event's times are where it lies
        NVTX_PAYLOAD_ENTRY_FLAG_HIDE | NVTX_PAYLOAD_ENTRY_FLAG_TIMESTAMP;
    const bool hidden = (entry.flags & kElsewhere) != 0 || isMessage(entry);
    const std::size_t before = m_out.text.size();
    m_hidden += hidden ? 1 : 0;
    if (any)
        put(", ");
    if (!entry.name.empty()) {
        put(entry.name);
        put("=");
    }
    const std::size_t begin = m_out.text.size();
    const std::size_t used = addContent(frame, index, frame.bytes.subspan(at));
    m_hidden -= hidden ? 1 : 0;
    if (m_out.text.size() == begin)
        m_out.text.resize(before);
    else
        any = true;
    return used;
}

std::size_t PayloadDecoder::addContent(Frame& frame, std::size_t index, PayloadBytes bytes)
{
    const PayloadEntry& entry = frame.schema.entries[index];
    const bool bareText = isText(entry.type) && (entry.flags & kArrays) == 0 && entry.detail == 0;
    if ((entry.flags & NVTX_PAYLOAD_ENTRY_FLAG_POINTER) == 0 && !bareText)
        return (entry.flags & kIndirect) != 0 ? kUnknown : addDirect(frame, index, bytes);
    if (bytes.size() < sizeof(const void*))
        return kUnknown;
    const PayloadBytes target = pointedAt(bytes.first(sizeof(const void*)));
    if (target.empty()) {
        countValue();
        put(hexadecimal(readUnsigned(bytes.first(sizeof(const void*)))));
    } else {
        addDirect(frame, index, target);
    }
    return sizeof(const void*);
}

/// Of what was given with the event; empty: it points elsewhere.
PayloadBytes PayloadDecoder::pointedAt(PayloadBytes pointer) const
{
    const auto address = static_cast<std::uintptr_t>(readUnsigned(pointer));
    for (const PayloadBytes& blob : m_blobs) {
        const auto begin = reinterpret_cast<std::uintptr_t>(blob.data());
        if (address >= begin && address - begin < blob.size())
            return blob.subspan(address - begin);
    }
    return {};
}

std::size_t PayloadDecoder::addDirect(Frame& frame, std::size_t index, PayloadBytes bytes)
{
    const PayloadEntry& entry = frame.schema.entries[index];
    if (isText(entry.type))
        return addText(frame, entry, bytes);
    if ((entry.flags & kArrays) != 0)
        return addArray(frame, entry, bytes);
    const PayloadSchema* const inner = m_schemas.find(m_domain, entry.type);
    if (inner != nullptr && inner->type == NVTX_PAYLOAD_SCHEMA_TYPE_UNION)
        return addUnion(frame, entry, *inner, bytes);
    return addValue(entry, bytes, frame.depth, &frame.numbers[index]);
}

std::size_t PayloadDecoder::addUnion(const Frame& frame, const PayloadEntry& entry,
                                     const PayloadSchema& inner, PayloadBytes bytes)
{
    const std::uint64_t member = entry.detail < frame.numbers.size()
                                     ? frame.numbers[static_cast<std::size_t>(entry.detail)]
                                     : inner.entries.size();
    if (member < inner.entries.size() && frame.depth + 1 < kDeepest && !spent()) {
        Frame within{inner, bytes, frame.depth + 1, std::vector<std::uint64_t>(inner.entries.size())};
        const auto index = static_cast<std::size_t>(member);
        const std::size_t at = offsetOf(inner, inner.entries[index], 0);
        if (at <= bytes.size())
            addContent(within, index, bytes.subspan(at));
    }
    return inner.layout.size > 0 ? inner.layout.size : kUnknown;
}

/// `number`: where it goes, or null.
std::size_t PayloadDecoder::addValue(const PayloadEntry& entry, PayloadBytes bytes, unsigned depth,
                                     std::uint64_t* number)
{
    const std::optional<PayloadNumber> read = readNumber(entry.type, bytes);
    if (!read)
        return addOther(entry, bytes, depth, number);
    if (number != nullptr && read->kind != NvtxRawPayload::Real)
        *number = read->bits;
    if (entry.type == NVTX_PAYLOAD_ENTRY_TYPE_CATEGORY) {
        m_out.category = static_cast<std::uint32_t>(read->bits);
    } else if (m_hidden == 0) {
        countValue();
        m_out.number = *read;
        put(textOf(entry.type, *read));
    }
    return entry.element.size;
}

std::size_t PayloadDecoder::addOther(const PayloadEntry& entry, PayloadBytes bytes, unsigned depth,
                                     std::uint64_t* number)
{
    const std::size_t size = entry.element.size;
    if (entry.type == NVTX_PAYLOAD_ENTRY_TYPE_NVTX_REGISTERED_STRING_HANDLE && bytes.size() >= size) {
        const std::string_view text =
            m_registered(reinterpret_cast<const void*>(readUnsigned(bytes.first(size))));
        addCharacters({.flags = entry.flags, .type = NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF8},
                      std::as_bytes(std::span(text)));
        return size;
    }
    const PayloadSchema* const inner = m_schemas.find(m_domain, entry.type);
    if (inner != nullptr && inner->isEnum && size > 0 && bytes.size() >= size) {
        const std::uint64_t value = readUnsigned(bytes.first(size));
        if (number != nullptr)
            *number = value;
        addEnum(*inner, value);
        return size;
    }
    if (inner != nullptr && !inner->isEnum) {
        countValue();
        put("(");
        const std::size_t used = addFields(*inner, bytes, depth + 1);
        put(")");
        return used;
    }
    if (size == 0 || bytes.size() < size)
        return kUnknown;
    countValue();
    put(rawText(bytes.first(size)));
    return size;
}

void PayloadDecoder::addEnum(const PayloadSchema& schema, std::uint64_t value)
{
    if (m_hidden > 0)
        return;
    countValue();
    m_out.number = {NvtxRawPayload::Unsigned, value};
    const auto exact = std::find_if(schema.names.begin(), schema.names.end(),
                                    [value](const PayloadName& name) { return name.value == value; });
    if (exact != schema.names.end()) {
        put(exact->name);
        return;
    }
    std::string text;
    for (const PayloadName& name : schema.names)
        if (name.isFlag && name.value != 0 && (value & name.value) == name.value) {
            text += (text.empty() ? "" : "|") + name.name;
            value &= ~name.value;
        }
    if (text.empty() || value != 0)
        text += (text.empty() ? "" : "|") + std::to_string(value);
    put(text);
}

} // namespace vitrine::engine
