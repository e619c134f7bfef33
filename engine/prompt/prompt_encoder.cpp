// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/prompt/prompt_encoder.h"

#include <algorithm>
#include <functional>
#include <random>

#include "engine/prompt/reply_opening.h"

namespace vitrine::engine {

namespace {

constexpr std::string_view kBlank = " \t\r\n\v\f";

/// A private-use character of planes 15 and 16 as UTF-8.
std::string privateCharacter(std::uint32_t index)
{
    const std::uint32_t code = (index < 0xFFFE ? 0xF0000 : 0x100000 - 0xFFFE) + index;
    return {static_cast<char>(0xF0 | (code >> 18)), static_cast<char>(0x80 | ((code >> 12) & 0x3F)),
            static_cast<char>(0x80 | ((code >> 6) & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
}

/// A character that stands in none of the messages; it marks places in them through the rendering. One
/// character, so that no slice of a template cuts it. Empty when the messages hold all that were tried.
std::string unusedMark(const std::vector<ChatMessage>& messages)
{
    std::random_device random;
    for (int attempt = 0; attempt < 64; ++attempt) {
        std::string mark = privateCharacter(random() % (2 * 0xFFFE));
        const auto holdsMark = [&](const ChatMessage& message) {
            return message.content.find(mark) != std::string::npos ||
                   message.role.find(mark) != std::string::npos;
        };
        if (std::none_of(messages.begin(), messages.end(), holdsMark))
            return mark;
    }
    return {};
}

/// The text without its marks, and where they stood.
std::string withoutMarks(std::string_view text, std::string_view mark, std::vector<std::size_t>& offsets)
{
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = std::min(text.find(mark, at), text.size());
        plain += text.substr(at, next - at);
        if (next < text.size())
            offsets.push_back(plain.size());
        at = next + mark.size();
    }
    return plain;
}

/// Where the UTF-8 character that ends at `end` begins.
std::size_t lastCharacter(std::string_view text, std::size_t end)
{
    std::size_t at = end - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        --at;
    return at;
}

/// Role with a capital, as the fallback format writes it.
std::string heading(const std::string& role)
{
    std::string text = role;
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

constexpr std::string_view kTurnStart = "<|im_start|>", kTurnEnd = "<|im_end|>";

/// For vocabularies that have tokens to mark turns with.
std::string renderMarked(const std::vector<ChatMessage>& messages)
{
    std::string text;
    for (const ChatMessage& message : messages)
        text.append(kTurnStart).append(message.role + "\n" + message.content).append(kTurnEnd).append("\n");
    return text.append(kTurnStart).append("assistant\n");
}

std::string renderFallback(const std::vector<ChatMessage>& messages)
{
    std::string text;
    for (const ChatMessage& message : messages)
        text += heading(message.role) + ": " + message.content + "\n\n";
    return text + "Assistant:";
}

} // namespace

PromptEncoder::PromptEncoder(const Model& model) : m_model(model), m_lengths(256)
{
    const Tokenizer& tokenizer = model.tokenizer();
    for (std::size_t i = 0; i < tokenizer.vocabularySize(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const std::string_view text =
            tokenizer.needsRecognition(id) ? tokenizer.bytes(id) : std::string_view();
        if (text.empty() || !m_specials.insert(text).second)
            continue;
        m_lengths[static_cast<unsigned char>(text[0])].push_back(text.size());
        m_longest = std::max(m_longest, text.size());
    }
    for (std::vector<std::size_t>& lengths : m_lengths) {
        std::sort(lengths.begin(), lengths.end(), std::greater<>());
        lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
    }
}

PromptEncoder::PromptEncoder(std::shared_ptr<const Model> model) : PromptEncoder(*model)
{
    m_owned = std::move(model);
}

/// Length of the longest control text that starts at `position`; 0: none.
std::size_t PromptEncoder::specialAt(std::string_view text, std::size_t position) const
{
    for (std::size_t length : m_lengths[static_cast<unsigned char>(text[position])]) {
        if (position + length <= text.size() && m_specials.contains(text.substr(position, length)))
            return length;
    }
    return 0;
}

/// True when `text` begins with the tail of a control text: the template might write the head before it.
bool PromptEncoder::startsInsideSpecial(std::string_view text) const
{
    const auto hasTail = [&](std::string_view special) {
        for (std::size_t cut = 1; cut < special.size(); ++cut) {
            const std::string_view tail = special.substr(cut);
            if (text.substr(0, tail.size()) == tail.substr(0, text.size()))
                return true;
        }
        return false;
    };
    return !text.empty() && std::any_of(m_specials.begin(), m_specials.end(), hasTail);
}

/// True when `text` ends with the head of a control text: the template might write the tail after it.
bool PromptEncoder::endsInsideSpecial(std::string_view text) const
{
    const auto headFrom = [&](std::size_t start) {
        const std::string_view head = text.substr(start);
        const auto begins = [&](std::string_view special) {
            return special.size() > head.size() && special.substr(0, head.size()) == head;
        };
        return !m_lengths[static_cast<unsigned char>(head[0])].empty() &&
               std::any_of(m_specials.begin(), m_specials.end(), begins);
    };
    for (std::size_t start = text.size() - std::min(text.size(), m_longest); start < text.size(); ++start) {
        if (headFrom(start))
            return true;
    }
    return false;
}

/// `typed` with a mark before every byte that no control token may cover: where one would be read, and where
/// the ends might join what the template writes around them. Nothing is marked in ordinary text, so that a
/// template which looks at its messages sees them as they are.
std::string PromptEncoder::guard(std::string_view typed, std::string_view mark) const
{
    const std::size_t first = std::min(typed.find_first_not_of(kBlank), typed.size());
    const std::size_t end = typed.find_last_not_of(kBlank) + 1; // 0 when all is blank
    const std::string_view core = first < end ? typed.substr(first, end - first) : std::string_view();
    const std::size_t guardedFirst = startsInsideSpecial(core) ? first : typed.size();
    const std::size_t guardedLast = endsInsideSpecial(core) ? lastCharacter(typed, end) : typed.size();
    std::string guarded;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (i == guardedFirst || i == guardedLast || specialAt(typed, i) > 0)
            guarded += mark;
        guarded += typed[i];
    }
    return guarded;
}

std::string PromptEncoder::textOf(const std::optional<TokenId>& id) const
{
    return id ? std::string(m_model.tokenizer().bytes(*id)) : std::string();
}

Result<std::string> PromptEncoder::render(const std::vector<ChatMessage>& messages) const
{
    if (m_model.chatTemplate() == nullptr)
        return m_specials.contains(kTurnStart) && m_specials.contains(kTurnEnd) ? renderMarked(messages)
                                                                                : renderFallback(messages);
    const SpecialTokenIds& special = m_model.tokenizer().special();
    Result<std::string> text =
        m_model.chatTemplate()->render(messages, true, textOf(special.bos), textOf(special.eos));
    if (!text)
        return invalidArgument("the model's chat template refused the conversation: " + text.error().message);
    return text;
}

Result<std::vector<TokenId>> PromptEncoder::encodeMessages(const std::vector<ChatMessage>& messages) const
{
    if (messages.empty())
        return invalidArgument("the conversation has no messages");
    const std::string mark = unusedMark(messages);
    if (mark.empty())
        return invalidArgument("the conversation is made of private-use characters; send it as text");
    std::vector<ChatMessage> guarded;
    for (const ChatMessage& message : messages)
        guarded.push_back({guard(message.role, mark), guard(message.content, mark)});
    const Result<std::string> text = render(guarded);
    if (!text)
        return text.error();
    std::vector<std::size_t> typed;
    const std::string plain = withoutMarks(*text, mark, typed);
    return m_model.tokenizer().encodeAround(plain, typed);
}

Result<void> PromptEncoder::checkTokens(const std::vector<TokenId>& tokens) const
{
    const auto vocab = static_cast<TokenId>(m_model.config().vocab);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i] < 0 || tokens[i] >= vocab)
            return invalidArgument("token " + std::to_string(tokens[i]) + " at index " + std::to_string(i) +
                                   " is outside the vocabulary of " + std::to_string(vocab));
    }
    return {};
}

std::uint32_t PromptEncoder::countText(std::string_view text) const
{
    return static_cast<std::uint32_t>(m_model.tokenizer().encode(text, SpecialTokens::Literal).size());
}

/// Apart from the prompt, as the model wrote it: nothing of it grows together with the template's last words.
Result<std::vector<TokenId>> PromptEncoder::encodeReply(const std::vector<ChatMessage>& before,
                                                        std::string_view text) const
{
    const Result<std::string> opened = render(before);
    if (!opened)
        return opened.error();
    const std::string_view rest = withoutOpening(text, sectionOpening(*opened));
    return rest.empty() ? std::vector<TokenId>() : m_model.tokenizer().encode(rest, SpecialTokens::Literal);
}

Result<ContinuedPrompt> PromptEncoder::encodeContinued(const Prompt& prompt,
                                                       const std::vector<TokenId>& reply) const
{
    if (Result<void> valid = checkTokens(reply); !valid)
        return valid.error();
    Prompt before = prompt;
    std::string text;
    auto* messages = std::get_if<std::vector<ChatMessage>>(&before);
    if (messages != nullptr) {
        if (messages->empty() || messages->back().role != "assistant")
            return invalidArgument(
                "only a reply can be continued, but the conversation does not end with one");
        text = std::move(messages->back().content);
        messages->pop_back();
    }
    Result<std::vector<TokenId>> tokens = encode(before);
    if (!tokens)
        return tokens.error();
    Result<std::vector<TokenId>> said =
        reply.empty() && messages != nullptr ? encodeReply(*messages, text) : reply;
    if (!said)
        return said.error();
    tokens->insert(tokens->end(), said->begin(), said->end());
    return ContinuedPrompt{std::move(*tokens), static_cast<std::uint32_t>(said->size())};
}

Result<std::vector<TokenId>> PromptEncoder::encode(const Prompt& prompt) const
{
    if (const auto* tokens = std::get_if<std::vector<TokenId>>(&prompt)) {
        if (Result<void> valid = checkTokens(*tokens); !valid)
            return valid.error();
        return *tokens;
    }
    const auto* text = std::get_if<std::string>(&prompt);
    Result<std::vector<TokenId>> ids =
        text != nullptr
            ? Result<std::vector<TokenId>>(m_model.tokenizer().encode(*text, SpecialTokens::Literal))
            : encodeMessages(std::get<std::vector<ChatMessage>>(prompt));
    const SpecialTokenIds& special = m_model.tokenizer().special();
    if (ids && special.addBos && special.bos && (ids->empty() || ids->front() != *special.bos))
        ids->insert(ids->begin(), *special.bos);
    return ids;
}

} // namespace vitrine::engine
