// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/pre_tokenizer.h"

#include <algorithm>
#include <iterator>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

using unicode::CharClass;

constexpr SplitRules kGpt2{.spaceBeforeNumber = true};
constexpr SplitRules kDigitsFirst{.numberLength = 1, .numbersCutFirst = true};
constexpr SplitRules kLlama3{.foldedContractions = true,
                             .anyLetterPrefix = true,
                             .numberLength = 3,
                             .newlinesAfterSymbols = true,
                             .newlineRuns = true};
constexpr SplitRules kQwen2{.foldedContractions = true,
                            .anyLetterPrefix = true,
                            .numberLength = 1,
                            .newlinesAfterSymbols = true,
                            .newlineRuns = true};

constexpr SplitRules kGpt4o{.foldedContractions = true,
                            .anyLetterPrefix = true,
                            .numberLength = 3,
                            .newlinesAfterSymbols = true,
                            .newlineRuns = true,
                            .casedWords = true};

#define VT_LAST R"(\s*[\r\n]+|\s+(?!\S)|\s+)"
#define VT_CAPITALS R"(\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M})"
#define VT_SMALLS R"(\p{Ll}\p{Lm}\p{Lo}\p{M})"
#define VT_SHORTENED R"((?i:'s|'t|'re|'ve|'m|'ll|'d))"

constexpr std::string_view kDeepSeekLlm[] = {
    R"([\r\n])", R"(\s?[\p{Lu}\p{Ll}\p{Lt}]+)", R"(\s?[!-/:-~！-／：-～‘-‟　-。]+)",
    R"(\s+$)",   R"([一-龥ࠀ-一가-퟿]+)", R"(\p{N}+)"};
constexpr std::string_view kDeepSeekCoder[] = {R"([\r\n])", R"(\s?\p{L}+)", R"(\s?\p{P}+)",
                                               R"([一-龥ࠀ-一가-퟿]+)", R"(\p{N})"};
constexpr std::string_view kDeepSeek3[] = {
    R"(\p{N}{1,3})", R"([一-龥\u3040-ゟ゠-ヿ]+)",
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+)"
    R"(| ?[\p{P}\p{S}]+[\r\n]*|)" VT_LAST};
constexpr std::string_view kFalcon[] = {
    R"([\p{P}\$\+<=>\^~\|`]+)", R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S))",
    "[0-9][0-9][0-9]"};
constexpr std::string_view kPoro[] = {R"( ?[^(\s|.,!?…。，、।۔،)]+)"};
constexpr std::string_view kViking[] = {R"( ?[^(\s|.,!?…。，、।۔،)]+)", R"(\p{N})"};
constexpr std::string_view kTekken[] = {R"([^\r\n\p{L}\p{N}]?[)" VT_CAPITALS "]*[" VT_SMALLS
                                        R"(]+|[^\r\n\p{L}\p{N}]?[)" VT_CAPITALS "]+[" VT_SMALLS
                                        R"(]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|)" VT_LAST};
constexpr std::string_view kBailing[] = {
    R"('(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]|\s+(?!\S)|\s+)"};
constexpr std::string_view kSeedCoder[] = {
    VT_SHORTENED R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{L}{1}| ?[^\s\p{L}\p{N}\r\n]+|)" VT_LAST};
constexpr std::string_view kKimi[] = {
    R"([\p{Han}]+|[^\r\n\p{L}\p{N}]?[)" VT_CAPITALS R"(&&[^\p{Han}]]*[)" VT_SMALLS
    R"(&&[^\p{Han}]]+)" VT_SHORTENED R"(?|[^\r\n\p{L}\p{N}]?[)" VT_CAPITALS R"(&&[^\p{Han}]]+[)" VT_SMALLS
    R"(&&[^\p{Han}]]*)" VT_SHORTENED R"(?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|)" VT_LAST};
constexpr std::string_view kQwen35[] = {
    VT_SHORTENED R"(|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|)" VT_LAST};

#undef VT_LAST
#undef VT_CAPITALS
#undef VT_SMALLS
#undef VT_SHORTENED

