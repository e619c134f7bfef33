// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/json_word_model.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/byte_bpe.h"
#include "engine/tokenizer/character_bpe.h"
#include "engine/tokenizer/json_reading.h"
#include "engine/tokenizer/unigram.h"

namespace vitrine::engine {

namespace {

struct MergeTexts
{
    std::string_view left, right;
};

/// "left right", or ["left", "right"]; the parts borrow from `entry`.
std::optional<MergeTexts> partsOf(const nlohmann::json& entry)
{
    const auto view = [](const nlohmann::json& text) {
        return std::string_view(text.get_ref<const std::string&>());
    };
    if (entry.is_array() && entry.size() == 2 && entry[0].is_string() && entry[1].is_string())
        return MergeTexts{view(entry[0]), view(entry[1])};
    if (!entry.is_string())
        return std::nullopt;
    const std::string_view text = view(entry);
    const std::size_t space = text.find(' ', 1);
    if (space == std::string_view::npos || space + 1 == text.size() || text[0] == ' ')
        return std::nullopt;
    return MergeTexts{text.substr(0, space), text.substr(space + 1)};
}

/// Calls `use` with the texts and the tokens of each merge: left, right and what they become.
template<class Use>
Result<void> eachMerge(const nlohmann::json& model, const Vocabulary& vocabulary, const std::string& where,
                       Use use)
{
    const nlohmann::json& merges = model["merges"];
    std::string joined;
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        const auto wrong = [&](const std::string& what) {
            return badInput(where + ".merges[" + std::to_string(rank) + "]: " + what);
        };
        const auto parts = partsOf(merges[rank]);
        if (!parts)
            return wrong("is not two texts");
        joined.assign(parts->left).append(parts->right);
        TokenId ids[3];
        const std::string_view texts[] = {parts->left, parts->right, joined};
        for (int i = 0; i < 3; ++i) {
            const auto id = vocabulary.find(texts[i]);
            if (!id)
                return wrong(inQuotes(texts[i]) + " is no token");
            ids[i] = *id;
        }
        use(*parts, ids);
    }
    return {};
}

Result<void> refuseUnknownWays(const nlohmann::json& model, const std::string& where)
{
    for (const char* name : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        const auto text = readText(model, name, "", where);
        if (!text)
            return text.error();
        if (!text->empty())
            return badInput(where + "." + name + ": tokens marked as parts of words are not supported");
    }
    const nlohmann::json* merges = findField(model, "merges");
    if (merges == nullptr || !merges->is_array())
        return badInput(where + ".merges: is missing or not a list");
    return {};
}

Result<std::unique_ptr<const WordModel>> readBpe(const nlohmann::json& model, const Vocabulary& vocabulary,
                                                 bool byteLevel, const std::string& where)
{
    if (auto known = refuseUnknownWays(model, where); !known)
        return known.error();
    const auto whole = readFlag(model, "ignore_merges", false, where);
    const auto fallback = readFlag(model, "byte_fallback", false, where);
    const auto fuse = readFlag(model, "fuse_unk", false, where);
    for (const auto* flag : {&whole, &fallback, &fuse})
        if (!*flag)
            return flag->error();
    if (byteLevel) {
        auto bytes = std::make_unique<ByteBpe>(vocabulary, model["merges"].size(), *whole);
        auto read = eachMerge(model, vocabulary, where, [&](const MergeTexts& texts, const TokenId*) {
            bytes->addMerge(texts.left, texts.right);
        });
        return read ? Result<std::unique_ptr<const WordModel>>(std::move(bytes)) : read.error();
    }
    const CharacterBpeOptions options{*fallback, *fuse, *whole};
    auto characters = std::make_unique<CharacterBpe>(vocabulary, model["merges"].size(), options);
    auto read = eachMerge(model, vocabulary, where, [&](const MergeTexts&, const TokenId* ids) {
        // Text never merges into a control token.
        if (vocabulary.kind(ids[2]) != TokenKind::Control)
            characters->addMerge(ids[0], ids[1], ids[2]);
    });
    return read ? Result<std::unique_ptr<const WordModel>>(std::move(characters)) : read.error();
}

} // namespace

Result<std::string> wordModelType(const nlohmann::json& model, const std::string& where)
{
    const bool scored = model["vocab"].is_array();
    auto type = readText(model, "type", scored ? "Unigram" : "BPE", where);
    if (type && (*type != "BPE" || scored) && (*type != "Unigram" || !scored))
        return badInput(where + ".type: " + inQuotes(*type) +
                        (*type == "BPE" || *type == "Unigram"
                             ? " does not go with its vocabulary"
                             : " is not supported; this version reads \"BPE\" and \"Unigram\""));
    return type;
}

Result<std::optional<TokenId>> unknownToken(const nlohmann::json& model,
                                            const std::vector<std::string>& texts, const std::string& where)
{
    if (const nlohmann::json* number = findField(model, "unk_id")) {
        if (!number->is_number_unsigned() || number->get<std::uint64_t>() >= texts.size())
            return badInput(where + ".unk_id: is not the number of a token");
        return std::optional(static_cast<TokenId>(number->get<std::uint64_t>()));
    }
    const auto text = readText(model, "unk_token", "", where);
    if (!text || text->empty())
        return text ? Result<std::optional<TokenId>>(std::nullopt) : text.error();
    const auto found = std::find(texts.begin(), texts.end(), *text);
    if (found == texts.end())
        return badInput(where + ".unk_token: " + inQuotes(*text) + " is no token");
    return std::optional(static_cast<TokenId>(found - texts.begin()));
}

Result<std::unique_ptr<const WordModel>> readWordModel(const nlohmann::json& model,
                                                       const Vocabulary& vocabulary,
                                                       std::vector<double> scores, bool byteLevel,
                                                       const std::string& where)
{
    if (!model["vocab"].is_array())
        return readBpe(model, vocabulary, byteLevel, where);
    if (byteLevel)
        return badInput(where + ": Unigram over bytes is not supported");
    const auto fallback = readFlag(model, "byte_fallback", false, where);
    if (!fallback)
        return fallback.error();
    return std::unique_ptr<const WordModel>(
        std::make_unique<Unigram>(vocabulary, std::move(scores), *fallback));
}

} // namespace vitrine::engine
