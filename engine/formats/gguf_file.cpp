// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf_file.h"

#include <algorithm>
#include <functional>
#include <type_traits>
#include <utility>

#include "engine/formats/gguf_parser.h"
#include "engine/formats/model_folder.h"

namespace vitrine::engine {

Result<GgufFile> GgufFile::openOne(const std::string& path)
{
    Result<MappedFile> mapping = MappedFile::open(path);
    if (!mapping)
        return mapping.error();
    GgufFile file;
    file.m_path = path;
    file.m_mapping = std::move(*mapping);
    file.m_bytes = file.m_mapping.bytes();
    if (Result<void> parsed = GgufParser(file).run(); !parsed)
        return parsed.error();
    if (file.lost())
        return badInput(path + ": the file changed while it was being read; try again");
    return file;
}

std::uint64_t GgufFile::wholeBytes(const std::string& path)
{
    Result<MappedFile> mapping = MappedFile::open(path);
    if (!mapping)
        return 0;
    GgufFile file;
    file.m_path = path;
    file.m_mapping = std::move(*mapping);
    file.m_bytes = file.m_mapping.bytes();
    GgufParser parser(file);
    static_cast<void>(parser.run());
    return parser.wholeBytes();
}

Result<GgufFile> GgufFile::parse(std::span<const std::uint8_t> bytes, std::string name)
{
    GgufFile file;
    file.m_path = std::move(name);
    file.m_bytes = bytes;
    if (Result<void> parsed = GgufParser(file).run(); !parsed)
        return parsed.error();
    return file;
}

bool GgufFile::contains(const std::uint8_t* data) const
{
    const std::less<> before; // places in different files have no order of their own
    return !before(data, m_bytes.data()) && before(data, m_bytes.data() + m_bytes.size());
}

const GgufFile& GgufFile::holderOf(const std::uint8_t* data) const
{
    const auto part = std::find_if(m_parts.begin(), m_parts.end(),
                                   [data](const GgufFile& file) { return file.contains(data); });
    return part == m_parts.end() ? *this : *part;
}

std::uint64_t GgufFile::offsetOf(const TensorInfo& tensor) const
{
    if (m_folder)
        return m_folder->offsetOf(tensor.data);
    return static_cast<std::uint64_t>(tensor.data - holderOf(tensor.data).m_bytes.data());
}

const std::string& GgufFile::pathOf(const TensorInfo& tensor) const
{
    return m_folder ? m_folder->pathOf(tensor.data) : holderOf(tensor.data).m_path;
}

std::string GgufFile::identity() const
{
    if (m_folder)
        return m_folder->identity();
    std::string all = m_mapping.identity();
    for (const GgufFile& part : m_parts)
        all += "," + part.identity();
    return all;
}

std::uint64_t GgufFile::fileBytes() const
{
    std::uint64_t bytes = m_folder ? m_folder->fileBytes() : m_bytes.size();
    for (const GgufFile& part : m_parts)
        bytes += part.m_bytes.size();
    return bytes;
}

void GgufFile::release(std::span<const std::uint8_t> part) const
{
    if (m_folder)
        m_folder->release(part);
    else if (const GgufFile& holder = holderOf(part.data()); holder.contains(part.data()))
        holder.m_mapping.release(part);
}

void GgufFile::releaseAll() const
{
    if (m_folder)
        m_folder->releaseAll();
    m_mapping.release(m_bytes);
    for (const GgufFile& part : m_parts)
        part.releaseAll();
}

bool GgufFile::lost() const
{
    const auto lost = [](const GgufFile& part) { return part.lost(); };
    return m_mapping.lost() || (m_folder && m_folder->lost()) ||
           std::any_of(m_parts.begin(), m_parts.end(), lost);
}

const MetadataValue* GgufFile::find(std::string_view key) const
{
    const auto before = [&](std::uint32_t i, std::string_view wanted) { return m_metadata[i].key < wanted; };
    const auto at = std::lower_bound(m_metadataByKey.begin(), m_metadataByKey.end(), key, before);
    const bool found = at != m_metadataByKey.end() && m_metadata[*at].key == key;
    return found ? &m_metadata[*at].value : nullptr;
}

const TensorInfo* GgufFile::findTensor(std::string_view name) const
{
    const auto before = [&](std::uint32_t i, std::string_view wanted) { return m_tensors[i].name < wanted; };
    const auto at = std::lower_bound(m_tensorsByName.begin(), m_tensorsByName.end(), name, before);
    const bool found = at != m_tensorsByName.end() && m_tensors[*at].name == name;
    return found ? &m_tensors[*at] : nullptr;
}

std::optional<std::uint64_t> GgufFile::integer(std::string_view key) const
{
    const MetadataValue* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* positive = std::get_if<std::uint64_t>(value))
        return *positive;
    if (const auto* either = std::get_if<std::int64_t>(value); either != nullptr && *either >= 0)
        return static_cast<std::uint64_t>(*either);
    return std::nullopt;
}

std::optional<double> GgufFile::number(std::string_view key) const
{
    const MetadataValue* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* real = std::get_if<double>(value))
        return *real;
    if (const auto* positive = std::get_if<std::uint64_t>(value))
        return static_cast<double>(*positive);
    if (const auto* either = std::get_if<std::int64_t>(value))
        return static_cast<double>(*either);
    return std::nullopt;
}

std::optional<bool> GgufFile::boolean(std::string_view key) const
{
    const MetadataValue* value = find(key);
    const bool* flag = value == nullptr ? nullptr : std::get_if<bool>(value);
    return flag == nullptr ? std::nullopt : std::optional<bool>(*flag);
}

std::optional<std::string_view> GgufFile::text(std::string_view key) const
{
    const MetadataValue* value = find(key);
    const auto* text = value == nullptr ? nullptr : std::get_if<std::string_view>(value);
    return text == nullptr ? std::nullopt : std::optional<std::string_view>(*text);
}

const std::vector<std::string_view>* GgufFile::texts(std::string_view key) const
{
    const MetadataValue* value = find(key);
    const auto* array = value == nullptr ? nullptr : std::get_if<MetadataArray>(value);
    return array == nullptr ? nullptr : std::get_if<std::vector<std::string_view>>(array);
}

std::optional<std::vector<double>> GgufFile::numbers(std::string_view key) const
{
    const MetadataValue* value = find(key);
    const auto* array = value == nullptr ? nullptr : std::get_if<MetadataArray>(value);
    if (array == nullptr)
        return std::nullopt;
    return std::visit(
        [](const auto& elements) -> std::optional<std::vector<double>> {
            using Element = typename std::decay_t<decltype(elements)>::value_type;
            if constexpr (std::is_same_v<Element, bool> || std::is_same_v<Element, std::string_view>)
                return std::nullopt;
            else
                return std::vector<double>(elements.begin(), elements.end());
        },
        *array);
}

} // namespace vitrine::engine
