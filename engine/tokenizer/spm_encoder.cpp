// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/spm_encoder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/tokenizer/symbol_merger.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

constexpr std::string_view kSpaceText = "\xE2\x96\x81"; // U+2581
// Characters that are no token: the code point added to this. Broken bytes follow the last code point.
constexpr std::int32_t kCodeBase = 0x40000000;
constexpr std::int32_t kBrokenByteBase = kCodeBase + 0x110000;

struct PairMerge
{
    std::int32_t left, right;
    Merge merge;
};

} // namespace

Result<std::unique_ptr<const SpmEncoder>> SpmEncoder::create(const GgufFile& file,
                                                             const Vocabulary& vocabulary)
{
    std::unique_ptr<SpmEncoder> encoder(new SpmEncoder(vocabulary));
    auto ranks = encoder->readRanks(file);
    if (!ranks)
        return ranks.error();
    if (auto found = encoder->findByteTokens(file); !found)
        return found.error();
    encoder->m_addsLeadingSpace = file.boolean("tokenizer.ggml.add_space_prefix").value_or(true);
    for (std::size_t code = 0; code < 128; ++code) {
        const char text = static_cast<char>(code);
        encoder->m_asciiSymbols[code] = encoder->characterSymbol({&text, 1}, static_cast<char32_t>(code));
    }
    encoder->m_spaceSymbol = encoder->characterSymbol(kSpaceText, 0x2581);
    encoder->findMerges(*ranks);
    encoder->findJoints();
    return std::unique_ptr<const SpmEncoder>(std::move(encoder));
}

Result<std::vector<std::uint32_t>> SpmEncoder::readRanks(const GgufFile& file) const
{
    constexpr std::string_view key = "tokenizer.ggml.scores";
    const auto scores = file.numbers(key);
    if (!scores || scores->size() != m_vocabulary.size())
        return badInput(file.path() + ": " + std::string(key) + ": needs one number for each of the " +
                        std::to_string(m_vocabulary.size()) + " tokens");
    if (std::any_of(scores->begin(), scores->end(), [](double s) { return std::isnan(s); }))
        return badInput(file.path() + ": " + std::string(key) + ": holds a value that is not a number");
    std::vector<std::uint32_t> order(scores->size()), ranks(scores->size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return (*scores)[a] > (*scores)[b]; });
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && (*scores)[order[i]] != (*scores)[order[i - 1]])
            ++rank;
        ranks[order[i]] = rank;
    }
    return ranks;
}

Result<void> SpmEncoder::findByteTokens(const GgufFile& file)
{
    m_byteTokens.fill(-1);
    for (std::size_t i = 0; i < m_vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        if (m_vocabulary.kind(id) != TokenKind::Byte)
            continue;
        const int byte = byteOfToken(m_vocabulary.text(id));
        if (byte < 0)
            return badInput(file.path() + ": tokenizer.ggml.tokens: token " + std::to_string(i) +
                            " is marked as a byte and does not read <0x00> to <0xFF>");
        m_byteTokens[static_cast<std::size_t>(byte)] = id;
    }
    const bool whole = std::find(m_byteTokens.begin(), m_byteTokens.end(), -1) == m_byteTokens.end();
    if (!whole && !m_vocabulary.special().unknown)
        return badInput(file.path() +
                        ": tokenizer.ggml.tokens: neither a token for every byte nor an unknown "
                        "token, so some texts could not be written");
    return {};
}

std::int32_t SpmEncoder::characterSymbol(std::string_view text, char32_t code) const
{
    if (const auto id = m_vocabulary.findPlain(text))
        return *id;
    return kCodeBase + static_cast<std::int32_t>(code);
}

/// A token's text or a single character; -1 for anything else.
std::int32_t SpmEncoder::partSymbol(std::string_view text) const
{
    if (const auto id = m_vocabulary.findPlain(text))
        return *id;
    const unicode::Decoded first = unicode::decodeAt(text, 0);
    const bool single = first.status == unicode::DecodeStatus::Valid && first.length == text.size();
    return single ? kCodeBase + static_cast<std::int32_t>(first.code) : -1;
}

