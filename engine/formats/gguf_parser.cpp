// SPDX-License-Identifier: GPL-3.0-or-later
// Header and metadata; the tensors are in gguf_parser_tensors.cpp.
#include "engine/formats/gguf_parser.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "engine/base/text.h"

namespace vitrine::engine {

namespace {

enum ValueType : std::uint32_t {
    kUint8,
    kInt8,
    kUint16,
    kInt16,
    kUint32,
    kInt32,
    kFloat32,
    kBool,
    kString,
    kArray,
    kUint64,
    kInt64,
    kFloat64,
};

constexpr std::uint32_t kMagic = 0x46554747;        // "GGUF"
constexpr std::uint32_t kSwappedMagic = 0x47475546; // "FUGG"
// Far beyond every published model, small enough that no file makes us use memory it does not deserve.
constexpr std::uint64_t kMostKeys = 1U << 20U;
constexpr std::uint64_t kMostTensors = 1U << 20U;
constexpr std::uint64_t kMostArrayElements = 1U << 25U;
constexpr std::uint64_t kMostKeyBytes = 65535; // the format's own limit
constexpr std::uint64_t kLeastEntryBytes = 8 + 1 + 4 + 1;
constexpr std::uint64_t kLeastTensorBytes = 8 + 1 + 4 + 4 + 8;

/// Calls `visit` with the type in the file and the type that it widens to. REQUIRES: a number's type.
template<class Visit>
Result<void> withNumberType(std::uint32_t type, Visit visit)
{
    switch (type) {
    case kUint8:
        return visit.template operator()<std::uint8_t, std::uint64_t>();
    case kUint16:
        return visit.template operator()<std::uint16_t, std::uint64_t>();
    case kUint32:
        return visit.template operator()<std::uint32_t, std::uint64_t>();
    case kUint64:
        return visit.template operator()<std::uint64_t, std::uint64_t>();
    case kInt8:
        return visit.template operator()<std::int8_t, std::int64_t>();
    case kInt16:
        return visit.template operator()<std::int16_t, std::int64_t>();
    case kInt32:
        return visit.template operator()<std::int32_t, std::int64_t>();
    case kInt64:
        return visit.template operator()<std::int64_t, std::int64_t>();
    case kFloat32:
        return visit.template operator()<float, double>();
    default:
        return visit.template operator()<double, double>();
    }
}

} // namespace

Result<void> GgufParser::run()
{
    using Step = Result<void> (GgufParser::*)();
    constexpr Step kSteps[] = {&GgufParser::readHeader,   &GgufParser::readMetadata,
                               &GgufParser::indexKeys,    &GgufParser::readAlignment,
                               &GgufParser::readTensors,  &GgufParser::indexTensors,
                               &GgufParser::placeTensors, &GgufParser::checkOverlap};
    for (const Step step : kSteps) {
        if (Result<void> done = (this->*step)(); !done)
            return done;
    }
    return {};
}

Error GgufParser::refused(const std::string& what, std::uint64_t at) const
{
    return badInput(m_file.m_path + ": " + m_field + ": " + what + " (at byte " + std::to_string(at) + ")");
}

Error GgufParser::truncated(const char* what) const
{
    return refused(std::string("the file ends inside the ") + what + "; it has " +
                       std::to_string(m_file.m_bytes.size()) + " bytes: an incomplete download?",
                   m_reader.position());
}

Result<void> GgufParser::readHeader()
{
    std::uint32_t magic = 0;
    if (!m_reader.read(magic))
        return truncated("magic number");
    if (magic == kSwappedMagic)
        return refused("a byte-swapped (big-endian) GGUF file is not supported", 0);
    if (magic != kMagic)
        return refused("not a GGUF file: it does not begin with \"GGUF\"", 0);
    if (Result<void> version = checkVersion(); !version)
        return version;
    const std::uint64_t at = m_reader.position();
    if (!m_reader.read(m_tensorCount) || !m_reader.read(m_keyCount))
        return truncated("counts of tensors and keys");
    if (m_tensorCount > kMostTensors || m_tensorCount > m_reader.remaining() / kLeastTensorBytes)
        return refused("claims " + std::to_string(m_tensorCount) + " tensors, more than it can hold", at);
    if (m_keyCount > kMostKeys || m_keyCount > m_reader.remaining() / kLeastEntryBytes)
        return refused("claims " + std::to_string(m_keyCount) + " metadata keys, more than it can hold",
                       at + 8);
    return {};
}

Result<void> GgufParser::checkVersion()
{
    const std::uint64_t at = m_reader.position();
    std::uint32_t version = 0;
    if (!m_reader.read(version))
        return truncated("version");
    if (version == 2 || version == 3) {
        m_file.m_version = version;
        return {};
    }
    if (version != 0 && (version & 0xFFFFU) == 0)
        return refused("a big-endian GGUF file is not supported", at);
    return refused("GGUF version " + std::to_string(version) + " is not supported (2 and 3 are)", at);
}

Result<void> GgufParser::readMetadata()
{
    m_file.m_metadata.resize(static_cast<std::size_t>(m_keyCount));
    for (std::size_t i = 0; i < m_file.m_metadata.size(); ++i) {
        MetadataEntry& entry = m_file.m_metadata[i];
        m_field = "metadata key " + std::to_string(i);
        if (Result<void> key = readKey(entry.key); !key)
            return key;
        m_field = "metadata " + quoted(entry.key);
        std::uint32_t type = 0;
        if (!m_reader.read(type))
            return truncated("type");
        if (Result<void> value = readValue(type, entry.value); !value)
            return value;
    }
    return {};
}

Result<void> GgufParser::readKey(std::string_view& key)
{
    const std::uint64_t at = m_reader.position();
    if (Result<void> text = readString(key, "name"); !text)
        return text;
    if (key.empty())
        return refused("the name is empty", at);
    if (key.size() > kMostKeyBytes)
        return refused("the name has " + std::to_string(key.size()) + " bytes, more than 65535", at);
    return {};
}

Result<void> GgufParser::readString(std::string_view& text, const char* what)
{
    const std::uint64_t at = m_reader.position();
    std::uint64_t length = 0;
    if (!m_reader.read(length))
        return truncated(what);
    if (!m_reader.readText(length, text))
        return refused(std::string("the ") + what + " claims " + std::to_string(length) + " bytes, " +
                           std::to_string(m_reader.remaining()) + " are left",
                       at);
    return {};
}

Result<void> GgufParser::readValue(std::uint32_t type, MetadataValue& value)
{
    if (type == kString)
        return readString(value.emplace<std::string_view>(), "string");
    if (type == kBool)
        return readBoolean(value.emplace<bool>());
    if (type == kArray)
        return readArray(value);
    if (type > kFloat64)
        return refused("value type " + std::to_string(type) + " does not exist", m_reader.position() - 4);
    return withNumberType(type, [&]<class Stored, class Wide>() -> Result<void> {
        Stored stored{};
        if (!m_reader.read(stored))
            return truncated("value");
        value = static_cast<Wide>(stored);
        return {};
    });
}

Result<void> GgufParser::readBoolean(bool& value)
{
    std::uint8_t stored = 0;
    if (!m_reader.read(stored))
        return truncated("value");
    if (stored > 1)
        return refused("a boolean is " + std::to_string(stored) + ", neither 0 nor 1",
                       m_reader.position() - 1);
    value = stored == 1;
    return {};
}

Result<void> GgufParser::readArray(MetadataValue& value)
{
    std::uint32_t type = 0;
    std::uint64_t count = 0;
    if (Result<void> head = readArrayHead(type, count); !head)
        return head;
    if (type == kString)
        return readStrings(count, value);
    if (type == kBool)
        return readBooleans(count, value);
    return withNumberType(type, [&]<class Stored, class Wide>() -> Result<void> {
        std::vector<Wide> numbers(static_cast<std::size_t>(count));
        for (Wide& number : numbers) {
            Stored stored{};
            if (!m_reader.read(stored))
                return truncated("array");
            number = static_cast<Wide>(stored);
        }
        value = MetadataArray(std::move(numbers));
        return {};
    });
}

Result<void> GgufParser::readArrayHead(std::uint32_t& type, std::uint64_t& count)
{
    const std::uint64_t at = m_reader.position();
    if (!m_reader.read(type) || !m_reader.read(count))
        return truncated("array's type and length");
    if (type == kArray)
        return refused("arrays of arrays are not supported", at);
    if (type > kFloat64)
        return refused("array element type " + std::to_string(type) + " does not exist", at);
    constexpr std::uint64_t kLeastBytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 8, 0, 8, 8, 8}; // by ValueType
    if (count > m_reader.remaining() / kLeastBytes[type])
        return refused("the array claims " + std::to_string(count) + " elements, more than the file can hold",
                       at + 4);
    m_arrayElements += count;
    if (m_arrayElements > kMostArrayElements)
        return refused("the arrays of the file have more than " + std::to_string(kMostArrayElements) +
                           " elements in all",
                       at + 4);
    return {};
}

