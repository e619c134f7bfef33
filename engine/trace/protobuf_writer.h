// SPDX-License-Identifier: GPL-3.0-or-later
// Protocol Buffers' wire format, written: fields of one message after another into its bytes. Format:
// protobuf.dev, "Encoding". One owner, one thread.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace vitrine::engine {

class ProtobufWriter
{
public:
    using Field = std::uint32_t;

    /// Also bool and enumerations.
    void number(Field field, std::uint64_t value)
    {
        tag(field, kVarint);
        varint(value);
    }
    /// int64: a negative one takes ten bytes.
    void number(Field field, std::int64_t value) { number(field, std::bit_cast<std::uint64_t>(value)); }
    void fixed64(Field field, std::uint64_t value)
    {
        tag(field, kFixed64);
        for (unsigned shift = 0; shift < 64; shift += 8)
            m_bytes.push_back(static_cast<char>(value >> shift));
    }
    void text(Field field, std::string_view text)
    {
        tag(field, kLengthDelimited);
        varint(text.size());
        m_bytes.append(text);
    }
    void message(Field field, const ProtobufWriter& message) { text(field, message.m_bytes); }

    const std::string& bytes() const { return m_bytes; }
    bool empty() const { return m_bytes.empty(); }
    void clear() { m_bytes.clear(); } ///< the memory stays

private:
    static constexpr std::uint32_t kVarint = 0, kFixed64 = 1, kLengthDelimited = 2;

    void tag(Field field, std::uint32_t kind) { varint(std::uint64_t{field} << 3U | kind); }
    void varint(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7U)
            m_bytes.push_back(static_cast<char>(value | 0x80U));
        m_bytes.push_back(static_cast<char>(value));
    }

    std::string m_bytes;
};

} // namespace vitrine::engine
