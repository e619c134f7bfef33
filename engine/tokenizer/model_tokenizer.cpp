// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/model_tokenizer.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "engine/formats/model_folder.h"

namespace vitrine::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostVocabularyBytes = std::size_t{256} << 20U; // the largest published have 35 MB
constexpr std::size_t kMostSettingsBytes = std::size_t{32} << 20U;
constexpr std::size_t kMostTemplateBytes = std::size_t{1} << 20U;
constexpr std::size_t kMostTemplates = 32;
constexpr const char* kMoreTemplates = "additional_chat_templates";
constexpr const char* kTemplateEnding = ".jinja";

/// The files stay mapped as long as they are read from.
class FolderReader
{
public:
    explicit FolderReader(const ModelFolder& folder) : m_folder(folder) { m_files.folder = folder.path(); }

    Result<FolderTokenizer> read(std::size_t rows)
    {
        m_files.rows = rows;
        for (const auto& [name, most, place] :
             {std::tuple("tokenizer.json", kMostVocabularyBytes, &TokenizerFiles::tokenizer),
              std::tuple("tokenizer_config.json", kMostSettingsBytes, &TokenizerFiles::config),
              std::tuple("special_tokens_map.json", kMostSettingsBytes, &TokenizerFiles::specialTokens),
              std::tuple("chat_template.jinja", kMostTemplateBytes, &TokenizerFiles::chatTemplate)}) {
            const Result<std::string_view> text = textOf(name, most);
            if (!text)
                return text.error();
            m_files.*place = *text;
        }
        if (m_files.tokenizer.empty())
            return badInput(m_folder.path() + ": has no tokenizer.json" + otherKind());
        if (Result<void> done = readMoreTemplates(); !done)
            return done.error();
        if (Result<void> done = readIds(); !done)
            return done.error();
        return readTokenizerJson(m_files);
    }

private:
    /// "" where there is no such file.
    Result<std::string_view> textOf(const std::string& name, std::size_t most)
    {
        Result<std::optional<MappedFile>> file = ModelFolder::beside(m_folder.path(), name, most);
        if (!file)
            return file.error();
        if (!file->has_value())
            return std::string_view();
        m_mapped.push_back(std::move(**file));
        const auto bytes = m_mapped.back().bytes();
        return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }

    std::string otherKind() const
    {
        std::error_code ignored;
        const bool sentencePiece = fs::exists(m_folder.path() + "/tokenizer.model", ignored);
        return sentencePiece ? ", and its tokenizer.model is not read; get the tokenizer.json of this model"
                             : "; download it too";
    }

    Result<void> readMoreTemplates()
    {
        std::vector<std::string> names;
        std::error_code error;
        for (fs::directory_iterator it(m_folder.path() + "/" + kMoreTemplates, error), end;
             !error && it != end && names.size() < kMostTemplates; it.increment(error))
            if (it->path().extension() == kTemplateEnding)
                names.push_back(it->path().filename().string());
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) {
            const auto source = textOf(std::string(kMoreTemplates) + "/" + name, kMostTemplateBytes);
            if (!source)
                return source.error();
            m_files.moreTemplates.push_back({fs::path(name).stem().string(), std::string(*source)});
        }
        return {};
    }

    Result<void> readIds()
    {
        const auto isToken = [](std::uint64_t id) {
            return id <= static_cast<std::uint64_t>(std::numeric_limits<TokenId>::max());
        };
        const FolderConfig& config = m_folder.config();
        for (const auto* ids : {&config.bos, &config.endOfGeneration})
            for (const std::uint64_t id : *ids)
                if (!isToken(id))
                    return badInput(m_folder.path() + ": config.json names token " + std::to_string(id) +
                                    ", which cannot be");
        if (!config.bos.empty())
            m_files.bos = static_cast<TokenId>(config.bos.front());
        for (const std::uint64_t id : config.endOfGeneration)
            m_files.endOfGeneration.push_back(static_cast<TokenId>(id));
        return {};
    }

    const ModelFolder& m_folder;
    std::vector<MappedFile> m_mapped;
    TokenizerFiles m_files;
};

} // namespace

Result<FolderTokenizer> readModelTokenizer(const GgufFile& file)
{
    if (const ModelFolder* folder = file.folder()) {
        const TensorInfo* embedding = file.findTensor("token_embd.weight");
        return FolderReader(*folder).read(embedding == nullptr ? 0 : embedding->rows());
    }
    Result<std::unique_ptr<const Tokenizer>> tokenizer = Tokenizer::fromGguf(file);
    if (!tokenizer)
        return tokenizer.error();
    FolderTokenizer read{std::move(*tokenizer), {}};
    if (const auto source = file.text("tokenizer.chat_template"))
        read.chatTemplates.push_back({"default", std::string(*source)});
    return read;
}

} // namespace vitrine::engine
