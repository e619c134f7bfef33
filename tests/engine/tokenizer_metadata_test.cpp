// SPDX-License-Identifier: GPL-3.0-or-later
// Vocabularies that lie are refused with the key that is wrong; small ones show each rule of merging.
#include <QtTest>

#include <functional>
#include <random>

#include "tests/engine/support/tokenizer_fixture.h"

using namespace vitrine;
using engine::SpecialTokens;
using engine::TokenId;
using test::GgufWriter;

namespace {

GgufWriter smallBpe()
{
    GgufWriter file;
    file.add("tokenizer.ggml.model", "gpt2").add("tokenizer.ggml.pre", "gpt-2");
    file.addArray("tokenizer.ggml.tokens",
                  std::vector<std::string>{"a", "b", "ab", "Ġ", "Ġab", "<|end|>", "<tool>", "abab"});
    file.addArray("tokenizer.ggml.token_type", std::vector<std::int32_t>{1, 1, 1, 1, 1, 3, 4, 1});
    file.addArray("tokenizer.ggml.merges", std::vector<std::string>{"a b", "Ġ ab", "ab ab"});
    return file.add("tokenizer.ggml.eos_token_id", 5U);
}

GgufWriter smallSpm()
{
    GgufWriter file;
    std::vector<std::string> tokens{"<unk>", "</s>", "▁", "a", "b", "ab", "▁ab", "<tool>", "a▁"};
    std::vector<float> scores{0, 0, -4, -5, -6, -2, -1, 0, -0.5F};
    std::vector<std::int32_t> kinds{2, 3, 1, 1, 1, 1, 1, 4, 1};
    file.add("tokenizer.ggml.model", "llama").addArray("tokenizer.ggml.tokens", tokens);
    file.addArray("tokenizer.ggml.scores", scores).addArray("tokenizer.ggml.token_type", kinds);
    return file.add("tokenizer.ggml.unknown_token_id", 0U).add("tokenizer.ggml.eos_token_id", 1U);
}

using Change = std::function<void(GgufWriter&)>;

} // namespace

class TokenizerMetadataTest : public QObject
{
    Q_OBJECT

private slots:
    void smallBytePairs();
    void smallSentencePieces();
    void refusesWrongMetadata_data();
    void refusesWrongMetadata();
    void bearsRandomDamage();
};

void TokenizerMetadataTest::smallBytePairs()
{
    const auto made = test::tokenizerOf(smallBpe());
    QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
    const auto& tokenizer = **made;
    const auto ids = [&](const char* text, SpecialTokens special = SpecialTokens::Literal) {
        return tokenizer.encode(text, special);
    };
    QCOMPARE(ids("ababab"), (std::vector<TokenId>{7, 2})); // leftmost of equal pairs first
    QCOMPARE(ids("ab ab"), (std::vector<TokenId>{2, 4}));
    QCOMPARE(ids("a<tool>b"), (std::vector<TokenId>{0, 6, 1})); // user-defined: always one token
    QCOMPARE(ids("a<|end|>b"), (std::vector<TokenId>{0, 1}));   // bytes that have no token are dropped
    QCOMPARE(ids("a<|end|>b", SpecialTokens::Recognised), (std::vector<TokenId>{0, 5, 1}));
    QCOMPARE(tokenizer.special().endOfGeneration, std::vector<TokenId>{5});
    QCOMPARE(tokenizer.decode({4, 6, 5}), std::string(" ab<tool><|end|>"));
}

void TokenizerMetadataTest::smallSentencePieces()
{
    const auto made = test::tokenizerOf(smallSpm());
    QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
    const auto& tokenizer = **made;
    const auto ids = [&](const char* text, SpecialTokens special = SpecialTokens::Literal) {
        return tokenizer.encode(text, special);
    };
    QCOMPARE(ids("ab"), std::vector<TokenId>{6});
    QCOMPARE(ids("a b"), (std::vector<TokenId>{2, 8, 4})); // a merge across the space
    QCOMPARE(ids("aab"), (std::vector<TokenId>{2, 3, 5}));
    QCOMPARE(ids("é"), (std::vector<TokenId>{2, 0, 0})); // no byte tokens: unknown
    QCOMPARE(ids("ab<tool>ab"), (std::vector<TokenId>{6, 7, 6}));
    QCOMPARE(ids("</s>", SpecialTokens::Recognised), std::vector<TokenId>{1});
    QVERIFY(!ids("</s>").empty() && ids("</s>")[0] != 1);
    QCOMPARE(tokenizer.decode({6, 7, 6}), std::string("ab<tool> ab"));
    QVERIFY(tokenizer.special().addBos);
}

