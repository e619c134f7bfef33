// SPDX-License-Identifier: GPL-3.0-or-later
// The tokens of a model file: texts, kinds, the bytes each stands for, and the special ids.
// Checked when read; immutable afterwards, any thread. Copies everything, so the file may go away.
// Keys: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#tokenizer
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/formats/gguf_file.h"
#include "engine/tokenizer/token_table.h"
#include "engine/tokenizer/tokenizer.h"

namespace vitrine::engine {

/// Values as in tokenizer.ggml.token_type.
enum class TokenKind : std::uint8_t { Normal = 1, Unknown, Control, UserDefined, Unused, Byte };

/// The byte of "<0xAB>", the text of a byte token; -1 for any other text.
int byteOfToken(std::string_view text);

class Vocabulary
{
public:
    static Result<Vocabulary> read(const GgufFile& file);
    /// A kind for each text; empty texts are holes. `special` is checked by the caller.
    static Result<Vocabulary> of(const std::vector<std::string>& texts, std::vector<TokenKind> kinds,
                                 SpecialTokenIds special);

    std::size_t size() const { return m_texts.size(); }
    std::span<const std::string_view> texts() const { return m_texts; }
    std::string_view text(TokenId id) const { return m_texts[static_cast<std::size_t>(id)]; }
    TokenKind kind(TokenId id) const { return m_kinds[static_cast<std::size_t>(id)]; }
    bool contains(TokenId id) const { return id >= 0 && static_cast<std::size_t>(id) < size(); }

    /// Among the tokens that plain text may become: normal, user-defined and unused ones.
    std::optional<TokenId> findPlain(std::string_view text) const { return m_plain.find(text); }
    /// Among all tokens.
    std::optional<TokenId> find(std::string_view text) const;

    const SpecialTokenIds& special() const { return m_special; }
    SpecialTokenIds& special() { return m_special; }

private:
    Result<void> readTexts(const GgufFile& file);
    template<class Texts>
    void copyTexts(const Texts& texts);
    Result<void> readKinds(const GgufFile& file);
    void correctKinds();
    Result<void> fillTables();
    Result<void> readSpecial(const GgufFile& file);
    void markEndOfGeneration();

    std::vector<char> m_arena; // moves with the object without moving its bytes; so do the views' storage
    std::vector<std::string_view> m_texts;
    std::vector<TokenKind> m_kinds;
    TokenTable m_plain;  // views into m_texts' storage
    TokenTable m_others; // control, unknown and byte tokens
    SpecialTokenIds m_special;
};

} // namespace vitrine::engine
