// SPDX-License-Identifier: GPL-3.0-or-later
// Texts and lists of a payload.
#include <algorithm>

#include "engine/nvtx_injection/payload_decoder.h"
#include "engine/nvtx_injection/payload_texts.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostElements = 16; // that are shown

bool isCharacter(std::uint64_t type)
{
    return type == NVTX_PAYLOAD_ENTRY_TYPE_CHAR ||
           (type >= NVTX_PAYLOAD_ENTRY_TYPE_WCHAR && type <= NVTX_PAYLOAD_ENTRY_TYPE_CHAR32);
}

/// Elements before the first that is all zero.
std::size_t beforeZero(PayloadBytes bytes, std::size_t size)
{
    std::size_t count = 0;
    for (; (count + 1) * size <= bytes.size(); ++count) {
        const PayloadBytes element = bytes.subspan(count * size, size);
        if (std::all_of(element.begin(), element.end(), [](std::byte byte) { return byte == std::byte{0}; }))
            break;
    }
    return count;
}

} // namespace

bool PayloadDecoder::isMessage(const PayloadEntry& entry)
{
    constexpr std::uint64_t kMessage = NVTX_PAYLOAD_ENTRY_FLAG_EVENT_MESSAGE;
    return (entry.flags & (kMessage | NVTX_PAYLOAD_ENTRY_FLAG_TIMESTAMP)) == kMessage;
}

std::size_t PayloadDecoder::addText(const Frame& frame, const PayloadEntry& entry, PayloadBytes bytes)
{
    const std::size_t unit = entry.element.size;
    const std::uint64_t kind = entry.flags & kArrays;
    std::uint64_t length = entry.detail;
    std::uint64_t used = 0;
    if (kind == NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_LENGTH_INDEX)
        length =
            entry.detail < frame.numbers.size() ? frame.numbers[static_cast<std::size_t>(entry.detail)] : 0;
    if (kind == NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_ZERO_TERMINATED || (kind == 0 && entry.detail == 0)) {
        length = beforeZero(bytes, unit);
        used = unit;
    } else if (kind == NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_LENGTH_PAYLOAD_INDEX) {
        return kUnknown;
    }
    if (length > bytes.size() / unit)
        return kUnknown;
    addCharacters(entry, bytes.first(static_cast<std::size_t>(length) * unit));
    return static_cast<std::size_t>(length * unit + used);
}

void PayloadDecoder::addCharacters(const PayloadEntry& entry, PayloadBytes bytes)
{
    std::string text = readText(entry.type, bytes, PayloadTexts::kLongest);
    if (isMessage(entry)) {
        m_out.message = std::move(text);
        return;
    }
    countValue();
    put("\"");
    put(text);
    put("\"");
}

std::size_t PayloadDecoder::addArray(const Frame& frame, const PayloadEntry& entry, PayloadBytes bytes)
{
    const std::size_t unit = entry.element.size;
    std::uint64_t count = entry.detail;
    std::size_t zero = 0;
    switch (entry.flags & kArrays) {
    case NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_FIXED_SIZE:
        break;
    case NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_ZERO_TERMINATED:
        if (unit == 0)
            return kUnknown;
        count = beforeZero(bytes, unit);
        zero = unit;
        break;
    case NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_LENGTH_INDEX:
        count =
            entry.detail < frame.numbers.size() ? frame.numbers[static_cast<std::size_t>(entry.detail)] : 0;
        break;
    default:
        return kUnknown;
    }
    const bool fits = unit > 0 && count <= bytes.size() / unit;
    if (isCharacter(entry.type)) {
        if (fits)
            addCharacters(entry, bytes.first(static_cast<std::size_t>(count) * unit));
        return fits ? static_cast<std::size_t>(count) * unit + zero : kUnknown;
    }
    countValue(); // also of one element: it is a list
    put("[");
    std::size_t at = 0;
    std::uint64_t shown = 0;
    for (; shown < std::min<std::uint64_t>(count, kMostElements) && at < bytes.size() && !spent(); ++shown) {
        put(shown > 0 ? ", " : "");
        const std::size_t used = addValue(entry, bytes.subspan(at), frame.depth, nullptr);
        if (used == kUnknown || used > bytes.size() - at)
            break;
        at += used;
    }
    put(shown < count ? ", …]" : "]");
    if (fits)
        return static_cast<std::size_t>(count) * unit + zero;
    return shown == count ? at : kUnknown;
}

} // namespace vitrine::engine
