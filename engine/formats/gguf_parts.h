// SPDX-License-Identifier: GPL-3.0-or-later
// Models whose tensors are spread over several GGUF files, "NAME-00001-of-00003.gguf" and so on. The first
// has the metadata; `split.no` (from 0), `split.count` and `split.tensors.count` of each say how they belong
// together. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine::engine {

/// Files of one model at most: each takes a mapping.
inline constexpr std::uint32_t kMostParts = 256;

/// What the name of a part says.
struct PartName
{
    std::string stem;         ///< with the folder: "models/NAME"
    std::string extension;    ///< ".gguf", as it is spelt
    std::uint32_t number = 0; ///< from 1
    std::uint32_t count = 0;

    /// nullopt: not the name of a part, or of a part that cannot be (number 0, above the count).
    static std::optional<PartName> of(std::string_view path);
    std::string path(std::uint32_t number) const;
};

} // namespace vitrine::engine