void SpmEncoder::findMerges(const std::vector<std::uint32_t>& ranks)
{
    std::vector<PairMerge> pairs;
    for (std::size_t i = 0; i < m_vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const std::string_view text = m_vocabulary.text(id);
        if (m_vocabulary.findPlain(text) != id)
            continue;
        for (std::size_t cut = unicode::decodeAt(text, 0).length; cut < text.size();
             cut += unicode::decodeAt(text, cut).length) {
            const std::int32_t left = partSymbol(text.substr(0, cut));
            const std::int32_t right = left < 0 ? -1 : partSymbol(text.substr(cut));
            if (right >= 0)
                pairs.push_back({left, right, {ranks[i], id}});
        }
    }
    m_merges = MergeTable(pairs.size());
    for (const PairMerge& pair : pairs)
        m_merges.insert(pair.left, pair.right, pair.merge);
}

void SpmEncoder::findJoints()
{
    for (std::size_t i = 0; i < m_vocabulary.size(); ++i) {
        const std::string_view text = m_vocabulary.text(static_cast<TokenId>(i));
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = unicode::decodeAt(text, at).length;
            if (text.substr(at + length).starts_with(kSpaceText))
                m_joints.push_back(partSymbol(text.substr(at, length)));
            at += length;
        }
    }
    std::sort(m_joints.begin(), m_joints.end());
    m_joints.erase(std::unique(m_joints.begin(), m_joints.end()), m_joints.end());
}

bool SpmEncoder::mayJoin(std::int32_t symbolBeforeSpace) const
{
    return std::binary_search(m_joints.begin(), m_joints.end(), symbolBeforeSpace);
}

void SpmEncoder::encode(std::string_view text, bool atStart, std::vector<TokenId>& ids) const
{
    SymbolMerger merger;
    auto& symbols = merger.symbols();
    if (atStart && m_addsLeadingSpace)
        symbols.push_back(m_spaceSymbol);
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        std::size_t length = 1;
        std::int32_t symbol = m_spaceSymbol;
        if (byte != ' ' && byte < 0x80) {
            symbol = m_asciiSymbols[byte];
        } else if (byte != ' ') {
            const unicode::Decoded decoded = unicode::decodeAt(text, at);
            const bool valid = decoded.status == unicode::DecodeStatus::Valid;
            length = valid ? decoded.length : 1;
            symbol = valid ? characterSymbol(text.substr(at, length), decoded.code) : kBrokenByteBase + byte;
        }
        if (symbol == m_spaceSymbol && !symbols.empty() && !mayJoin(symbols.back()))
            flush(merger, ids);
        symbols.push_back(symbol);
        at += length;
    }
    flush(merger, ids);
}

void SpmEncoder::flush(SymbolMerger& merger, std::vector<TokenId>& ids) const
{
    merger.run(m_merges);
    for (const std::int32_t symbol : merger.symbols()) {
        if (symbol < kCodeBase)
            ids.push_back(symbol);
        else
            appendFallback(symbol, ids);
    }
    merger.symbols().clear();
}

void SpmEncoder::appendFallback(std::int32_t symbol, std::vector<TokenId>& ids) const
{
    std::string bytes;
    if (symbol >= kBrokenByteBase)
        bytes += static_cast<char>(symbol - kBrokenByteBase);
    else
        unicode::append(bytes, static_cast<char32_t>(symbol - kCodeBase));
    for (const char byte : bytes) {
        const TokenId id = m_byteTokens[static_cast<unsigned char>(byte)];
        ids.push_back(id >= 0 ? id : *m_vocabulary.special().unknown);
    }
}

void SpmEncoder::appendBytes(std::string_view tokenText, std::string& bytes) const
{
    for (std::size_t at = 0; at < tokenText.size();) {
        const std::size_t space = std::min(tokenText.find(kSpaceText, at), tokenText.size());
        bytes += tokenText.substr(at, space - at);
        if (space < tokenText.size())
            bytes += ' ';
        at = space + kSpaceText.size();
    }
}

} // namespace vitrine::engine
