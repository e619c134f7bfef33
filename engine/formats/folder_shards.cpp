// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/folder_shards.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "engine/base/text.h"
#include "engine/formats/json_settings.h"
#include "engine/formats/model_folder.h"

namespace vitrine::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostShards = 1024; // each takes a mapping
constexpr std::size_t kMostIndexBytes = std::size_t{32} << 20U;
constexpr std::size_t kMostEntries = 10000; // of a folder that is looked through
constexpr std::string_view kEnding = ".safetensors";
constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

/// Where the index says that each tensor is.
using Places = std::map<std::string, std::string>;

/// Names of files with this ending, sorted.
std::vector<std::string> filesEndingIn(const std::string& folder, std::string_view ending)
{
    std::vector<std::string> names;
    std::error_code error;
    std::size_t seen = 0;
    for (fs::directory_iterator it(folder, error), end; !error && it != end && seen < kMostEntries;
         it.increment(error), ++seen) {
        std::string name = it->path().filename().string();
        if (name.ends_with(ending))
            names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool isPlainName(std::string_view name)
{
    return name.size() > kEnding.size() && name.size() < 256 && name.ends_with(kEnding) &&
           name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

Result<Places> readIndex(const std::string& folder, const std::string& name)
{
    const std::string path = folder + "/" + name;
    const Result<MappedFile> file = MappedFile::open(path);
    if (!file)
        return file.error();
    const std::string_view text(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
    const Result<nlohmann::json> document = parseSettings(text, path, kMostIndexBytes, false);
    if (!document)
        return document.error();
    const auto map = document->find("weight_map");
    if (map == document->end() || !map->is_object() || map->empty())
        return badInput(path + ": has no \"weight_map\" that says where the tensors are");
    Places places;
    for (const auto& [tensor, shard] : map->items()) {
        if (!shard.is_string() || !isPlainName(shard.get_ref<const std::string&>()))
            return badInput(path + ": tensor " + engine::quoted(tensor) +
                            " is in no safetensors file of this folder");
        places.emplace(tensor, shard.get<std::string>());
    }
    return places;
}

Error noWeights(const std::string& folder)
{
    if (!filesEndingIn(folder, ".gguf").empty())
        return badInput(folder + ": has GGUF files but no safetensors; name one of them");
    for (const std::string_view ending : {".bin", ".pth", ".pt"})
        if (!filesEndingIn(folder, ending).empty())
            return badInput(folder +
                            ": has its weights as PyTorch files, which can hold programs and are not "
                            "read; convert them to safetensors");
    return badInput(folder + ": has no safetensors files; download the model's weights too");
}

/// The name of the index, or of the weights where there is none.
Result<std::string> findWeights(const std::string& folder)
{
    std::error_code ignored;
    for (const char* name : {kSingle, kIndex})
        if (fs::exists(fs::symlink_status(folder + "/" + name, ignored)))
            return std::string(name);
    std::vector<std::string> indices = filesEndingIn(folder, ".safetensors.index.json");
    if (indices.size() == 1)
        return std::move(indices.front());
    std::vector<std::string> files = filesEndingIn(folder, kEnding);
    if (files.size() == 1)
        return std::move(files.front());
    if (files.empty())
        return noWeights(folder);
    return badInput(folder + ": has " + std::to_string(files.size()) + " safetensors files, but no " +
                    kIndex + " that says how they belong together; download it too");
}

Result<void> checkPlaces(const Places& places, const std::vector<SafetensorsFile>& shards,
                         const std::vector<std::string>& names)
{
    std::set<std::pair<std::string_view, std::string_view>> there;
    for (std::size_t i = 0; i < shards.size(); ++i)
        for (const SafetensorsTensor& tensor : shards[i].tensors())
            there.emplace(names[i], tensor.name);
    for (const auto& [tensor, shard] : places)
        if (!there.contains({shard, tensor}))
            return badInput(shards.front().path() + ": the index puts tensor " + engine::quoted(tensor) +
                            " into " + engine::quoted(shard) +
                            ", which does not have it; download the model again");
    return {};
}

} // namespace

Result<std::vector<SafetensorsFile>> openShards(const std::string& folder)
{
    const Result<std::string> found = findWeights(folder);
    if (!found)
        return found.error();
    const bool isIndex = found->ends_with(".json");
    Result<Places> places = isIndex ? readIndex(folder, *found) : Result<Places>(Places());
    if (!places)
        return places.error();
    std::set<std::string> unique;
    for (const auto& [tensor, shard] : *places)
        unique.insert(shard);
    if (!isIndex)
        unique.insert(*found);
    if (unique.size() > kMostShards)
        return badInput(folder + ": has " + std::to_string(unique.size()) + " shards; " +
                        std::to_string(kMostShards) + " are the most that are read");
    const std::vector<std::string> names(unique.begin(), unique.end());
    std::vector<SafetensorsFile> shards;
    for (const std::string& name : names) {
        Result<SafetensorsFile> shard = SafetensorsFile::open(folder + "/" + name);
        if (!shard)
            return shard.error();
        shards.push_back(std::move(*shard));
    }
    if (Result<void> right = checkPlaces(*places, shards, names); !right)
        return right.error();
    return shards;
}

} // namespace vitrine::engine
