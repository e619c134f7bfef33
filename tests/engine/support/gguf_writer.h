// SPDX-License-Identifier: GPL-3.0-or-later
// Writes GGUF files in memory, right ones and wrong ones.
//
//   GgufWriter writer;
//   writer.add("general.architecture", "llama").add("llama.block_count", 2U);
//   writer.tensor("token_embd.weight", QuantType::F32, {64, 320}, values);
//   std::vector<std::uint8_t> file = writer.bytes();
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/quant_type.h"

namespace vitrine::test {

using Bytes = std::vector<std::uint8_t>;

template<class T>
void append(Bytes& out, T value)
{
    static_assert(std::is_trivially_copyable_v<T>);
    const std::size_t at = out.size();
    out.resize(at + sizeof(T));
    std::memcpy(out.data() + at, &value, sizeof(T));
}

inline void appendBytes(Bytes& out, std::span<const std::uint8_t> bytes)
{
    const std::size_t at = out.size();
    out.resize(at + bytes.size());
    if (!bytes.empty())
        std::memcpy(out.data() + at, bytes.data(), bytes.size());
}

inline void appendText(Bytes& out, std::string_view text)
{
    append<std::uint64_t>(out, text.size());
    for (const char character : text)
        out.push_back(static_cast<std::uint8_t>(character));
}

/// The format's number for a C++ type; bool is 7.
template<class T>
constexpr std::uint32_t ggufTypeNumber()
{
    if constexpr (std::is_same_v<T, bool>)
        return 7;
    else if constexpr (std::is_floating_point_v<T>)
        return sizeof(T) == 4 ? 6 : 12;
    else if constexpr (sizeof(T) == 8)
        return std::is_signed_v<T> ? 11 : 10;
    else
        return (sizeof(T) == 1 ? 0U : sizeof(T) == 2 ? 2U : 4U) + (std::is_signed_v<T> ? 1U : 0U);
}

class GgufWriter
{
public:
    std::uint32_t version = 3;
    std::uint64_t alignment = 32; ///< written as general.alignment when it is not 32

    GgufWriter& add(std::string_view key, std::string_view text)
    {
        Bytes value;
        appendText(value, text);
        return addRaw(key, 8, value);
    }
    GgufWriter& add(std::string_view key, const char* text) { return add(key, std::string_view(text)); }

    template<class T>
    requires std::is_arithmetic_v<T> GgufWriter& add(std::string_view key, T number)
    {
        Bytes value;
        append(value, number);
        return addRaw(key, ggufTypeNumber<T>(), value);
    }

    GgufWriter& addArray(std::string_view key, const std::vector<std::string>& texts)
    {
        Bytes value;
        append<std::uint32_t>(value, 8);
        append<std::uint64_t>(value, texts.size());
        for (const std::string& text : texts)
            appendText(value, text);
        return addRaw(key, 9, value);
    }
    template<class T>
    requires std::is_arithmetic_v<T> GgufWriter& addArray(std::string_view key, const std::vector<T>& numbers)
    {
        Bytes value;
        append<std::uint32_t>(value, ggufTypeNumber<T>());
        append<std::uint64_t>(value, numbers.size());
        for (const T number : numbers)
            append(value, number);
        return addRaw(key, 9, value);
    }
    /// Any type number and any bytes after it.
    GgufWriter& addRaw(std::string_view key, std::uint32_t type, std::span<const std::uint8_t> value)
    {
        m_entries.push_back({std::string(key), type, Bytes(value.begin(), value.end())});
        return *this;
    }
    /// Replaces the entry of this key: the next `add` of it takes its place.
    GgufWriter& remove(std::string_view key)
    {
        std::erase_if(m_entries, [&](const Entry& entry) { return entry.key == key; });
        return *this;
    }

