// SPDX-License-Identifier: GPL-3.0-or-later
// A family knows how one architecture names its metadata and tensors. Adding one is a file in
// families/ and a line in the registry.
#pragma once

#include <span>
#include <string_view>

#include "engine/base/result.h"
#include "engine/formats/gguf_file.h"
#include "engine/model/model_config.h"
#include "engine/model/weights.h"

namespace vitrine::engine {

struct Family
{
    std::string_view architecture; ///< value of general.architecture
    Result<ModelConfig> (*configure)(const GgufFile&);
    Result<ModelWeights> (*weights)(const GgufFile&, const ModelConfig&);
};

/// nullptr when unknown; `families()` lists what is known, for messages.
const Family* findFamily(std::string_view architecture);
std::span<const Family> families();

/// The family of a file; the error names the architecture and what is supported.
Result<const Family*> familyOf(const GgufFile& file);

} // namespace vitrine::engine
