// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf_describe.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "engine/base/text.h"

namespace vitrine::engine {

namespace {

template<class T>
constexpr const char* typeName()
{
    if constexpr (std::is_same_v<T, bool>)
        return "bool";
    else if constexpr (std::is_same_v<T, std::string_view>)
        return "string";
    else if constexpr (std::is_floating_point_v<T>)
        return "float";
    else
        return std::is_signed_v<T> ? "int" : "uint";
}

/// Shortest text that reads back as the same number; of its float32 where that is what the file held.
std::string numberText(double number)
{
    std::array<char, 32> text{};
    const bool inRange = std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max());
    const auto single = inRange ? static_cast<float>(number) : 0.0F;
    const bool isSingle = inRange && static_cast<double>(single) == number;
    const auto end = isSingle ? std::to_chars(text.data(), text.data() + text.size(), single)
                              : std::to_chars(text.data(), text.data() + text.size(), number);
    return {text.data(), end.ptr};
}

template<class T>
std::string valueText(const T& value)
{
    if constexpr (std::is_same_v<T, bool>)
        return value ? "true" : "false";
    else if constexpr (std::is_same_v<T, std::string_view>)
        return quoted(value);
    else if constexpr (std::is_floating_point_v<T>)
        return numberText(value);
    else
        return std::to_string(value);
}

template<class T>
std::string arrayText(const std::vector<T>& elements, std::size_t mostElements)
{
    std::string text = std::string(typeName<T>()) + "[" + std::to_string(elements.size()) + "] =";
    const std::size_t shown = std::min(elements.size(), mostElements);
    for (std::size_t i = 0; i < shown; ++i)
        text += (i == 0 ? " " : ", ") + valueText<T>(elements[i]);
    if (shown < elements.size())
        text += shown == 0 ? " …" : ", …";
    return text;
}

std::string typeAndValue(const MetadataValue& value, std::size_t mostElements)
{
    return std::visit(
        [&](const auto& held) -> std::string {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, MetadataArray>)
                return std::visit([&](const auto& array) { return arrayText(array, mostElements); }, held);
            else
                return std::string(typeName<Held>()) + " = " + valueText(held);
        },
        value);
}

} // namespace

std::string shapeText(const TensorInfo& tensor)
{
    std::string text = "[";
    for (std::uint32_t i = tensor.dimensions; i-- > 0;)
        text += std::to_string(tensor.shape[i]) + (i > 0 ? ", " : "");
    return text + "]";
}

std::vector<std::string> describeMetadata(const GgufFile& file, std::size_t mostElements)
{
    std::vector<std::string> lines;
    lines.reserve(file.metadata().size());
    for (const MetadataEntry& entry : file.metadata())
        lines.push_back(printable(entry.key) + ": " + typeAndValue(entry.value, mostElements));
    return lines;
}

std::vector<std::string> describeTensors(const GgufFile& file)
{
    std::vector<std::string> lines;
    lines.reserve(file.tensors().size());
    for (const TensorInfo& tensor : file.tensors())
        lines.push_back(printable(tensor.name) + ": " + kernels::quantInfo(tensor.type).name + " " +
                        shapeText(tensor) + " = " + std::to_string(tensor.bytes) + " bytes");
    return lines;
}

} // namespace vitrine::engine