    /// Shape innermost first, as in the file. Without data: zeros of the right size.
    GgufWriter& tensor(std::string_view name, kernels::QuantType type, std::vector<std::uint64_t> shape,
                       Bytes data = {})
    {
        if (data.empty())
            data.resize(sizeOf(type, shape));
        m_tensors.push_back({std::string(name), type, std::move(shape), std::move(data), kNoOffset});
        return *this;
    }
    GgufWriter& tensor(std::string_view name, std::vector<std::uint64_t> shape,
                       const std::vector<float>& values)
    {
        Bytes data(values.size() * sizeof(float));
        std::memcpy(data.data(), values.data(), data.size());
        return tensor(name, kernels::QuantType::F32, std::move(shape), std::move(data));
    }
    GgufWriter& removeTensor(std::string_view name)
    {
        std::erase_if(m_tensors, [&](const Tensor& tensor) { return tensor.name == name; });
        return *this;
    }
    /// The last tensor claims this offset instead of its true one.
    GgufWriter& lieAboutOffset(std::uint64_t offset)
    {
        m_tensors.back().claimedOffset = offset;
        return *this;
    }

    /// The same model in `count` files: the first has the metadata, the tensors are dealt in order.
    std::vector<GgufWriter> split(std::uint16_t count) const
    {
        std::vector<GgufWriter> parts(count);
        parts[0].m_entries = m_entries;
        for (std::uint16_t i = 0; i < count; ++i) {
            parts[i].add("split.no", i).add("split.count", count);
            parts[i].add("split.tensors.count", static_cast<std::int32_t>(m_tensors.size()));
            for (std::size_t t = m_tensors.size() * i / count; t < m_tensors.size() * (i + 1U) / count; ++t)
                parts[i].m_tensors.push_back(m_tensors[t]);
        }
        return parts;
    }

    Bytes bytes() const
    {
        Bytes out;
        append<std::uint32_t>(out, 0x46554747);
        append(out, version);
        append<std::uint64_t>(out, m_tensors.size());
        append<std::uint64_t>(out, m_entries.size() + (alignment != 32 ? 1 : 0));
        if (alignment != 32)
            writeAlignment(out);
        for (const Entry& entry : m_entries) {
            appendText(out, entry.key);
            append(out, entry.type);
            appendBytes(out, entry.value);
        }
        writeDescriptors(out);
        for (const Tensor& tensor : m_tensors) {
            pad(out);
            appendBytes(out, tensor.data);
        }
        return out;
    }

    bool write(const std::string& path) const
    {
        const Bytes all = bytes();
        std::ofstream file(path, std::ios::binary);
        file.write(reinterpret_cast<const char*>(all.data()), static_cast<std::streamsize>(all.size()));
        return file.good();
    }

private:
    static constexpr std::uint64_t kNoOffset = ~std::uint64_t{0};

    struct Entry
    {
        std::string key;
        std::uint32_t type;
        Bytes value;
    };
    struct Tensor
    {
        std::string name;
        kernels::QuantType type;
        std::vector<std::uint64_t> shape;
        Bytes data;
        std::uint64_t claimedOffset;
    };

    static std::size_t sizeOf(kernels::QuantType type, const std::vector<std::uint64_t>& shape)
    {
        std::uint64_t values = 1;
        for (const std::uint64_t size : shape)
            values *= size;
        const kernels::QuantInfo info = kernels::quantInfo(type);
        return info.blockValues == 0 ? 0 : values / info.blockValues * info.blockBytes;
    }
    void pad(Bytes& out) const { out.resize((out.size() + alignment - 1) / alignment * alignment); }
    void writeAlignment(Bytes& out) const
    {
        appendText(out, "general.alignment");
        append<std::uint32_t>(out, 4);
        append(out, static_cast<std::uint32_t>(alignment));
    }
    void writeDescriptors(Bytes& out) const
    {
        std::uint64_t offset = 0;
        for (const Tensor& tensor : m_tensors) {
            appendText(out, tensor.name);
            append(out, static_cast<std::uint32_t>(tensor.shape.size()));
            for (const std::uint64_t size : tensor.shape)
                append(out, size);
            append(out, static_cast<std::uint32_t>(tensor.type));
            append(out, tensor.claimedOffset == kNoOffset ? offset : tensor.claimedOffset);
            offset = (offset + tensor.data.size() + alignment - 1) / alignment * alignment;
        }
    }

    std::vector<Entry> m_entries;
    std::vector<Tensor> m_tensors;
};

} // namespace vitrine::test