void TokenizerMetadataTest::refusesWrongMetadata_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("key");
    const auto row = [](const char* name, GgufWriter file, const char* key, const Change& change) {
        change(file);
        const auto bytes = file.bytes();
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                          static_cast<qsizetype>(bytes.size()))
                            << key;
    };
    const auto without = [](const char* key) { return [key](GgufWriter& f) { f.remove(key); }; };
    const auto texts = [](const char* key, std::vector<std::string> values) {
        return [key, values](GgufWriter& f) { f.remove(key).addArray(key, values); };
    };
    const char *tokens = "tokenizer.ggml.tokens", *merges = "tokenizer.ggml.merges",
               *scores = "tokenizer.ggml.scores";
    const char *kinds = "tokenizer.ggml.token_type", *model = "tokenizer.ggml.model";
    row("no model", smallBpe(), model, without(model));
    row("unknown model", smallBpe(), model, [&](GgufWriter& f) { f.remove(model).add(model, "bert"); });
    row("unknown pre", smallBpe(), "tokenizer.ggml.pre",
        [](GgufWriter& f) { f.remove("tokenizer.ggml.pre").add("tokenizer.ggml.pre", "martian"); });
    row("no tokens", smallBpe(), tokens, without(tokens));
    row("empty tokens", smallBpe(), tokens, texts(tokens, {}));
    row("tokens are numbers", smallBpe(), tokens, [&](GgufWriter& f) {
        f.remove(tokens).addArray(tokens, std::vector<std::int32_t>{1, 2});
    });
    row("same token twice", smallBpe(), tokens, texts(tokens, {"a", "b", "a", "d", "e", "f", "g", "h"}));
    row("token too long", smallBpe(), tokens, texts(tokens, {std::string(5000, 'a')}));
    row("kinds too short", smallBpe(), kinds,
        [&](GgufWriter& f) { f.remove(kinds).addArray(kinds, std::vector<std::int32_t>{1}); });
    row("kind unknown", smallBpe(), kinds,
        [&](GgufWriter& f) { f.remove(kinds).addArray(kinds, std::vector<std::int32_t>(8, 77)); });
    row("no merges", smallBpe(), merges, without(merges));
    row("merge without space", smallBpe(), merges, texts(merges, {"ab"}));
    row("merge with one side", smallBpe(), merges, texts(merges, {"a "}));
    row("merge of nothing", smallBpe(), merges, texts(merges, {""}));
    row("eos out of range", smallBpe(), "eos_token_id", [](GgufWriter& f) {
        f.remove("tokenizer.ggml.eos_token_id").add("tokenizer.ggml.eos_token_id", 8U);
    });
    row("bos is a text", smallBpe(), "bos_token_id",
        [](GgufWriter& f) { f.add("tokenizer.ggml.bos_token_id", "a"); });
    row("no scores", smallSpm(), scores, without(scores));
    row("scores too short", smallSpm(), scores,
        [&](GgufWriter& f) { f.remove(scores).addArray(scores, std::vector<float>{1}); });
    row("score is no number", smallSpm(), scores,
        [&](GgufWriter& f) { f.remove(scores).addArray(scores, std::vector<float>(9, std::nanf(""))); });
    row("byte token malformed", smallSpm(), tokens, [&](GgufWriter& f) {
        f.remove(kinds).addArray(kinds, std::vector<std::int32_t>{2, 3, 1, 6, 1, 1, 1, 4, 1});
    });
    row("neither bytes nor unknown", smallSpm(), tokens, without("tokenizer.ggml.unknown_token_id"));
}

void TokenizerMetadataTest::refusesWrongMetadata()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, key);
    const auto file = engine::GgufFile::parse(
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<std::size_t>(bytes.size())},
        "bad.gguf");
    QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
    const auto tokenizer = engine::Tokenizer::fromGguf(*file);
    QVERIFY(!tokenizer.has_value());
    const QString message = QString::fromStdString(tokenizer.error().message);
    QVERIFY2(message.startsWith("bad.gguf: ") && message.contains(key), qPrintable(message));
}

void TokenizerMetadataTest::bearsRandomDamage()
{
    const unsigned seed = 99;
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    int accepted = 0;
    for (int round = 0; round < 20000; ++round) {
        auto bytes = (round % 2 == 0 ? smallBpe() : smallSpm()).bytes();
        for (auto count = 1 + random() % 3; count > 0; --count)
            bytes[24 + random() % (bytes.size() - 24)] = static_cast<std::uint8_t>(random());
        const auto file = engine::GgufFile::parse(bytes, "damaged");
        if (!file)
            continue;
        const auto tokenizer = engine::Tokenizer::fromGguf(*file);
        if (!tokenizer)
            continue;
        ++accepted;
        (*tokenizer)->decode((*tokenizer)->encode("ab <tool>aab é\xFF", SpecialTokens::Recognised));
    }
    QVERIFY(accepted > 100);
}

QTEST_APPLESS_MAIN(TokenizerMetadataTest)
#include "tokenizer_metadata_test.moc"
