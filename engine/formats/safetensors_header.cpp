// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/safetensors_header.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/text.h"
#include "engine/formats/byte_reader.h"

namespace vitrine::engine {

namespace {

constexpr std::uint64_t kMostHeaderBytes = 100'000'000; // the format's own limit
constexpr std::size_t kMostTensors = 1U << 20U;
constexpr std::size_t kMostDimensions = 8;

struct TypeFacts
{
    SafetensorsType type;
    std::string_view name;
    std::uint32_t bytes;
};
constexpr std::array kTypes{
    TypeFacts{SafetensorsType::Bool, "BOOL", 1},      TypeFacts{SafetensorsType::U8, "U8", 1},
    TypeFacts{SafetensorsType::I8, "I8", 1},          TypeFacts{SafetensorsType::F8E4M3, "F8_E4M3", 1},
    TypeFacts{SafetensorsType::F8E5M2, "F8_E5M2", 1}, TypeFacts{SafetensorsType::F8E8M0, "F8_E8M0", 1},
    TypeFacts{SafetensorsType::I16, "I16", 2},        TypeFacts{SafetensorsType::U16, "U16", 2},
    TypeFacts{SafetensorsType::F16, "F16", 2},        TypeFacts{SafetensorsType::BF16, "BF16", 2},
    TypeFacts{SafetensorsType::I32, "I32", 4},        TypeFacts{SafetensorsType::U32, "U32", 4},
    TypeFacts{SafetensorsType::F32, "F32", 4},        TypeFacts{SafetensorsType::I64, "I64", 8},
    TypeFacts{SafetensorsType::U64, "U64", 8},        TypeFacts{SafetensorsType::F64, "F64", 8},
};

const TypeFacts& factsOf(SafetensorsType type)
{
    return *std::find_if(kTypes.begin(), kTypes.end(),
                         [type](const TypeFacts& facts) { return facts.type == type; });
}

/// Takes the JSON piece by piece, so that no more is kept than tensors are described.
class HeaderReader : public nlohmann::json_sax<nlohmann::json>
{
public:
    std::vector<SafetensorsTensor> tensors;
    std::string error;

    bool null() override { return wrong("a null"); }
    bool boolean(bool) override { return wrong("a truth value"); }
    bool number_integer(number_integer_t) override { return wrong("a number below 0"); }
    bool number_float(number_float_t, const string_t&) override { return wrong("a number with a fraction"); }
    bool binary(binary_t&) override { return wrong("binary data"); }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_place == Place::Shape && tensors.back().shape.size() < kMostDimensions)
            tensors.back().shape.push_back(value);
        else if (m_place == Place::Offsets && m_offsets < 2)
            (m_offsets++ == 0 ? tensors.back().offset : m_end) = value;
        else
            return wrong(m_place == Place::Shape ? "more than 8 dimensions" : "a number");
        return true;
    }
    bool string(string_t& value) override
    {
        if (m_place == Place::Metadata)
            return true;
        if (m_place != Place::Tensor || m_key != "dtype")
            return wrong("a text");
        const auto* found =
            std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeFacts& t) { return t.name == value; });
        if (found == kTypes.end())
            return fail("has type " + engine::quoted(value, 40) + ", which is not known");
        tensors.back().type = found->type;
        m_hasType = true;
        return true;
    }
    bool start_object(std::size_t) override
    {
        if (m_place == Place::Outside) {
            m_place = Place::Root;
            return true;
        }
        if (m_place != Place::Root)
            return wrong("an object");
        m_place = m_key == "__metadata__" ? Place::Metadata : Place::Tensor;
        return m_place == Place::Metadata || begin();
    }
    bool key(string_t& name) override
    {
        m_key = name;
        if (m_place != Place::Tensor || name == "dtype" || name == "shape" || name == "data_offsets")
            return true;
        return fail("has a field " + engine::quoted(name, 40) + ", which is not known");
    }
    bool end_object() override
    {
        const bool good = m_place != Place::Tensor || end();
        m_place = m_place == Place::Root ? Place::Outside : Place::Root;
        return good;
    }
    bool start_array(std::size_t) override
    {
        if (m_place != Place::Tensor || m_key == "dtype")
            return wrong("a list");
        const bool isShape = m_key == "shape";
        if (std::exchange(isShape ? m_hasShape : m_hasOffsets, true))
            return fail("has its " + m_key + " twice");
        m_place = isShape ? Place::Shape : Place::Offsets;
        return true;
    }
    bool end_array() override
    {
        m_place = Place::Tensor;
        return true;
    }
    bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) override
    {
        if (error.empty())
            error = "its header is not valid JSON at byte " + std::to_string(at + sizeof(std::uint64_t));
        return false;
    }

