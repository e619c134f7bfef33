// SPDX-License-Identifier: GPL-3.0-or-later
// Python's ways with text: stripping, splitting, positions counted in characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::engine::jinja {

// Without `characters`: white space.
std::string_view stripLeft(std::string_view text, std::optional<std::string_view> characters = {});
std::string_view stripRight(std::string_view text, std::optional<std::string_view> characters = {});

/// Byte positions of the characters, and the text's size at the end.
std::vector<std::size_t> characterOffsets(std::string_view text);
std::vector<std::string_view> characters(std::string_view text);

/// str.split and str.rsplit. Without separator: runs of white space. `most` < 0: no limit.
std::vector<std::string_view> split(std::string_view text, std::optional<std::string_view> separator,
                                    std::int64_t most, bool fromRight);
std::vector<std::string_view> splitLines(std::string_view text, bool keepEnds);
/// How often `part` (not empty) occurs, without overlaps.
std::size_t occurrences(std::string_view text, std::string_view part);
/// Every letter after a non-letter as a title letter, as str.title does.
std::string titled(std::string_view text);

} // namespace vitrine::engine::jinja
