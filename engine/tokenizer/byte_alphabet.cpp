// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/byte_alphabet.h"

#include <array>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

struct ByteAlphabet
{
    std::array<std::string, 256> texts;
    std::array<std::int16_t, 0x144> bytes; // by character; -1: stands for no byte

    ByteAlphabet()
    {
        bytes.fill(-1);
        char32_t next = 0x100;
        for (int byte = 0; byte < 256; ++byte) {
            const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
            const char32_t code = printable ? static_cast<char32_t>(byte) : next++;
            unicode::append(texts[static_cast<std::size_t>(byte)], code);
            bytes[code] = static_cast<std::int16_t>(byte);
        }
    }
};

const ByteAlphabet& alphabet()
{
    static const ByteAlphabet all;
    return all;
}

/// False where a character stands for no byte; it is left as it is.
bool append(std::string_view text, std::string& bytes)
{
    bool all = true;
    for (std::size_t at = 0; at < text.size();) {
        const unicode::Decoded decoded = unicode::decodeAt(text, at);
        const bool known = decoded.code < alphabet().bytes.size() && alphabet().bytes[decoded.code] >= 0;
        if (known)
            bytes += static_cast<char>(alphabet().bytes[decoded.code]);
        else
            bytes += text.substr(at, decoded.length);
        all = all && known;
        at += decoded.length;
    }
    return all;
}

} // namespace

const std::string& byteCharacter(std::uint8_t byte)
{
    return alphabet().texts[byte];
}

std::optional<std::string> bytesOfCharacters(std::string_view text)
{
    std::string bytes;
    return append(text, bytes) ? std::optional(std::move(bytes)) : std::nullopt;
}

void appendCharactersBytes(std::string_view text, std::string& bytes)
{
    append(text, bytes);
}

} // namespace vitrine::engine
