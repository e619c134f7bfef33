// SPDX-License-Identifier: GPL-3.0-or-later
// A folder as if it were a GGUF file: what GgufFile does for that.
#include <algorithm>
#include <numeric>

#include "engine/formats/gguf_file.h"
#include "engine/formats/model_folder.h"

namespace vitrine::engine {

Result<GgufFile> GgufFile::openFolder(const std::string& path)
{
    Result<std::shared_ptr<const ModelFolder>> folder = ModelFolder::open(path);
    if (!folder)
        return folder.error();
    GgufFile file;
    file.m_path = path;
    file.m_folder = std::move(*folder);
    file.m_metadata = file.m_folder->config().entries;
    if (const FolderWeights* weights = file.m_folder->weights())
        file.m_tensors.assign(weights->tensors().begin(), weights->tensors().end());
    file.m_metadataByKey.resize(file.m_metadata.size());
    std::iota(file.m_metadataByKey.begin(), file.m_metadataByKey.end(), 0U);
    std::stable_sort(file.m_metadataByKey.begin(), file.m_metadataByKey.end(),
                     [&](auto a, auto b) { return file.m_metadata[a].key < file.m_metadata[b].key; });
    if (Result<void> indexed = file.indexTensors("is in the folder twice"); !indexed)
        return indexed.error();
    if (file.lost())
        return badInput(path + ": its files changed while they were being read; try again");
    return file;
}

std::size_t GgufFile::files() const
{
    const FolderWeights* weights = m_folder ? m_folder->weights() : nullptr;
    return weights != nullptr ? weights->shards().size() : 1 + m_parts.size();
}

Result<void> GgufFile::fill(bool check, const std::function<bool(double)>& progress) const
{
    FolderWeights* weights = m_folder ? m_folder->weights() : nullptr;
    return weights == nullptr ? Result<void>() : weights->fill(check, progress);
}

std::uint64_t GgufFile::convertedBytes() const
{
    const FolderWeights* weights = m_folder ? m_folder->weights() : nullptr;
    return weights == nullptr ? 0 : weights->convertedBytes();
}

std::string GgufFile::spelled(std::string_view name) const
{
    return m_folder ? m_folder->spelled(name) : std::string(name);
}

} // namespace vitrine::engine
