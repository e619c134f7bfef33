// SPDX-License-Identifier: GPL-3.0-or-later
// The 256 printable characters that stand for bytes in byte-level vocabularies, as GPT-2 introduced them:
// printable Latin-1 characters stand for themselves, the other bytes for U+0100 and on, in order.
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine::engine {

/// The character of a byte, as UTF-8.
const std::string& byteCharacter(std::uint8_t byte);
/// The bytes that a text of such characters stands for; nothing where another character is among them.
std::optional<std::string> bytesOfCharacters(std::string_view text);
/// Likewise, with other characters as they are.
void appendCharactersBytes(std::string_view text, std::string& bytes);

} // namespace vitrine::engine
