// SPDX-License-Identifier: GPL-3.0-or-later
// Text to token ids and back. Built once from a model file; immutable, so any thread may use it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/formats/gguf_file.h"

namespace vitrine::engine {

/// Whether text such as "<|im_end|>" may become a control token. Text typed by a person is Literal.
enum class SpecialTokens : std::uint8_t { Literal, Recognised };

struct SpecialTokenIds
{
    std::optional<TokenId> bos, eos, unknown, padding;
    std::vector<TokenId> endOfGeneration; ///< eos, end of turn and the like: generation stops there
    bool addBos = false;                  ///< the file asks for bos before a prompt
};

class Tokenizer
{
public:
    /// From the tokenizer.ggml.* keys: byte-level BPE ("gpt2") or SentencePiece-style ("llama").
    static Result<std::unique_ptr<const Tokenizer>> fromGguf(const GgufFile& file);
    virtual ~Tokenizer() = default;

    /// Never adds bos. Invalid UTF-8 is taken byte by byte.
    virtual std::vector<TokenId> encode(std::string_view text, SpecialTokens special) const = 0;
    /// As encode(text, Recognised), but no token that needs recognition covers one of the bytes at the rising
    /// offsets `typed`: what a person typed there stays text.
    virtual std::vector<TokenId> encodeAround(std::string_view text,
                                              std::span<const std::size_t> typed) const = 0;
    /// True when text becomes this token only with SpecialTokens::Recognised.
    virtual bool needsRecognition(TokenId id) const = 0;

    /// The bytes of one token: part of a UTF-8 character at times. Control tokens give their text.
    /// Out of range ids give an empty view.
    virtual std::string_view bytes(TokenId id) const = 0;
    virtual bool isControl(TokenId id) const = 0;
    virtual std::size_t vocabularySize() const = 0;
    virtual const SpecialTokenIds& special() const = 0;

    /// Whether `encode` puts a space before text, which `decode` removes again.
    virtual bool addsLeadingSpace() const { return false; }

    /// All ids to text, valid UTF-8 (broken parts become U+FFFD); control tokens are written when asked. A
    /// leading space that `encode` added is removed.
    virtual std::string decode(const std::vector<TokenId>& ids, bool writeControl = true) const = 0;
};

} // namespace vitrine::engine
