// SPDX-License-Identifier: GPL-3.0-or-later
// Extended payloads as readable text. Nothing outside the bytes that came with the event is read, whatever a
// schema says: what lies beyond them, or whose size cannot be known, is left out. Bounded in work and in
// length. On the thread that tells NVTX.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <nvtx3/nvToolsExtPayload.h>

#include "engine/nvtx_injection/payload_number.h"
#include "engine/nvtx_injection/payload_schema.h"

namespace vitrine::engine {

struct DecodedPayload
{
    std::string text;           ///< "Reduce(bytes=4096, op=sum)"
    std::string message;        ///< of the entry that is the event's message
    std::uint32_t category = 0; ///< 0: none
    PayloadNumber number;       ///< where all there is is one number
};

class PayloadDecoder
{
public:
    /// The text of a registered string.
    using RegisteredText = const char* (*)(const void* handle);

    PayloadDecoder(const PayloadSchemas& schemas, std::uint32_t domain, RegisteredText registered)
        : m_schemas(schemas), m_domain(domain), m_registered(registered)
    {}

    /// Once.
    DecodedPayload decode(std::span<const nvtxPayloadData_t> payloads);

private:
    /// A schema while its entries are read.
    struct Frame
    {
        const PayloadSchema& schema;
        PayloadBytes bytes;
        unsigned depth;
        std::vector<std::uint64_t> numbers; // [entry], 0 where it is none
    };

    PayloadBytes bytesOf(const nvtxPayloadData_t& payload) const;
    void addPayload(std::uint64_t schema, PayloadBytes bytes);

    // Each gives the bytes that it took, or kUnknown: nobody can say where the next value stands.
    std::size_t addFields(const PayloadSchema& schema, PayloadBytes bytes, unsigned depth);
    std::size_t addEntry(Frame& frame, std::size_t index, std::size_t at, bool& any);
    std::size_t addContent(Frame& frame, std::size_t index, PayloadBytes bytes);
    std::size_t addDirect(Frame& frame, std::size_t index, PayloadBytes bytes);
    std::size_t addArray(const Frame& frame, const PayloadEntry& entry, PayloadBytes bytes);
    std::size_t addText(const Frame& frame, const PayloadEntry& entry, PayloadBytes bytes);
    std::size_t addValue(const PayloadEntry& entry, PayloadBytes bytes, unsigned depth,
                         std::uint64_t* number);
    std::size_t addOther(const PayloadEntry& entry, PayloadBytes bytes, unsigned depth,
                         std::uint64_t* number);
    std::size_t addUnion(const Frame& frame, const PayloadEntry& entry, const PayloadSchema& inner,
                         PayloadBytes bytes);

    static constexpr std::size_t kUnknown = std::numeric_limits<std::size_t>::max();
    static constexpr std::uint64_t kArrays =
        NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_LENGTH_INDEX | NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_LENGTH_PAYLOAD_INDEX;

    static bool isMessage(const PayloadEntry& entry);
    void addEnum(const PayloadSchema& schema, std::uint64_t value);
    void addCharacters(const PayloadEntry& entry, PayloadBytes bytes);
    PayloadBytes pointedAt(PayloadBytes pointer) const;
    void put(std::string_view text);
    void countValue();
    bool spent();

    const PayloadSchemas& m_schemas;
    std::uint32_t m_domain;
    RegisteredText m_registered;
    std::vector<PayloadBytes> m_blobs; // of the event
    DecodedPayload m_out;
    unsigned m_hidden = 0; // > 0: nothing is written
    unsigned m_values = 0;
    unsigned m_steps = 0;
};

} // namespace vitrine::engine
