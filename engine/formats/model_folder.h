// SPDX-License-Identifier: GPL-3.0-or-later
// A folder as Hugging Face publishes models: config.json, weights in one or more safetensors files,
// tokenizer.json and more beside them. Every file is checked; links are followed, names that lead out of the
// folder are not.
//
// Owner: a GgufFile, which shows it as if it were a file of its own kind. But for the weights immutable after
// `open`; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/formats/folder_config.h"
#include "engine/formats/folder_weights.h"
#include "engine/formats/mapped_file.h"

namespace vitrine::engine {

class ModelFolder
{
public:
    /// The folder that is meant by a path: itself, or that of a config.json or of weights in it; "": none, it
    /// is another file or not there.
    static std::string folderOf(const std::string& path);

    static Result<std::shared_ptr<const ModelFolder>> open(const std::string& folder);

    const std::string& path() const { return m_path; }
    const FolderConfig& config() const { return m_config; }
    /// nullptr when the model type is not known.
    FolderWeights* weights() const { return m_weights.get(); }
    std::uint64_t fileBytes() const; ///< of the weights
    std::string identity() const;    ///< as MappedFile has it, of config and weights
    bool lost() const;
    const std::string& pathOf(const std::uint8_t* data) const; ///< of the folder where the data were made
    std::uint64_t offsetOf(const std::uint8_t* data) const;    ///< 0 there
    void release(std::span<const std::uint8_t> part) const;
    void releaseAll() const;
    /// A key or a tensor's name of GGUF as this folder's files have it.
    std::string spelled(std::string_view name) const;

    /// nullopt: there is no such file. Errors: it cannot be read, or is larger than `most` bytes.
    static Result<std::optional<MappedFile>> beside(const std::string& folder, const std::string& name,
                                                    std::size_t most);

private:
    ModelFolder() = default;
    Result<void> read();
    Result<void> readSettings();

    std::string m_path;
    std::string m_configIdentity;
    FolderConfig m_config;
    std::shared_ptr<FolderWeights> m_weights;
};

} // namespace vitrine::engine