Result<void> GgufParser::readBooleans(std::uint64_t count, MetadataValue& value)
{
    std::vector<bool> flags(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < flags.size(); ++i) {
        bool flag = false;
        if (Result<void> read = readBoolean(flag); !read)
            return read;
        flags[i] = flag;
    }
    value = MetadataArray(std::move(flags));
    return {};
}

Result<void> GgufParser::readStrings(std::uint64_t count, MetadataValue& value)
{
    std::vector<std::string_view> texts(static_cast<std::size_t>(count));
    for (std::string_view& text : texts) {
        if (Result<void> read = readString(text, "string of an array"); !read)
            return read;
    }
    value = MetadataArray(std::move(texts));
    return {};
}

Result<void> GgufParser::indexKeys()
{
    const auto& entries = m_file.m_metadata;
    auto& index = m_file.m_metadataByKey;
    index.resize(entries.size());
    std::iota(index.begin(), index.end(), 0U);
    std::sort(index.begin(), index.end(), [&](auto a, auto b) { return entries[a].key < entries[b].key; });
    const auto same = [&](auto a, auto b) { return entries[a].key == entries[b].key; };
    if (const auto twice = std::adjacent_find(index.begin(), index.end(), same); twice != index.end()) {
        const std::string_view key = entries[*twice].key;
        m_field = "metadata " + quoted(key);
        const auto* start = reinterpret_cast<const char*>(m_file.m_bytes.data());
        return refused("the key occurs twice", static_cast<std::uint64_t>(key.data() - start));
    }
    return {};
}

Result<void> GgufParser::readAlignment()
{
    const MetadataValue* value = m_file.find("general.alignment");
    if (value == nullptr)
        return {};
    m_field = "metadata \"general.alignment\"";
    const auto alignment = m_file.integer("general.alignment");
    if (!alignment || *alignment < 8 || *alignment > 65536 || !std::has_single_bit(*alignment))
        return refused("the alignment must be a power of two from 8 to 65536", m_reader.position());
    m_alignment = *alignment;
    return {};
}

} // namespace vitrine::engine
