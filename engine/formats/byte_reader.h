// SPDX-License-Identifier: GPL-3.0-or-later
// Reads little-endian values one after another and never past the end. One owner, one thread.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace vitrine::engine {

static_assert(std::endian::native == std::endian::little, "model files are read in place");

class ByteReader
{
public:
    explicit ByteReader(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}

    std::uint64_t position() const { return m_position; }
    std::uint64_t remaining() const { return m_bytes.size() - m_position; }

    /// False, and nothing moves, when the bytes do not reach. REQUIRES: T may have any bit pattern (no bool).
    template<class T>
    bool read(T& value)
    {
        if (remaining() < sizeof(T))
            return false;
        std::memcpy(&value, m_bytes.data() + m_position, sizeof(T));
        m_position += sizeof(T);
        return true;
    }

    /// A view into the bytes; false when they do not reach.
    bool readText(std::uint64_t length, std::string_view& text)
    {
        if (remaining() < length)
            return false;
        text = {reinterpret_cast<const char*>(m_bytes.data()) + m_position, static_cast<std::size_t>(length)};
        m_position += length;
        return true;
    }

private:
    std::span<const std::uint8_t> m_bytes;
    std::uint64_t m_position = 0;
};

} // namespace vitrine::engine
