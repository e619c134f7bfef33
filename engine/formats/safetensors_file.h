// SPDX-License-Identifier: GPL-3.0-or-later
// A safetensors file, memory-mapped and checked. Immutable after `open`, so any thread may read; it moves but
// does not copy.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/formats/mapped_file.h"
#include "engine/formats/safetensors_header.h"

namespace vitrine::engine {

class SafetensorsFile
{
public:
    static Result<SafetensorsFile> open(const std::string& path);

    const std::string& path() const { return m_path; }
    const std::vector<SafetensorsTensor>& tensors() const { return m_tensors; } ///< by their places
    const MappedFile& mapping() const { return m_mapping; }
    bool contains(const std::uint8_t* data) const;
    /// Of one of tensors(). No more aligned than the file has it.
    std::span<const std::uint8_t> dataOf(const SafetensorsTensor& tensor) const
    {
        return m_mapping.bytes().subspan(tensor.offset, tensor.bytes);
    }

private:
    SafetensorsFile() = default;

    std::string m_path;
    MappedFile m_mapping;
    std::vector<SafetensorsTensor> m_tensors;
};

} // namespace vitrine::engine
