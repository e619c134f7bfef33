// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/safetensors_file.h"

#include <functional>
#include <utility>

namespace vitrine::engine {

Result<SafetensorsFile> SafetensorsFile::open(const std::string& path)
{
    Result<MappedFile> mapping = MappedFile::open(path);
    if (!mapping)
        return mapping.error();
    Result<std::vector<SafetensorsTensor>> tensors = readSafetensorsHeader(mapping->bytes(), path);
    if (!tensors)
        return tensors.error();
    if (mapping->lost())
        return badInput(path + ": the file changed while it was being read; try again");
    SafetensorsFile file;
    file.m_path = path;
    file.m_mapping = std::move(*mapping);
    file.m_tensors = std::move(*tensors);
    return file;
}

bool SafetensorsFile::contains(const std::uint8_t* data) const
{
    const std::less<> before; // places in different files have no order of their own
    const std::span<const std::uint8_t> bytes = m_mapping.bytes();
    return !before(data, bytes.data()) && before(data, bytes.data() + bytes.size());
}

} // namespace vitrine::engine
