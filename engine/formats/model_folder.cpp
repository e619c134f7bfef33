// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/model_folder.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "engine/base/text.h"
#include "engine/formats/folder_shards.h"

namespace vitrine::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostConfigBytes = std::size_t{4} << 20U;
constexpr const char* kConfig = "config.json";

std::string_view textOf(const MappedFile& file)
{
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

} // namespace

std::string ModelFolder::folderOf(const std::string& path)
{
    std::error_code ignored;
    const fs::path file(path);
    const std::string name = file.filename().string();
    if (fs::is_directory(file, ignored))
        return path.size() > 1 && path.ends_with('/') ? file.parent_path().string() : path;
    const bool isPart =
        name == kConfig || name.ends_with(".safetensors") || name.ends_with(".safetensors.index.json");
    if (!isPart)
        return {};
    return file.has_parent_path() ? file.parent_path().string() : ".";
}

Result<std::shared_ptr<const ModelFolder>> ModelFolder::open(const std::string& path)
{
    std::shared_ptr<ModelFolder> folder(new ModelFolder);
    folder->m_path = path;
    if (Result<void> done = folder->read(); !done)
        return done.error();
    return std::shared_ptr<const ModelFolder>(std::move(folder));
}

Result<std::optional<MappedFile>> ModelFolder::beside(const std::string& folder, const std::string& name,
                                                      std::size_t most)
{
    const std::string path = folder + "/" + name;
    std::error_code ignored;
    const fs::file_status status = fs::symlink_status(path, ignored);
    if (status.type() == fs::file_type::not_found || status.type() == fs::file_type::none)
        return std::optional<MappedFile>();
    Result<MappedFile> file = MappedFile::open(path);
    if (!file)
        return file.error();
    if (file->bytes().size() > most)
        return badInput(path + ": has " + std::to_string(file->bytes().size()) + " bytes; " +
                        std::to_string(most) + " are the most that are read");
    return std::optional<MappedFile>(std::move(*file));
}

Result<void> ModelFolder::read()
{
    if (Result<void> done = readSettings(); !done)
        return done;
    if (m_config.family == nullptr)
        return {};
    Result<std::vector<SafetensorsFile>> shards = openShards(m_path);
    if (!shards)
        return shards.error();
    Result<std::shared_ptr<FolderWeights>> weights =
        FolderWeights::create(m_path, std::move(*shards), m_config);
    if (!weights)
        return weights.error();
    m_weights = std::move(*weights);
    return {};
}

Result<void> ModelFolder::readSettings()
{
    const Result<std::optional<MappedFile>> file = beside(m_path, kConfig, kMostConfigBytes);
    if (!file)
        return file.error();
    if (!file->has_value())
        return badInput(m_path +
                        ": is a folder without config.json, so no model; name a model's file or folder");
    m_configIdentity = (*file)->identity();
    Result<FolderConfig> config = readFolderConfig(textOf(**file), m_path + "/" + kConfig);
    if (!config)
        return config.error();
    m_config = std::move(*config);
    const std::string name = fs::path(m_path).filename().string();
    m_config.addText("general.name", name == "." ? "" : name);
    const Result<std::optional<MappedFile>> generation =
        beside(m_path, "generation_config.json", kMostConfigBytes);
    if (!generation)
        return generation.error();
    if (!generation->has_value())
        return {};
    return readGenerationConfig(textOf(**generation), m_path + "/generation_config.json", m_config);
}

std::uint64_t ModelFolder::fileBytes() const
{
    std::uint64_t bytes = 0;
    if (m_weights)
        for (const SafetensorsFile& shard : m_weights->shards())
            bytes += shard.mapping().bytes().size();
    return bytes;
}

std::string ModelFolder::identity() const
{
    std::string all = m_configIdentity;
    if (m_weights)
        for (const SafetensorsFile& shard : m_weights->shards())
            all += "," + shard.mapping().identity();
    return all;
}

bool ModelFolder::lost() const
{
    return m_weights && std::any_of(m_weights->shards().begin(), m_weights->shards().end(),
                                    [](const SafetensorsFile& shard) { return shard.mapping().lost(); });
}

const std::string& ModelFolder::pathOf(const std::uint8_t* data) const
{
    const SafetensorsFile* shard = m_weights ? m_weights->shardOf(data) : nullptr;
    return shard == nullptr ? m_path : shard->path();
}

std::uint64_t ModelFolder::offsetOf(const std::uint8_t* data) const
{
    const SafetensorsFile* shard = m_weights ? m_weights->shardOf(data) : nullptr;
    return shard == nullptr ? 0 : static_cast<std::uint64_t>(data - shard->mapping().bytes().data());
}

void ModelFolder::release(std::span<const std::uint8_t> part) const
{
    if (const SafetensorsFile* shard = m_weights ? m_weights->shardOf(part.data()) : nullptr)
        shard->mapping().release(part);
}

void ModelFolder::releaseAll() const
{
    if (m_weights)
        for (const SafetensorsFile& shard : m_weights->shards())
            shard.mapping().release(shard.mapping().bytes());
}

std::string ModelFolder::spelled(std::string_view name) const
{
    if (const auto key = m_config.spelling.find(name); key != m_config.spelling.end())
        return key->second;
    return m_config.family == nullptr ? std::string(name) : folderNameOf(name, *m_config.family);
}

} // namespace vitrine::engine
