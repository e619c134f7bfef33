// SPDX-License-Identifier: GPL-3.0-or-later
// Replays the inputs of the fuzzers: none may crash, hang or exhaust memory.
#include <QtTest>

#include <filesystem>

#include "engine/tokenizer/chat_template.h"
#include "engine/tokenizer/tokenizer_json.h"
#include "tests/engine/support/tokenizer_fixture.h"

using namespace vitrine;

namespace {

std::vector<std::string> corpus(const std::string& name)
{
    std::vector<std::string> inputs;
    for (const auto& entry : std::filesystem::directory_iterator(VITRINE_TEST_DATA "/corpus/" + name)) {
        std::ifstream in(entry.path(), std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return inputs;
}

} // namespace

class TokenizerCorpusTest : public QObject
{
    Q_OBJECT

private slots:
    void bearsEveryTemplate();
    void bearsEveryVocabulary();
    void bearsEveryJson();
};

void TokenizerCorpusTest::bearsEveryTemplate()
{
    const auto inputs = corpus("chat_template");
    QVERIFY(inputs.size() >= 10);
    const auto all = test::readJson(VITRINE_TEST_DATA "/chat_templates.json");
    int rendered = 0;
    for (const std::string& input : inputs) {
        const auto compiled = engine::ChatTemplate::compile(input);
        for (const auto& conversation : all["conversations"])
            if (compiled && (*compiled)->render(conversation))
                ++rendered;
    }
    QVERIFY(rendered > 20);
}

void TokenizerCorpusTest::bearsEveryVocabulary()
{
    const auto inputs = corpus("tokenizer");
    QVERIFY(inputs.size() >= 2);
    int encoded = 0;
    for (const std::string& input : inputs) {
        if (input.size() < 2)
            continue;
        const auto* data = reinterpret_cast<const std::uint8_t*>(input.data());
        const std::size_t length = std::min<std::size_t>(data[0] | data[1] << 8, input.size() - 2);
        const auto file = engine::GgufFile::parse({data + 2 + length, input.size() - 2 - length}, "corpus");
        if (!file)
            continue;
        const auto tokenizer = engine::Tokenizer::fromGguf(*file);
        if (!tokenizer)
            continue;
        ++encoded;
        const auto ids = (*tokenizer)->encode(input.substr(2, length), engine::SpecialTokens::Recognised);
        QVERIFY(!ids.empty() || length == 0);
        (*tokenizer)->decode(ids);
    }
    QVERIFY(encoded >= 2);
}

void TokenizerCorpusTest::bearsEveryJson()
{
    const auto inputs = corpus("tokenizer_json");
    QVERIFY(inputs.size() >= 10);
    int encoded = 0;
    for (const std::string& input : inputs) {
        if (input.size() < 2)
            continue;
        const auto* data = reinterpret_cast<const std::uint8_t*>(input.data());
        const std::size_t length = std::min<std::size_t>(data[0] | data[1] << 8, input.size() - 2);
        engine::TokenizerFiles files;
        files.tokenizer = std::string_view(input).substr(2 + length);
        const auto read = engine::readTokenizerJson(files);
        if (!read)
            continue;
        ++encoded;
        for (const auto special : {engine::SpecialTokens::Literal, engine::SpecialTokens::Recognised})
            for (const auto id : read->tokenizer->encode(input.substr(2, length), special))
                QVERIFY(static_cast<std::size_t>(id) < read->tokenizer->vocabularySize());
    }
    QVERIFY(encoded >= 8);
}

QTEST_APPLESS_MAIN(TokenizerCorpusTest)
#include "tokenizer_corpus_test.moc"
