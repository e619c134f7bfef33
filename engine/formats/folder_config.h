// SPDX-License-Identifier: GPL-3.0-or-later
// What the config.json of a published folder says, under the keys that GGUF files have for it, so that the
// same family descriptions read both. Older and newer spellings; pure; any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/formats/folder_family.h"
#include "engine/formats/gguf_file.h"

namespace vitrine::engine {

/// Divides the frequencies of the positions: a tensor in GGUF files. [rotated / 2]
struct FrequencyFactors
{
    std::string name;
    std::vector<float> values;
};

/// How weights of eight bits are scaled: one factor for so many rows and columns; 0: told by the factors'
/// shape.
struct ScaleBlock
{
    std::uint64_t rows = 0, columns = 0;
};

struct FolderConfig
{
    FolderConfig() = default;
    FolderConfig(FolderConfig&&) = default; // entries view the texts, which a deque leaves in their places
    FolderConfig& operator=(FolderConfig&&) = default;

    const FolderFamily* family = nullptr; ///< nullptr: the model type is not known, and nothing else is read
    std::deque<std::string> texts;        ///< what entries view
    std::vector<MetadataEntry> entries;
    std::map<std::string, std::string, std::less<>> spelling; ///< of keys, as config.json has them
    std::vector<FrequencyFactors> factors;
    bool saysTied = false, tied = false;     ///< the head is the token embedding
    bool saysBiases = false, biases = false; ///< of attention
    bool wrapped = false;                    ///< the text model is a part of one for pictures too
    ScaleBlock scaleBlock;
    std::vector<std::uint64_t> bos, endOfGeneration; ///< token ids
    std::uint64_t experts = 0;

    void add(std::string key, MetadataValue value, std::string spelledAs = {});
    void addText(std::string key, std::string value);
};

/// `name` begins errors: the path of the file. A model type that is not known is no error here: familyOf()
/// says what is known.
Result<FolderConfig> readFolderConfig(std::string_view text, const std::string& name);

/// Ids that generation_config.json names, which go before those of config.json; and "general.sampling.…" of
/// what it suggests.
Result<void> readGenerationConfig(std::string_view text, const std::string& name, FolderConfig& config);

} // namespace vitrine::engine
