// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/tokenizer_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_reading.h"
#include "engine/tokenizer/json_tokenizer.h"
#include "engine/tokenizer/json_vocabulary.h"
#include "engine/tokenizer/json_word_model.h"
#include "engine/tokenizer/tokenizer_config.h"

namespace vitrine::engine {

namespace {

using nlohmann::json;

const json& fieldOrNull(const json& object, const char* name)
{
    static const json none;
    const json* found = findField(object, name);
    return found != nullptr ? *found : none;
}

std::optional<TokenId> idOf(const JsonVocabulary& vocabulary, const std::string& text)
{
    const auto found = std::find(vocabulary.texts.begin(), vocabulary.texts.end(), text);
    if (text.empty() || found == vocabulary.texts.end())
        return std::nullopt;
    return static_cast<TokenId>(found - vocabulary.texts.begin());
}

/// The number of the special token that a template of the post-processor begins with; of a Sequence, that of
/// the first part that has one.
std::optional<TokenId> firstOfTemplate(const json& processor)
{
    for (const json& part : fieldOrNull(processor, "processors"))
        if (const auto found = firstOfTemplate(part))
            return found;
    const json& single = fieldOrNull(processor, "single");
    if (!single.is_array() || single.empty())
        return std::nullopt;
    const json& name = fieldOrNull(fieldOrNull(single[0], "SpecialToken"), "id");
    if (!name.is_string())
        return std::nullopt;
    const json& tokens = fieldOrNull(processor, "special_tokens");
    const json& ids = fieldOrNull(fieldOrNull(tokens, name.get_ref<const std::string&>().c_str()), "ids");
    const bool number = ids.is_array() && ids.size() == 1 && ids[0].is_number_unsigned() &&
                        ids[0].get<std::uint64_t>() <= std::numeric_limits<std::int32_t>::max();
    return number ? std::optional(static_cast<TokenId>(ids[0].get<std::uint64_t>())) : std::nullopt;
}

class FolderReader
{
public:
    explicit FolderReader(const TokenizerFiles& files)
        : m_files(files), m_where(files.folder + "/tokenizer.json")
    {}
    Result<FolderTokenizer> run();

private:
    Result<TokenizerParts> readParts(std::vector<AddedToken> added) const;
    Result<SpecialTokenIds> readSpecial(const JsonVocabulary& vocabulary,
                                        const TokenizerConfig& config) const;
    Result<void> checkIds(const SpecialTokenIds& special, std::size_t size) const;
    Result<std::unique_ptr<const Tokenizer>> assemble(JsonVocabulary vocabulary,
                                                      SpecialTokenIds special) const;

    const TokenizerFiles& m_files;
    std::string m_where;
    json m_root;
};

Result<TokenizerParts> FolderReader::readParts(std::vector<AddedToken> added) const
{
    auto normalizer = TextNormalizer::fromJson(fieldOrNull(m_root, "normalizer"), m_where + ": normalizer");
    if (!normalizer)
        return normalizer.error();
    auto splitter = TextSplitter::fromJson(fieldOrNull(m_root, "pre_tokenizer"), m_where + ": pre_tokenizer");
    if (!splitter)
        return splitter.error();
    // Where a file does not say how bytes become text again, there is only one way.
    static const json characters = {{"type", "ByteLevel"}};
    const json& said = fieldOrNull(m_root, "decoder");
    auto decoder = PieceDecoder::fromJson(said.is_null() && splitter->byteLevel() ? characters : said,
                                          m_where + ": decoder");
    if (!decoder)
        return decoder.error();
    return TokenizerParts{std::move(*normalizer), std::move(*splitter), std::move(*decoder),
                          std::move(added)};
}

Result<void> FolderReader::checkIds(const SpecialTokenIds& special, std::size_t size) const
{
    std::vector<TokenId> ids = special.endOfGeneration;
    for (const auto& id : {special.bos, special.eos, special.unknown, special.padding})
        ids.push_back(id.value_or(0));
    for (const TokenId id : ids)
        if (id < 0 || static_cast<std::size_t>(id) >= size)
            return badInput(m_files.folder + ": a special token has the number " + std::to_string(id) +
                            "; there are " + std::to_string(size) + " tokens");
    return {};
}

Result<SpecialTokenIds> FolderReader::readSpecial(const JsonVocabulary& vocabulary,
                                                  const TokenizerConfig& config) const
{
    SpecialTokenIds special;
    const auto unknown = unknownToken(m_root["model"], vocabulary.texts, m_where + ": model");
    if (!unknown)
        return unknown.error();
    special.unknown = *unknown ? *unknown : idOf(vocabulary, config.tokenText("unk_token"));
    special.bos = idOf(vocabulary, config.tokenText("bos_token"));
    special.eos = idOf(vocabulary, config.tokenText("eos_token"));
    special.padding = idOf(vocabulary, config.tokenText("pad_token"));
    const auto first = firstOfTemplate(fieldOrNull(m_root, "post_processor"));
    if (!special.bos)
        special.bos = m_files.bos ? m_files.bos : first;
    special.addBos = special.bos && config.addsBos().value_or(first && first == special.bos);
    special.endOfGeneration = m_files.endOfGeneration;
    if (!special.eos && !special.endOfGeneration.empty())
        special.eos = special.endOfGeneration[0];
    if (special.eos)
        special.endOfGeneration.push_back(*special.eos);
    if (auto checked = checkIds(special, vocabulary.texts.size()); !checked)
        return checked.error();
    return special;
}

Result<std::unique_ptr<const Tokenizer>> FolderReader::assemble(JsonVocabulary vocabulary,
                                                                SpecialTokenIds special) const
{
    auto parts = readParts(std::move(vocabulary.added));
    if (!parts)
        return parts.error();
    auto tokens = Vocabulary::of(vocabulary.texts, std::move(vocabulary.kinds), std::move(special));
    if (!tokens)
        return badInput(m_where + ": " + tokens.error().message);
    const bool byteLevel = parts->splitter.byteLevel();
    auto tokenizer = std::make_unique<JsonTokenizer>(std::move(*tokens), std::move(*parts));
    auto model = readWordModel(m_root["model"], tokenizer->vocabulary(), std::move(vocabulary.scores),
                               byteLevel, m_where + ": model");
    if (!model)
        return model.error();
    tokenizer->setModel(std::move(*model));
    if (auto filled = tokenizer->fillBytes(m_where); !filled)
        return filled.error();
    return std::unique_ptr<const Tokenizer>(std::move(tokenizer));
}

Result<FolderTokenizer> FolderReader::run()
{
    auto config = TokenizerConfig::read(m_files);
    if (!config)
        return config.error();
    auto root = parseBounded(m_files.tokenizer, m_where);
    if (!root)
        return root.error();
    m_root = std::move(*root);
    auto vocabulary = readJsonVocabulary(m_root, m_files.rows, m_where);
    if (!vocabulary)
        return vocabulary.error();
    if (const auto type = wordModelType(m_root["model"], m_where + ": model"); !type)
        return type.error();
    auto special = readSpecial(*vocabulary, *config);
    if (!special)
        return special.error();
    auto tokenizer = assemble(std::move(*vocabulary), std::move(*special));
    if (!tokenizer)
        return tokenizer.error();
    return FolderTokenizer{std::move(*tokenizer), config->takeTemplates()};
}

} // namespace

Result<FolderTokenizer> readTokenizerJson(const TokenizerFiles& files)
{
    return FolderReader(files).run();
}

} // namespace vitrine::engine