constexpr PreTokenizer kPreTokenizers[] = {
    {"default", &kGpt2},
    {"gpt-2", &kGpt2},
    {"gpt2", &kGpt2},
    {"phi-2", &kGpt2},
    {"olmo", &kGpt2},
    {"mpt", &kGpt2},
    {"jais", &kGpt2},
    {"roberta-bpe", &kGpt2},
    {"smollm", &kDigitsFirst},
    {"starcoder", &kDigitsFirst},
    {"refact", &kDigitsFirst},
    {"command-r", &kDigitsFirst},
    {"codeshell", &kDigitsFirst},
    {"exaone", &kDigitsFirst},
    {"llama-bpe", &kLlama3, true, true},
    {"llama3", &kLlama3, true, true},
    {"llama-v3", &kLlama3, true, true},
    {"falcon3", &kLlama3, true, true},
    {"lfm2", &kLlama3, true, true},
    {"dbrx", &kLlama3},
    {"smaug-bpe", &kLlama3},
    {"glm4", &kLlama3},
    {"chatglm-bpe", &kLlama3},
    {"gpt-4o", &kGpt4o},
    {"qwen2", &kQwen2},
    {"deepseek-r1-qwen", &kQwen2},
    {"stablelm2", &kQwen2},
    {"hunyuan", &kQwen2},
    {"megrez", &kQwen2},
    {"grok-2", &kQwen2},
    {"llama4", &kGpt4o},
    {"trillion", &kGpt2},
    {"minerva-7b", &kDigitsFirst},
    {"deepseek-llm", nullptr, false, false, kDeepSeekLlm},
    {"deepseek-coder", nullptr, false, false, kDeepSeekCoder},
    {"deepseek-v3", nullptr, false, false, kDeepSeek3},
    {"falcon", nullptr, false, false, kFalcon},
    {"poro-chat", nullptr, false, false, kPoro},
    {"bloom", nullptr, false, false, kPoro},
    {"gpt3-finnish", nullptr, false, false, kPoro},
    {"viking", nullptr, false, false, kViking},
    {"tekken", nullptr, true, true, kTekken},
    {"bailingmoe", nullptr, false, false, kBailing},
    {"llada", nullptr, false, false, kBailing},
    {"seed-coder", nullptr, false, false, kSeedCoder},
    {"kimi-k2", nullptr, false, false, kKimi},
    {"qwen35", nullptr, false, false, kQwen35},
};

struct Character
{
    char32_t code = 0;
    CharClass kind = CharClass::Other;
    std::size_t end = 0; // 0: past the text
    bool inside() const { return end != 0; }
    bool letter() const { return inside() && unicode::isLetter(kind); }
    bool caseless() const
    {
        return inside() &&
               (kind == CharClass::Modifier || kind == CharClass::Letter || kind == CharClass::Mark);
    }
    bool capital() const ///< or as well as one
    {
        return inside() && (kind == CharClass::Upper || kind == CharClass::Title || caseless());
    }
    bool small() const { return inside() && (kind == CharClass::Lower || caseless()); } ///< likewise
    bool number() const { return inside() && unicode::isNumber(kind); }
    bool space() const { return inside() && kind == CharClass::Space; }
    bool newline() const { return inside() && (code == '\n' || code == '\r'); }
    bool symbol() const { return inside() && !letter() && !number() && !space(); }
};

class WordMatcher
{
public:
    WordMatcher(const SplitRules& rules, std::string_view text) : m_rules(rules), m_text(text) {}

    std::size_t end(std::size_t begin) const
    {
        const Character first = at(begin);
        if (const std::size_t found = m_rules.casedWords ? 0 : contraction(begin))
            return found;
        if (first.number())
            return numbers(begin);
        if (const std::size_t found = m_rules.casedWords ? casedWord(first, begin) : letters(first, begin))
            return found;
        if (const std::size_t found = symbols(first, begin))
            return found;
        if (first.code == ' ' && m_rules.spaceBeforeNumber && at(first.end).number())
            return numbers(first.end);
        return spaces(begin);
    }

private:
    Character at(std::size_t position) const
    {
        if (position >= m_text.size())
            return {};
        const auto byte = static_cast<unsigned char>(m_text[position]);
        if (byte < 0x80)
            return {byte, unicode::classOf(byte), position + 1};
        const unicode::Decoded decoded = unicode::decodeAt(m_text, position);
        if (decoded.status != unicode::DecodeStatus::Valid)
            return {unicode::kReplacement, CharClass::Symbol, position + 1};
        return {decoded.code, unicode::classOf(decoded.code), position + decoded.length};
    }

    template<class Predicate>
    std::size_t skip(std::size_t position, Predicate holds) const
    {
        for (Character next = at(position); holds(next); next = at(position))
            position = next.end;
        return position;
    }

    // Each of these returns 0 when nothing matches.
    std::size_t contraction(std::size_t begin) const;
    std::size_t letters(const Character& first, std::size_t begin) const;
    std::size_t casedWord(const Character& first, std::size_t begin) const;
    std::size_t endsSmall(std::size_t begin) const;
    std::size_t allCapitals(std::size_t begin) const;
    std::size_t symbols(const Character& first, std::size_t begin) const;
    std::size_t numbers(std::size_t begin) const;
    std::size_t spaces(std::size_t begin) const;

