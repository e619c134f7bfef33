// SPDX-License-Identifier: GPL-3.0-or-later
// Text as it streams: whole characters only, the same in total as decoding at once.
#include <QtTest>

#include <random>

#include "engine/tokenizer/stream_decoder.h"
#include "engine/tokenizer/unicode.h"
#include "tests/engine/support/tokenizer_fixture.h"

using namespace vitrine;
using engine::SpecialTokens;
using engine::StreamDecoder;
using engine::TokenId;

namespace {

/// A vocabulary of nothing but the 256 bytes and one control token, so that every character is split.
test::TokenizerPointer byteTokenizer(bool leadingSpace)
{
    std::vector<std::string> tokens{"<unk>", "<end>", "\xE2\x96\x81", "\xE2\x96\x81g"};
    std::vector<std::int32_t> kinds{2, 3, 1, 1};
    for (int byte = 0; byte < 256; ++byte) {
        char text[8];
        std::snprintf(text, sizeof text, "<0x%02X>", static_cast<unsigned>(byte));
        tokens.emplace_back(text);
        kinds.push_back(6);
    }
    test::GgufWriter file;
    file.add("tokenizer.ggml.model", "llama").addArray("tokenizer.ggml.tokens", tokens);
    file.addArray("tokenizer.ggml.scores", std::vector<float>(tokens.size(), 0.0F));
    file.addArray("tokenizer.ggml.token_type", kinds).add("tokenizer.ggml.unknown_token_id", 0U);
    file.add("tokenizer.ggml.add_space_prefix", leadingSpace);
    auto tokenizer = test::tokenizerOf(file);
    return tokenizer ? std::move(*tokenizer) : nullptr;
}

/// All pieces together; fails when a piece is no valid UTF-8.
std::string streamed(const engine::Tokenizer& tokenizer, const std::vector<TokenId>& ids, bool& valid)
{
    StreamDecoder decoder(tokenizer);
    std::string all;
    valid = true;
    for (const TokenId id : ids) {
        const std::string piece = decoder.push(id);
        valid = valid && engine::unicode::isValidUtf8(piece);
        all += piece;
    }
    return all + decoder.finish();
}

} // namespace

class StreamDecoderTest : public QObject
{
    Q_OBJECT

private slots:
    void givesWholeCharactersOnly();
    void holdsBackNothingThatIsDecided();
    void replacesBrokenBytes();
    void equalsDecodingAtOnce();
    void givesNoTextForControlTokens();
    void removesTheSpaceThatEncodingAdds();
};

void StreamDecoderTest::givesWholeCharactersOnly()
{
    const auto tokenizer = byteTokenizer(false);
    QVERIFY(tokenizer);
    StreamDecoder decoder(*tokenizer);
    std::vector<std::string> pieces;
    for (const TokenId id : tokenizer->encode("aé你😀", SpecialTokens::Literal))
        pieces.push_back(decoder.push(id));
    QCOMPARE(pieces, (std::vector<std::string>{"a", "", "é", "", "", "你", "", "", "", "😀"}));
    QCOMPARE(decoder.finish(), std::string());
}

void StreamDecoderTest::holdsBackNothingThatIsDecided()
{
    const auto tokenizer = byteTokenizer(false);
    StreamDecoder decoder(*tokenizer);
    QCOMPARE(decoder.push(4 + 0xF0), std::string());
    QCOMPARE(decoder.push(4 + 'x'), std::string("\xEF\xBF\xBDx"));
    QCOMPARE(decoder.push(4 + 0xC3), std::string());
    QCOMPARE(decoder.finish(), std::string("\xEF\xBF\xBD"));
    QCOMPARE(decoder.finish(), std::string());
}

void StreamDecoderTest::replacesBrokenBytes()
{
    const auto tokenizer = byteTokenizer(false);
    StreamDecoder decoder(*tokenizer);
    for (const int byte : {0x80, 0xC0, 0xC1, 0xF5, 0xFF})
        QCOMPARE(decoder.push(4 + byte), std::string("\xEF\xBF\xBD"));
    QCOMPARE(decoder.push(-1), std::string());
    QCOMPARE(decoder.push(1 << 30), std::string());
}

void StreamDecoderTest::equalsDecodingAtOnce()
{
    const unsigned seed = 4711;
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    std::vector<test::TokenizerPointer> tokenizers;
    tokenizers.push_back(byteTokenizer(false));
    tokenizers.push_back(byteTokenizer(true));
    for (const char* model : {test::kSmolLm2, test::kGemma3})
        if (auto tokenizer = test::modelTokenizer(model))
            tokenizers.push_back(std::move(tokenizer));
    for (const auto& tokenizer : tokenizers) {
        for (int round = 0; round < 3000; ++round) {
            std::vector<TokenId> ids;
            for (auto count = random() % 40; count > 0; --count)
                ids.push_back(static_cast<TokenId>(random() % tokenizer->vocabularySize()));
            bool valid = false;
            QCOMPARE(streamed(*tokenizer, ids, valid), tokenizer->decode(ids, false));
            QVERIFY(valid);
        }
    }
}

void StreamDecoderTest::givesNoTextForControlTokens()
{
    const auto tokenizer = byteTokenizer(false);
    StreamDecoder decoder(*tokenizer);
    QCOMPARE(decoder.push(1), std::string());
    QCOMPARE(tokenizer->decode({4 + 'a', 1}), std::string("a<end>"));
    QCOMPARE(tokenizer->decode({4 + 'a', 1}, false), std::string("a"));
}

void StreamDecoderTest::removesTheSpaceThatEncodingAdds()
{
    const auto tokenizer = byteTokenizer(true);
    QVERIFY(tokenizer->addsLeadingSpace());
    for (const std::string text : {"go", " go", "g g", ""}) {
        const auto ids = tokenizer->encode(text, SpecialTokens::Literal);
        bool valid = false;
        QCOMPARE(tokenizer->decode(ids), text);
        QCOMPARE(streamed(*tokenizer, ids, valid), text);
    }
    QCOMPARE(tokenizer->encode("g", SpecialTokens::Literal), std::vector<TokenId>{3});
}

QTEST_APPLESS_MAIN(StreamDecoderTest)
#include "stream_decoder_test.moc"