private:
    enum class Place : std::uint8_t { Outside, Root, Metadata, Tensor, Shape, Offsets };

    bool fail(const std::string& what)
    {
        const bool named = m_place != Place::Outside && m_place != Place::Root && !tensors.empty();
        error = named ? "tensor " + engine::quoted(tensors.back().name) + " " + what : "its header " + what;
        return false;
    }
    bool wrong(const char* what) { return fail(std::string("has ") + what + " where none belongs"); }

    bool begin()
    {
        if (tensors.size() == kMostTensors)
            return fail("describes more than " + std::to_string(kMostTensors) + " tensors");
        tensors.push_back({m_key, {}, {}, 0, 0});
        m_offsets = 0;
        m_end = 0;
        m_hasType = m_hasShape = m_hasOffsets = false;
        return true;
    }
    bool end()
    {
        if (!m_hasType || !m_hasShape || m_offsets != 2)
            return fail("lacks its dtype, shape or two data_offsets");
        SafetensorsTensor& tensor = tensors.back();
        if (m_end < tensor.offset)
            return fail("ends before it begins");
        tensor.bytes = m_end - tensor.offset;
        return holdsItsShape(tensor) ||
               fail("has shape " + shapeText(tensor) + " of " + std::string(nameOf(tensor.type)) +
                    ", but takes " + std::to_string(tensor.bytes) + " bytes");
    }
    static bool holdsItsShape(const SafetensorsTensor& tensor)
    {
        std::uint64_t bytes = bytesOf(tensor.type);
        for (const std::uint64_t size : tensor.shape)
            if (__builtin_mul_overflow(bytes, size, &bytes))
                return false;
        return bytes == tensor.bytes;
    }

    Place m_place = Place::Outside;
    std::string m_key;
    std::uint64_t m_end = 0;
    int m_offsets = 0;
    bool m_hasType = false, m_hasShape = false, m_hasOffsets = false;
};

Result<std::string_view> headerText(std::span<const std::uint8_t> file, const std::string& name)
{
    ByteReader reader(file);
    std::uint64_t length = 0;
    if (!reader.read(length))
        return badInput(name + ": is too short to be a safetensors file");
    if (length < 2 || length > kMostHeaderBytes)
        return badInput(name + ": is not a safetensors file: its header would take " +
                        std::to_string(length) + " bytes");
    std::string_view text;
    if (!reader.readText(length, text))
        return badInput(name + ": ends within its header; its download was not finished: download it again");
    if (text.front() != '{')
        return badInput(name + ": is not a safetensors file: its header does not begin with \"{\"");
    return text;
}

/// Without overlaps and holes, from the end of the header to the end of the file.
Result<void> checkPlaces(const std::vector<SafetensorsTensor>& tensors, std::uint64_t start,
                         std::uint64_t fileBytes, const std::string& name)
{
    std::uint64_t next = start;
    for (const SafetensorsTensor& tensor : tensors) {
        if (tensor.offset != next)
            return badInput(name + ": tensor " + engine::quoted(tensor.name) +
                            (tensor.offset < next ? " overlaps the one before it"
                                                  : " leaves a hole behind the one before it") +
                            " (at byte " + std::to_string(tensor.offset) + ")");
        next += tensor.bytes;
    }
    if (next > fileBytes)
        return badInput(name + ": has " + std::to_string(fileBytes) + " bytes of " + std::to_string(next) +
                        ": its download was not finished; download it again");
    if (next < fileBytes)
        return badInput(name + ": has " + std::to_string(fileBytes - next) +
                        " bytes behind its last tensor that belong to none");
    return {};
}

const SafetensorsTensor* namedTwice(const std::vector<SafetensorsTensor>& tensors)
{
    std::unordered_set<std::string_view> names;
    const auto twice = std::find_if(tensors.begin(), tensors.end(), [&](const SafetensorsTensor& tensor) {
        return !names.insert(tensor.name).second;
    });
    return twice == tensors.end() ? nullptr : &*twice;
}

} // namespace

std::string_view nameOf(SafetensorsType type)
{
    return factsOf(type).name;
}

std::uint32_t bytesOf(SafetensorsType type)
{
    return factsOf(type).bytes;
}

std::string shapeText(const SafetensorsTensor& tensor)
{
    std::string text = "[";
    for (const std::uint64_t size : tensor.shape)
        text += (text.size() == 1 ? "" : ", ") + std::to_string(size);
    return text + "]";
}

Result<std::vector<SafetensorsTensor>> readSafetensorsHeader(std::span<const std::uint8_t> file,
                                                             const std::string& name)
{
    const Result<std::string_view> text = headerText(file, name);
    if (!text)
        return text.error();
    HeaderReader reader;
    if (!nlohmann::json::sax_parse(text->begin(), text->end(), &reader))
        return badInput(name + ": " + reader.error);
    std::vector<SafetensorsTensor> tensors = std::move(reader.tensors);
    if (const SafetensorsTensor* twice = namedTwice(tensors))
        return badInput(name + ": tensor " + engine::quoted(twice->name) + " is described twice");
    const std::uint64_t start = sizeof(std::uint64_t) + text->size();
    for (SafetensorsTensor& tensor : tensors) {
        if (__builtin_add_overflow(tensor.offset, start, &tensor.offset) ||
            tensor.offset + tensor.bytes < tensor.offset)
            return badInput(name + ": tensor " + engine::quoted(tensor.name) + " lies beyond every file");
    }
    std::sort(tensors.begin(), tensors.end(), [](const SafetensorsTensor& a, const SafetensorsTensor& b) {
        return std::pair(a.offset, a.bytes) < std::pair(b.offset, b.bytes);
    });
    if (Result<void> placed = checkPlaces(tensors, start, file.size(), name); !placed)
        return placed.error();
    return tensors;
}

} // namespace vitrine::engine
