// SPDX-License-Identifier: GPL-3.0-or-later
// What rank 0 tells the processes of the other ranks, and what they answer, as bytes: numbers little-endian,
// lists behind their counts, every list on 8 bytes. A reader believes no count: what does not reach is
// refused, and nothing is reserved before it is known to be there. Plain values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace vitrine::engine {

class FrameWriter
{
public:
    explicit FrameWriter(std::vector<std::byte>& bytes) : m_bytes(bytes) {}

    template<class T>
    void value(const T& value)
    {
        list(std::span(&value, 1), false);
    }
    template<class T>
    void list(std::span<const T> values, bool counted = true)
    {
        static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kAlignment);
        if (counted)
            value(static_cast<std::uint64_t>(values.size()));
        const std::size_t begin = m_bytes.size();
        m_bytes.resize((begin + values.size_bytes() + kAlignment - 1) / kAlignment * kAlignment);
        if (!values.empty())
            std::memcpy(m_bytes.data() + begin, values.data(), values.size_bytes());
    }
    void text(std::string_view text) { list(std::span(text.data(), text.size())); }

private:
    static constexpr std::size_t kAlignment = 8;
    friend class FrameReader;

    std::vector<std::byte>& m_bytes;
};

class FrameReader
{
public:
    explicit FrameReader(std::span<const std::byte> bytes) : m_left(bytes) {}

    /// False, and nothing is read from then on, where the bytes do not reach.
    template<class T>
    bool value(T& value)
    {
        return take(&value, 1);
    }
    template<class T>
    bool list(std::vector<T>& values)
    {
        std::uint64_t count = 0;
        if (!value(count) || count > m_left.size() / sizeof(T))
            return fail();
        values.resize(static_cast<std::size_t>(count));
        return take(values.data(), values.size());
    }
    bool text(std::string& text)
    {
        std::vector<char> letters;
        const bool read = list(letters);
        text.assign(letters.begin(), letters.end());
        return read;
    }
    bool atEnd() const { return m_left.empty() && !m_failed; }

private:
    template<class T>
    bool take(T* values, std::size_t count)
    {
        static_assert(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>);
        constexpr std::size_t kStep = FrameWriter::kAlignment;
        const std::size_t bytes = count * sizeof(T), padded = (bytes + kStep - 1) / kStep * kStep;
        if (padded > m_left.size())
            return fail();
        if (bytes > 0)
            std::memcpy(static_cast<void*>(values), m_left.data(), bytes);
        m_left = m_left.subspan(padded);
        return true;
    }
    bool fail()
    {
        m_left = {};
        m_failed = true;
        return false;
    }

    std::span<const std::byte> m_left;
    bool m_failed = false;
};

} // namespace vitrine::engine
