// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/payload_number.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <type_traits>

#include <nvtx3/nvToolsExtPayload.h>

#include "engine/nvtx_injection/payload_form.h"
#include "engine/nvtx_injection/text_table.h"

namespace vitrine::engine {

namespace {

template<class T>
T valueOf(PayloadBytes bytes)
{
    T value{};
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

PayloadNumber realOf(double value)
{
    return {NvtxRawPayload::Real, std::bit_cast<std::uint64_t>(value)};
}

template<class T>
std::optional<PayloadNumber> numberOf(PayloadBytes bytes)
{
    if (bytes.size() < sizeof(T))
        return {};
    const T value = valueOf<T>(bytes);
    if constexpr (std::is_floating_point_v<T>)
        return realOf(static_cast<double>(value));
    else if constexpr (std::is_signed_v<T>)
        return PayloadNumber{NvtxRawPayload::Signed,
                             static_cast<std::uint64_t>(static_cast<std::int64_t>(value))};
    else
        return PayloadNumber{NvtxRawPayload::Unsigned, static_cast<std::uint64_t>(value)};
}

double halfOf(std::uint16_t bits)
{
    const double sign = (bits & 0x8000U) != 0 ? -1 : 1;
    const int exponent = (bits >> 10U) & 0x1F;
    const int fraction = bits & 0x3FF;
    if (exponent == 0x1F)
        return fraction != 0 ? std::nan("") : sign * HUGE_VAL;
    if (exponent == 0)
        return sign * std::ldexp(fraction, -24);
    return sign * std::ldexp(fraction + 1024, exponent - 25);
}

template<PayloadForm Form>
std::optional<PayloadNumber> shortReal(PayloadBytes bytes)
{
    if (bytes.size() < sizeof(std::uint16_t))
        return {};
    const auto bits = valueOf<std::uint16_t>(bytes);
    if constexpr (Form == PayloadForm::Half)
        return realOf(halfOf(bits));
    else
        return realOf(double{std::bit_cast<float>(std::uint32_t{bits} << 16U)});
}

template<class Character>
std::string readCharacters(PayloadBytes bytes, std::size_t most)
{
    std::string out;
    for (std::size_t at = 0; bytes.size() - at >= sizeof(Character) && out.size() < most;
         at += sizeof(Character)) {
        const auto character = valueOf<Character>(bytes.subspan(at));
        if (character == 0)
            break;
        if constexpr (sizeof(Character) == 1)
            out.push_back(static_cast<char>(character));
        else
            appendCharacter(out, static_cast<std::uint32_t>(character));
    }
    return out;
}

/// UTF-16: pairs of surrogates are one character.
std::string readWide(PayloadBytes bytes, std::size_t most)
{
    std::string out;
    std::uint32_t high = 0;
    for (std::size_t at = 0; bytes.size() - at >= 2 && out.size() < most; at += 2) {
        const std::uint32_t unit = valueOf<std::uint16_t>(bytes.subspan(at));
        if (unit == 0)
            break;
        const bool low = unit >= 0xDC00 && unit < 0xE000;
        if (high != 0)
            appendCharacter(out, low ? 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00) : high);
        high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
        if (high == 0 && !(low && !out.empty()))
            appendCharacter(out, unit);
    }
    return out;
}

} // namespace

std::optional<PayloadNumber> readNumber(std::uint64_t type, PayloadBytes bytes)
{
    switch (formOf(type)) {
        // clang-format off
    case PayloadForm::Int8: return numberOf<std::int8_t>(bytes);
    case PayloadForm::UInt8: return numberOf<std::uint8_t>(bytes);
    case PayloadForm::Int16: return numberOf<std::int16_t>(bytes);
    case PayloadForm::UInt16: return numberOf<std::uint16_t>(bytes);
    case PayloadForm::Int32: return numberOf<std::int32_t>(bytes);
    case PayloadForm::UInt32: return numberOf<std::uint32_t>(bytes);
    case PayloadForm::Long: return numberOf<long>(bytes);
    case PayloadForm::ULong: return numberOf<unsigned long>(bytes);
    case PayloadForm::Int64: return numberOf<std::int64_t>(bytes);
    case PayloadForm::UInt64: return numberOf<std::uint64_t>(bytes);
    case PayloadForm::Size: return numberOf<std::size_t>(bytes);
    case PayloadForm::Float: return numberOf<float>(bytes);
    case PayloadForm::Double: return numberOf<double>(bytes);
    case PayloadForm::LongDouble: return numberOf<long double>(bytes);
    case PayloadForm::Half: return shortReal<PayloadForm::Half>(bytes);
    case PayloadForm::BrainFloat: return shortReal<PayloadForm::BrainFloat>(bytes);
    default: return {};
        // clang-format on
    }
}

std::uint64_t readUnsigned(PayloadBytes bytes)
{
    switch (bytes.size()) {
    case 1:
        return valueOf<std::uint8_t>(bytes);
    case 2:
        return valueOf<std::uint16_t>(bytes);
    case 4:
        return valueOf<std::uint32_t>(bytes);
    default:
        return bytes.size() == 8 ? valueOf<std::uint64_t>(bytes) : 0;
    }
}

std::string hexadecimal(std::uint64_t value)
{
    std::array<char, 18> digits{'0', 'x'};
    const auto end = std::to_chars(digits.data() + 2, digits.data() + digits.size(), value, 16).ptr;
    return {digits.data(), end};
}

std::string textOf(std::uint64_t type, const PayloadNumber& number)
{
    if (type == NVTX_PAYLOAD_ENTRY_TYPE_ADDRESS || type == NVTX_PAYLOAD_ENTRY_TYPE_COLOR_ARGB)
        return hexadecimal(number.bits);
    if (number.kind == NvtxRawPayload::Signed)
        return std::to_string(static_cast<std::int64_t>(number.bits));
    if (number.kind == NvtxRawPayload::Unsigned)
        return std::to_string(number.bits);
    std::array<char, 32> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), std::bit_cast<double>(number.bits)).ptr;
    return {digits.data(), end};
}

std::string readText(std::uint64_t type, PayloadBytes bytes, std::size_t most)
{
    std::string text;
    if (type == NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF16 || type == NVTX_PAYLOAD_ENTRY_TYPE_CHAR16)
        text = readWide(bytes, most);
    else if (type == NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF32 || type == NVTX_PAYLOAD_ENTRY_TYPE_CHAR32 ||
             type == NVTX_PAYLOAD_ENTRY_TYPE_WCHAR)
        text = readCharacters<std::uint32_t>(bytes, most);
    else
        text = readCharacters<char>(bytes, most);
    for (char& character : text)
        if (static_cast<unsigned char>(character) < ' ' || character == 0x7F)
            character = ' ';
    return text;
}

} // namespace vitrine::engine