    const SplitRules& m_rules;
    std::string_view m_text;
};

std::size_t WordMatcher::contraction(std::size_t begin) const
{
    if (m_text[begin] != '\'')
        return 0;
    static constexpr std::string_view kEndings[] = {"s", "t", "re", "ve", "m", "ll", "d"};
    for (const std::string_view ending : kEndings) {
        const std::string_view there = m_text.substr(begin + 1, ending.size());
        const bool same =
            std::equal(there.begin(), there.end(), ending.begin(), ending.end(), [&](char a, char b) {
                const bool folds = m_rules.foldedContractions && a >= 'A' && a <= 'Z';
                return (folds ? static_cast<char>(a + ('a' - 'A')) : a) == b;
            });
        if (same)
            return begin + 1 + ending.size();
    }
    return 0;
}

std::size_t WordMatcher::letters(const Character& first, std::size_t begin) const
{
    const bool prefixed =
        m_rules.anyLetterPrefix ? !first.letter() && !first.number() && !first.newline() : first.code == ' ';
    const std::size_t from = prefixed ? first.end : begin;
    const std::size_t to = skip(from, [](const Character& c) { return c.letter(); });
    return to > from ? to : 0;
}

/// U*L+: the end of the small letters behind the capitals or, where there are none, of the last capital that
/// can be one.
std::size_t WordMatcher::endsSmall(std::size_t begin) const
{
    std::size_t lastBoth = 0;
    const std::size_t capitals = skip(begin, [&](const Character& c) {
        if (c.capital() && c.small())
            lastBoth = c.end;
        return c.capital();
    });
    const std::size_t end = skip(capitals, [](const Character& c) { return c.small(); });
    return end > capitals ? end : lastBoth;
}

/// U+, where no L follows.
std::size_t WordMatcher::allCapitals(std::size_t begin) const
{
    const std::size_t end = skip(begin, [](const Character& c) { return c.capital(); });
    return end > begin ? end : 0;
}

std::size_t WordMatcher::casedWord(const Character& first, std::size_t begin) const
{
    const bool prefixed = !first.letter() && !first.number() && !first.newline();
    std::size_t end = prefixed ? endsSmall(first.end) : 0;
    if (end == 0)
        end = endsSmall(begin);
    if (end == 0 && prefixed)
        end = allCapitals(first.end);
    if (end == 0)
        end = allCapitals(begin);
    if (end == 0)
        return 0;
    const std::size_t shortened = end < m_text.size() ? contraction(end) : 0;
    return shortened != 0 ? shortened : end;
}

std::size_t WordMatcher::symbols(const Character& first, std::size_t begin) const
{
    const std::size_t from = first.code == ' ' ? first.end : begin;
    std::size_t to = skip(from, [](const Character& c) { return c.symbol(); });
    if (to == from)
        return 0;
    if (m_rules.newlinesAfterSymbols)
        to = skip(to, [this](const Character& c) {
            return c.newline() || (m_rules.casedWords && c.inside() && c.code == '/');
        });
    return to;
}

std::size_t WordMatcher::numbers(std::size_t begin) const
{
    std::uint32_t count = 0;
    return skip(begin, [&](const Character& c) {
        return c.number() && (m_rules.numberLength == 0 || count++ < m_rules.numberLength);
    });
}

std::size_t WordMatcher::spaces(std::size_t begin) const
{
    std::size_t end = begin, last = begin, afterNewline = 0;
    for (Character next = at(begin); next.space(); next = at(end)) {
        last = end;
        end = next.end;
        if (next.newline())
            afterNewline = end;
    }
    if (m_rules.newlineRuns && afterNewline != 0)
        return afterNewline;
    const Character next = at(end);
    const bool textEnds = !next.inside() || (m_rules.numbersCutFirst && next.number());
    // The last space belongs to what follows, unless it is the only one.
    return textEnds || last == begin ? end : last;
}

} // namespace

const PreTokenizer* findPreTokenizer(std::string_view name)
{
    const auto* found = std::find_if(std::begin(kPreTokenizers), std::end(kPreTokenizers),
                                     [&](const PreTokenizer& entry) { return entry.name == name; });
    return found == std::end(kPreTokenizers) ? nullptr : found;
}

std::size_t wordEnd(const SplitRules& rules, std::string_view text, std::size_t begin)
{
    return WordMatcher(rules, text).end(begin);
}

} // namespace vitrine::engine
