// SPDX-License-Identifier: GPL-3.0-or-later
// What a client sends to the token ids the model reads. The special tokens of the chat template are
// recognised; text typed by a person never becomes a control token, wherever it stands in the rendered text.
// Built once per model; immutable afterwards. Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/model.h"

namespace vitrine::engine {

/// Plain text is completed as it stands; messages go through the model's chat template; tokens go in as they
/// are.
using Prompt = std::variant<std::string, std::vector<ChatMessage>, std::vector<TokenId>>;

/// A prompt with the beginning of its reply.
struct ContinuedPrompt
{
    std::vector<TokenId> tokens;
    std::uint32_t continued = 0; ///< of them, at the end: the reply so far
};

class PromptEncoder
{
public:
    /// Borrows the model, which must outlive it.
    explicit PromptEncoder(const Model& model);
    /// Keeps the model alive.
    explicit PromptEncoder(std::shared_ptr<const Model> model);

    /// Token ids, led by bos where the model asks for it (not before ids that came as ids).
    /// Errors: empty prompt, ids outside the vocabulary, what the template refuses.
    Result<std::vector<TokenId>> encode(const Prompt& prompt) const;

    /// Tokens of a text alone, without what a template or the model puts around it.
    std::uint32_t countText(std::string_view text) const;

    /// The reply to go on where it stopped. Of messages the last one, the assistant's, is that reply: its
    /// turn stays open. `reply` are its tokens, taken as they are, so that it goes on exactly and its KV is
    /// found; without them its text is tokenised (as text: it holds no control token), which may cut its last
    /// words otherwise than the model did. What a template opens every reply with ("<think>") is not written
    /// twice. Errors: those of encode(); messages that do not end with the assistant's.
    Result<ContinuedPrompt> encodeContinued(const Prompt& prompt, const std::vector<TokenId>& reply) const;

    /// Messages as the model's template writes them, with the opening of the reply after them. A model
    /// without a template that works gets one paragraph a message, "User: …", and "Assistant:" at the
    /// end; or turns between "<|im_start|>" and "<|im_end|>" where its vocabulary has these.
    Result<std::string> render(const std::vector<ChatMessage>& messages) const;

private:
    std::size_t specialAt(std::string_view text, std::size_t position) const;
    bool startsInsideSpecial(std::string_view text) const;
    bool endsInsideSpecial(std::string_view text) const;
    std::string guard(std::string_view typed, std::string_view mark) const;
    Result<std::vector<TokenId>> encodeMessages(const std::vector<ChatMessage>& messages) const;
    Result<void> checkTokens(const std::vector<TokenId>& tokens) const;
    Result<std::vector<TokenId>> encodeReply(const std::vector<ChatMessage>& before,
                                             std::string_view text) const;
    std::string textOf(const std::optional<TokenId>& id) const;

    std::shared_ptr<const Model> m_owned; // null where it is borrowed
    const Model& m_model;
    std::unordered_set<std::string_view> m_specials; // texts of tokens that need recognition
    std::vector<std::vector<std::size_t>> m_lengths; // [256]: their lengths by first byte, longest first
    std::size_t m_longest = 0;
};

} // namespace vitrine::engine
