// SPDX-License-Identifier: GPL-3.0-or-later
// The tensors of a published folder under the names, shapes and order of values that GGUF files have. What
// needs no change stays in its file; the rest is made by `fill`: experts one after another, norms that are
// stored as what is added to 1, weights of eight bits, and so on.
//
// Owner: a GgufFile. `fill` once, before the values are read; all else any thread. Does not move.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ordered_mutex.h"
#include "engine/base/result.h"
#include "engine/formats/converted_memory.h"
#include "engine/formats/folder_config.h"
#include "engine/formats/gguf_file.h"
#include "engine/formats/safetensors_file.h"

namespace vitrine::engine {

class FolderWeights
{
public:
    /// Told how much of the bytes is done, 0…1; false stops.
    using Progress = std::function<bool(double fraction)>;

    /// Describes; reads nothing but headers. `path` begins errors.
    static Result<std::shared_ptr<FolderWeights>>
    create(const std::string& path, std::vector<SafetensorsFile> shards, const FolderConfig& config);

    std::span<const TensorInfo> tensors() const { return m_tensors; }
    const std::vector<SafetensorsFile>& shards() const { return m_shards; }
    const SafetensorsFile* shardOf(const std::uint8_t* data) const; ///< nullptr: the data were made
    std::uint64_t convertedBytes() const { return m_memory.bytes().size(); }

    /// Makes what is to be made, unless it has been made. With `check`, reads all weights and refuses those
    /// that are no numbers, by name. Cancelled: the progress function said so.
    Result<void> fill(bool check, const Progress& progress);

private:
    friend class FolderMapping;
    /// A tensor that lies in m_memory.
    struct Conversion
    {
        std::size_t tensor = 0;
        std::function<void(std::span<std::uint8_t>)> write;
    };

    FolderWeights() = default;
    Result<void> place();
    Result<void> convert(const Progress& progress, double share);
    Result<void> check(const Progress& progress, double start) const;

    std::string m_path;
    std::vector<SafetensorsFile> m_shards;
    std::deque<std::string> m_names, m_originals; // that m_tensors view; as the folder has them, likewise
    std::vector<TensorInfo> m_tensors;
    std::vector<Conversion> m_conversions;
    ConvertedMemory m_memory;
    OrderedMutex m_filling{LockOrder::Folder};
    bool m_filled = false; // guarded by m_filling
};

} // namespace vitrine::engine
