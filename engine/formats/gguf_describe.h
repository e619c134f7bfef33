// SPDX-License-Identifier: GPL-3.0-or-later
// A GGUF file in words for people: the command line and the window show them. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/formats/gguf_file.h"

namespace vitrine::engine {

/// "uint", "string[49152]": the kind of a value, with the length of an array.
std::string typeText(const MetadataValue& value);

/// A number, a quoted text, or the first `mostElements` of an array with "…" where it goes on. Long texts are
/// cut, characters that cannot be shown are escaped.
std::string valueText(const MetadataValue& value, std::size_t mostElements = 6);

/// "key: type = value" for each metadata key, in file order. Types are int, uint, float, bool and string (the
/// file keeps widths, GgufFile does not); an array is "string[49152]" and shows its first `mostElements`.
/// Long texts are cut, characters that cannot be shown are escaped.
std::vector<std::string> describeMetadata(const GgufFile& file, std::size_t mostElements = 6);

/// "name: type [rows, columns] = bytes" for each tensor, in file order, outermost dimension first.
std::vector<std::string> describeTensors(const GgufFile& file);

/// "[576, 49152]", outermost first.
std::string shapeText(const TensorInfo& tensor);

/// "Q4_K", as GGUF tools write it.
std::string typeText(const TensorInfo& tensor);

} // namespace vitrine::engine
