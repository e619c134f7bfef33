// SPDX-License-Identifier: GPL-3.0-or-later
// How people call the quantisation of a whole file. Any thread.
#pragma once

#include <string>

#include "engine/formats/gguf_file.h"

namespace vitrine::engine {

/// "Q4_K_M" and the like from general.file_type; where that is absent or new, the tensor type that takes most
/// bytes; "" for a file without tensors.
std::string fileTypeName(const GgufFile& file);

} // namespace vitrine::engine
