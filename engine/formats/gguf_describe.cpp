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

/// Shortest text that reads back as the same number; "100000" rather than "1e+05" where both would do.
template<class T>
std::string shortest(T number)
{
    const T size = std::abs(number);
    const bool plain = size >= T{1} && size < T{1e9};
    std::array<char, 32> text{};
    const auto end =
        plain ? std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed)
              : std::to_chars(text.data(), text.data() + text.size(), number);
    return {text.data(), end.ptr};
}

/// Of its float32 where that is what the file held.
std::string numberText(double number)
{
    const bool inRange = std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max());
    const auto single = inRange ? static_cast<float>(number) : 0.0F;
    return inRange && static_cast<double>(single) == number ? shortest(single) : shortest(number);
}

template<class T>
std::string elementText(const T& value)
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
std::string elementsText(const std::vector<T>& elements, std::size_t mostElements)
{
    std::string text;
    const std::size_t shown = std::min(elements.size(), mostElements);
    for (std::size_t i = 0; i < shown; ++i)
        text += (i == 0 ? "" : ", ") + elementText<T>(elements[i]);
    if (shown < elements.size())
        text += shown == 0 ? "…" : ", …";
    return text;
}

template<class T>
std::string arrayTypeText(const std::vector<T>& elements)
{
    return std::string(typeName<T>()) + "[" + std::to_string(elements.size()) + "]";
}

} // namespace

std::string typeText(const MetadataValue& value)
{
    return std::visit(
        [](const auto& held) -> std::string {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, MetadataArray>)
                return std::visit([](const auto& array) { return arrayTypeText(array); }, held);
            else
                return typeName<Held>();
        },
        value);
}

std::string valueText(const MetadataValue& value, std::size_t mostElements)
{
    return std::visit(
        [mostElements](const auto& held) -> std::string {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, MetadataArray>)
                return std::visit([&](const auto& array) { return elementsText(array, mostElements); }, held);
            else
                return elementText(held);
        },
        value);
}

std::string shapeText(const TensorInfo& tensor)
{
    std::string text = "[";
    for (std::uint32_t i = tensor.dimensions; i-- > 0;)
        text += std::to_string(tensor.shape[i]) + (i > 0 ? ", " : "");
    return text + "]";
}

std::string typeText(const TensorInfo& tensor)
{
    return kernels::quantInfo(tensor.type).name;
}

std::vector<std::string> describeMetadata(const GgufFile& file, std::size_t mostElements)
{
    std::vector<std::string> lines;
    lines.reserve(file.metadata().size());
    for (const MetadataEntry& entry : file.metadata()) {
        const std::string value = valueText(entry.value, mostElements);
        lines.push_back(printable(entry.key) + ": " + typeText(entry.value) + " =" +
                        (value.empty() ? "" : " " + value));
    }
    return lines;
}

std::vector<std::string> describeTensors(const GgufFile& file)
{
    std::vector<std::string> lines;
    lines.reserve(file.tensors().size());
    for (const TensorInfo& tensor : file.tensors())
        lines.push_back(printable(tensor.name) + ": " + typeText(tensor) + " " + shapeText(tensor) + " = " +
                        std::to_string(tensor.bytes) + " bytes");
    return lines;
}

} // namespace vitrine::engine
