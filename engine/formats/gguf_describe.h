// SPDX-License-Identifier: GPL-3.0-or-later
// A GGUF file in lines for people: the command line and the window show them. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/formats/gguf_file.h"

namespace vitrine::engine {

/// "key: type = value" for each metadata key, in file order. Types are int, uint, float, bool and string (the
/// file keeps widths, GgufFile does not); an array is "string[49152]" and shows its first `mostElements`.
/// Long texts are cut, characters that cannot be shown are escaped.
std::vector<std::string> describeMetadata(const GgufFile& file, std::size_t mostElements = 6);

/// "name: type [rows, columns] = bytes" for each tensor, in file order, outermost dimension first.
std::vector<std::string> describeTensors(const GgufFile& file);

/// "[576, 49152]", outermost first.
std::string shapeText(const TensorInfo& tensor);

} // namespace vitrine::engine
