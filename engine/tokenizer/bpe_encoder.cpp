// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/bpe_encoder.h"

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

constexpr std::string_view kMergesKey = "tokenizer.ggml.merges";

} // namespace

Result<std::unique_ptr<const BpeEncoder>> BpeEncoder::create(const GgufFile& file,
                                                             const Vocabulary& vocabulary)
{
    const std::string_view name = file.text("tokenizer.ggml.pre").value_or("default");
    const PreTokenizer* rules = findPreTokenizer(name);
    if (rules == nullptr)
        return badInput(file.path() + ": tokenizer.ggml.pre: \"" + unicode::sanitized(name.substr(0, 80)) +
                        "\" is a way of cutting text that this version does not know");
    const auto* merges = file.texts(kMergesKey);
    if (merges == nullptr || merges->size() >= std::numeric_limits<std::int32_t>::max())
        return badInput(file.path() + ": " + std::string(kMergesKey) + ": missing or not a list of texts");
    std::unique_ptr<BpeEncoder> encoder(new BpeEncoder(vocabulary, *rules, merges->size()));
    for (const std::string_view expression : rules->expressions)
        if (auto added = encoder->m_splitter.addSplit(expression, SplitBehavior::Isolated); !added)
            return added.error();
    if (auto read = encoder->readMerges(file, *merges); !read)
        return read.error();
    return std::unique_ptr<const BpeEncoder>(std::move(encoder));
}

Result<void> BpeEncoder::readMerges(const GgufFile& file, const std::vector<std::string_view>& merges)
{
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        const std::string_view text = merges[rank];
        const std::size_t space = text.find(' ', 1);
        if (text.empty() || text[0] == ' ' || space == std::string_view::npos || space + 1 == text.size())
            return badInput(file.path() + ": " + std::string(kMergesKey) + ": entry " + std::to_string(rank) +
                            " is not two texts with a space between them");
        m_model.addMerge(text.substr(0, space), text.substr(space + 1));
    }
    return {};
}

void BpeEncoder::encode(std::string_view text, bool, std::vector<TokenId>& ids) const
{
    WordMemory memory;
    if (m_rules->rules == nullptr) {
        Words words;
        m_splitter.split(text, false, words);
        for (const regex::Span& word : words.spans)
            m_model.encode(words.text.substr(word.begin, word.end - word.begin), memory, ids);
        return;
    }
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = wordEnd(*m_rules->rules, text, begin);
        m_model.encode(text.substr(begin, end - begin), memory, ids);
        begin = end;
    }
}

void BpeEncoder::appendBytes(std::string_view tokenText, std::string& bytes) const
{
    appendCharactersBytes(tokenText, bytes);
}

} // namespace vitrine::engine
