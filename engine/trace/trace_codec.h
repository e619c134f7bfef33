// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of a recording as bytes and back. One describing function serves both directions (trace_fields.h):
// it names each field to an encoder, which writes it, or to a decoder, which fills it.
//
// Whole numbers are little-endian base-128 (LEB128), signed ones folded so that small ones stay short
// (zigzag); a double is its 8 bytes. One owner, one thread.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/base/ids.h"

namespace vitrine::engine {

using TraceBytes = std::vector<std::uint8_t>;

class TraceEncoder
{
public:
    explicit TraceEncoder(TraceBytes& out) : m_out(out) {}

    template<class T>
    requires std::integral<T> || std::is_enum_v<T>
    void field(const T& value)
    {
        if constexpr (std::is_enum_v<T>)
            field(static_cast<std::underlying_type_t<T>>(value));
        else if constexpr (std::is_signed_v<T>)
            number(std::bit_cast<std::uint64_t>((std::int64_t{value} << 1) ^ (std::int64_t{value} >> 63)));
        else
            number(value);
    }
    template<class Tag, class Value>
    void field(const Id<Tag, Value>& id)
    {
        field(id.value);
    }
    void field(const double& value)
    {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        for (int shift = 0; shift < 64; shift += 8)
            m_out.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
    void field(const std::string& text)
    {
        number(text.size());
        m_out.insert(m_out.end(), text.begin(), text.end());
    }
    /// One of an enumeration up to `last`.
    template<class T>
    void choice(const T& value, T /*last*/)
    {
        field(value);
    }
    /// As its distance from `base`.
    void relative(const std::int64_t& value, std::int64_t base)
    {
        // What was read from a hostile file is written as it came.
        field(
            static_cast<std::int64_t>(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(base)));
    }
    /// `each(encoder, element)` for each.
    template<class Container, class Each>
    void list(const Container& elements, Each each)
    {
        number(elements.size());
        for (auto& element : elements)
            each(*this, element);
    }

private:
    void number(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7)
            m_out.push_back(static_cast<std::uint8_t>(value | 0x80));
        m_out.push_back(static_cast<std::uint8_t>(value));
    }

    TraceBytes& m_out;
};

/// Fills fields until the bytes end or one cannot be; from there on fields stay as they are and ok() is
/// false. Makes no more elements than there are bytes left, and none beyond the memory that it may use: an
/// element may take much more than the bytes that it is written with.
class TraceDecoder
{
public:
    explicit TraceDecoder(std::span<const std::uint8_t> bytes,
                          std::uint64_t mostMemory = std::numeric_limits<std::uint64_t>::max())
        : m_bytes(bytes), m_memory(mostMemory)
    {}

    bool ok() const { return m_ok; }
    void fail() { m_ok = false; }
    bool full() const { return m_full; }                  ///< not ok because of the memory
    std::uint64_t memoryLeft() const { return m_memory; } ///< bytes
    /// Of these many bytes; not ok when there are fewer left.
    void useMemory(std::uint64_t bytes)
    {
        m_full = m_full || bytes > m_memory;
        m_ok = m_ok && !m_full;
        m_memory -= m_full ? 0 : bytes;
    }
    std::size_t remaining() const { return m_bytes.size() - m_at; }
    /// Goes on with the memory that the decoder of a part has left, and fails where it did.
    void follow(const TraceDecoder& part)
    {
        m_memory = part.m_memory;
        m_full = m_full || part.m_full;
        m_ok = m_ok && part.m_ok;
    }
    /// The next `size` bytes; empty and not ok when there are fewer.
    std::span<const std::uint8_t> part(std::uint64_t size)
    {
        if (!m_ok || size > remaining()) {
            m_ok = false;
            return {};
        }
        const auto part = m_bytes.subspan(m_at, static_cast<std::size_t>(size));
        m_at += part.size();
        return part;
    }

    template<class T>
    requires std::integral<T> || std::is_enum_v<T>
    void field(T& value)
    {
        const std::uint64_t read = number();
        if constexpr (std::is_enum_v<T>)
            store<std::underlying_type_t<T>>(value, read);
        else
            store<T>(value, read);
    }
    template<class Tag, class Value>
    void field(Id<Tag, Value>& id)
    {
        field(id.value);
    }
    void field(double& value)
    {
        const auto bytes = part(8);
        if (m_ok)
            std::memcpy(&value, bytes.data(), 8);
    }
    void field(std::string& text)
    {
        const auto bytes = part(number());
        useMemory(bytes.size());
        text.assign(bytes.begin(), bytes.end());
    }
    template<class T>
    void choice(T& value, T last)
    {
        T read{};
        field(read);
        m_ok = m_ok && read <= last;
        if (m_ok)
            value = read;
    }
    void relative(std::int64_t& value, std::int64_t base)
    {
        std::int64_t distance = 0;
        field(distance);
        // Hostile bytes may claim any distance.
        value = static_cast<std::int64_t>(static_cast<std::uint64_t>(base) +
                                          static_cast<std::uint64_t>(distance));
    }
    template<class Element, class Each>
    void list(std::vector<Element>& elements, Each each)
    {
        const std::uint64_t count = number();
        if (count > remaining()) // each has a byte at least
            m_ok = false;
        elements.clear();
        for (std::uint64_t i = 0; m_ok && i < count; ++i) {
            Element element{};
            useMemory(sizeof element);
            each(*this, element);
            if (m_ok)
                elements.push_back(std::move(element));
        }
    }

private:
    /// 0 when there is none.
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (int shift = 0; m_ok && shift < 64; shift += 7) {
            if (m_at == m_bytes.size())
                break;
            const std::uint8_t byte = m_bytes[m_at++];
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        m_ok = false;
        return 0;
    }
    template<class Stored, class T>
    void store(T& value, std::uint64_t read)
    {
        if constexpr (std::is_same_v<Stored, bool>) {
            m_ok = m_ok && read <= 1;
            if (m_ok)
                value = read == 1;
        } else if constexpr (std::is_signed_v<Stored>) {
            const auto wide = static_cast<std::int64_t>(read >> 1) ^ -static_cast<std::int64_t>(read & 1);
            m_ok = m_ok && wide >= std::numeric_limits<Stored>::min() &&
                   wide <= std::numeric_limits<Stored>::max();
            if (m_ok)
                value = static_cast<T>(wide);
        } else {
            m_ok = m_ok && read <= std::numeric_limits<Stored>::max();
            if (m_ok)
                value = static_cast<T>(read);
        }
    }

    std::span<const std::uint8_t> m_bytes;
    std::size_t m_at = 0;
    std::uint64_t m_memory;
    bool m_ok = true, m_full = false;
};

} // namespace vitrine::engine
