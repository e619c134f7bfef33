// SPDX-License-Identifier: GPL-3.0-or-later
// Text from outside, made safe to show: names and values of a file go into messages and lists through here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vitrine::engine {

/// Valid UTF-8 without control characters: line ends and tabs become \n, \r, \t, other control characters and
/// bytes that are not UTF-8 become \xNN. At most about `limit` bytes; a longer text ends in "…".
std::string printable(std::string_view text, std::size_t limit = 120);

/// As `printable`, but line ends and tabs stay what they are.
std::string printableLines(std::string_view text, std::size_t limit);

/// `printable` in double quotes.
std::string quoted(std::string_view text, std::size_t limit = 120);

/// Length in bytes of the valid UTF-8 character that `text` begins with; 0 when it does not begin with one.
std::size_t utf8CharacterLength(std::string_view text);

} // namespace vitrine::engine
