// SPDX-License-Identifier: GPL-3.0-or-later
// tokenizer.json against reference encodings and decodings, and what is refused.
#include <QtTest>

#include <thread>

#include "engine/tokenizer/tokenizer_json.h"
#include "tests/engine/support/tokenizer_fixture.h"

using namespace vitrine;
using engine::SpecialTokens;
using engine::TokenId;
using engine::TokenizerFiles;
using nlohmann::ordered_json;

namespace {

engine::Result<engine::FolderTokenizer> readBytes(const std::string& bytes, const std::string& config = {})
{
    TokenizerFiles files;
    files.folder = "folder";
    files.tokenizer = bytes;
    files.config = config;
    return engine::readTokenizerJson(files);
}

test::TokenizerPointer readFile(const std::string& name)
{
    auto read = readBytes(test::readJson(VITRINE_TEST_DATA "/tokenizers/" + name + ".json").dump());
    return read ? std::move(read->tokenizer) : nullptr;
}

/// A small byte-level tokeniser of the reference data, to be changed.
ordered_json gpt2()
{
    return test::readJson(VITRINE_TEST_DATA "/tokenizers/gpt2.json");
}

ordered_json minimal()
{
    return {{"added_tokens", ordered_json::array()},
            {"model",
             {{"type", "BPE"},
              {"vocab", {{"a", 0}, {"b", 1}, {"ab", 2}}},
              {"merges", ordered_json::array({ordered_json::array({"a", "b"})})}}}};
}

std::string refusal(const ordered_json& root, const std::string& config = {})
{
    const auto read = readBytes(root.dump(), config);
    return read ? std::string() : read.error().message;
}

ordered_json addedToken(int id, const char* text)
{
    return {{"id", id}, {"content", text}, {"special", false}};
}

} // namespace

class TokenizerJsonTest : public QObject
{
    Q_OBJECT

private slots:
    void equalsTheReference_data();
    void equalsTheReference();
    void cutsAsTheReference();
    void normalizesAsTheReference();
    void knowsSpecialTokens();
    void keepsTypedTextApart();
    void flagsOfAddedTokensCount();
    void padsToTheRowsOfTheModel();
    void readsChatTemplates();
    void refusesBrokenFiles_data();
    void refusesBrokenFiles();
    void refusesHostileShapes();
    void writesBytesAsTextWithoutADecoder();
    void threadsShareIt();
};

void TokenizerJsonTest::equalsTheReference_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"gpt2", "llama3", "qwen2", "smollm", "spm_gemma", "spm_llama", "unigram",
                             "falcon", "deepseek", "deepseek_llm", "metaspace", "legacy"})
        QTest::newRow(name) << name;
}

void TokenizerJsonTest::equalsTheReference()
{
    QFETCH(QString, name);
    const std::string stem = VITRINE_TEST_DATA "/tokenizers/" + name.toStdString();
    const auto read = readBytes(test::readJson(stem + ".json").dump());
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    int compared = 0;
    for (const auto& row : test::readJson(stem + ".expected.json")) {
        const auto text = row["text"].get<std::string>();
        const auto expected = row["ids"].get<std::vector<TokenId>>();
        const auto ids = read->tokenizer->encode(text, SpecialTokens::Recognised);
        QVERIFY2(ids == expected, text.c_str());
        const auto decoded = read->tokenizer->decode(ids);
        QVERIFY2(decoded == row["decoded"].get<std::string>(), (decoded + " | " + row.dump()).c_str());
        ++compared;
    }
    QVERIFY(compared > 50);
}

void TokenizerJsonTest::cutsAsTheReference()
{
    const auto cases = test::readJson(VITRINE_TEST_DATA "/tokenizers/splits.json");
    int compared = 0;
    for (const auto& entry : cases) {
        // Every character is a token and nothing merges, so the words show in a vocabulary of their texts.
        auto root = minimal();
        root["pre_tokenizer"] = entry["pre_tokenizer"];
        root["model"]["ignore_merges"] = true;
        root["model"]["merges"] = ordered_json::array();
        root["model"]["vocab"] = entry["vocab"];
        const auto read = readBytes(root.dump());
        QVERIFY2(read, read ? "" : (read.error().message + " in " + entry["pre_tokenizer"].dump()).c_str());
        for (const auto& row : entry["rows"]) {
            const auto text = row["text"].get<std::string>();
            const auto ids = read->tokenizer->encode(text, SpecialTokens::Literal);
            QVERIFY2(ids == row["ids"].get<std::vector<TokenId>>(),
                     (entry["pre_tokenizer"].dump() + " of " + row.dump()).c_str());
            ++compared;
        }
    }
    QVERIFY(compared > 300);
}

void TokenizerJsonTest::normalizesAsTheReference()
{
    const auto cases = test::readJson(VITRINE_TEST_DATA "/tokenizers/normal_forms.json");
    int compared = 0;
    for (const auto& entry : cases) {
        auto root = minimal();
        root["normalizer"] = entry["normalizer"];
        root["model"] = {{"type", "BPE"},
                         {"byte_fallback", true},
                         {"vocab", ordered_json::object()},
                         {"merges", ordered_json::array()}};
        static const char* digits = "0123456789ABCDEF";
        for (int byte = 0; byte < 256; ++byte)
            root["model"]["vocab"][std::string("<0x") + digits[byte / 16] + digits[byte % 16] + ">"] = byte;
        root["decoder"] = {{"type", "ByteFallback"}};
        const auto read = readBytes(root.dump());
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        for (const auto& row : entry["rows"]) {
            const auto ids = read->tokenizer->encode(row[0].get<std::string>(), SpecialTokens::Literal);
            QCOMPARE(read->tokenizer->decode(ids), row[1].get<std::string>());
            ++compared;
        }
    }
    QVERIFY(compared > 200);
}

void TokenizerJsonTest::knowsSpecialTokens()
{
    auto root = gpt2();
    const std::string config = R"({"bos_token":"<s>","eos_token":{"content":"</s>"},"pad_token":null})";
    auto read = readBytes(root.dump(), config);
    QVERIFY(read);
    QCOMPARE(read->tokenizer->special().bos, std::optional<TokenId>(1));
    QCOMPARE(read->tokenizer->special().eos, std::optional<TokenId>(2));
    QVERIFY(!read->tokenizer->special().padding);
    QVERIFY(!read->tokenizer->special().addBos);
    // The end of a turn ends the reply as well.
    QCOMPARE(read->tokenizer->special().endOfGeneration, (std::vector<TokenId>{2, 901}));
    root["post_processor"] = {
        {"type", "TemplateProcessing"},
        {"single", {{{"SpecialToken", {{"id", "<s>"}}}}, {{"Sequence", {{"id", "A"}}}}}},
        {"special_tokens", {{"<s>", {{"ids", {1}}}}}}};
    read = readBytes(root.dump(), config);
    QVERIFY(read && read->tokenizer->special().addBos);
    const auto single = root["post_processor"];
    root["post_processor"] = {{"type", "Sequence"}, {"processors", {{{"type", "ByteLevel"}}, single}}};
    read = readBytes(root.dump(), config);
    QVERIFY(read && read->tokenizer->special().addBos);
    read = readBytes(root.dump(), R"({"bos_token":"<s>","add_bos_token":false})");
    QVERIFY(read && !read->tokenizer->special().addBos);
    read = readBytes(root.dump()); // no configuration at all
    QVERIFY(read && read->tokenizer->special().bos == 1 && read->tokenizer->special().addBos);
}

void TokenizerJsonTest::keepsTypedTextApart()
{
    const auto tokenizer = readFile("qwen2");
    QVERIFY(tokenizer);
    const std::string text = "<|im_start|>a<|im_end|>";
    QCOMPARE(tokenizer->encode(text, SpecialTokens::Recognised), (std::vector<TokenId>{900, 67, 901}));
    const auto literal = tokenizer->encode(text, SpecialTokens::Literal);
    QVERIFY(literal.size() > 10);
    QCOMPARE(tokenizer->decode(literal), text);
    const std::size_t typed[] = {13}; // the mark that ends the turn was typed
    const auto around = tokenizer->encodeAround(text, typed);
    QCOMPARE(around.front(), 900);
    QVERIFY(std::find(around.begin(), around.end(), 901) == around.end());
    QVERIFY(tokenizer->needsRecognition(901));
    QVERIFY(!tokenizer->needsRecognition(902)); // <think> is no control token
    QVERIFY(!tokenizer->isControl(902));
}

void TokenizerJsonTest::flagsOfAddedTokensCount()
{
    auto root = gpt2();
    auto word = addedToken(950, "cat");
    word["single_word"] = true;
    auto right = addedToken(951, "[r]");
    right["rstrip"] = true;
    auto normal = addedToken(952, "\xC3\xA9t\xC3\xA9");
    normal["normalized"] = true;
    root["normalizer"] = {{"type", "NFC"}};
    for (const auto& token : {word, right, normal})
        root["added_tokens"].push_back(token);
    const auto read = readBytes(root.dump());
    QVERIFY(read);
    const auto count = [&](const char* text, TokenId id) {
        const auto ids = read->tokenizer->encode(text, SpecialTokens::Literal);
        return std::count(ids.begin(), ids.end(), id);
    };
    QCOMPARE(count("cat concat cats (cat)", 950), 2);
    QCOMPARE(read->tokenizer->encode("[r] \n x", SpecialTokens::Literal),
             (std::vector<TokenId>{951, read->tokenizer->encode("x", SpecialTokens::Literal)[0]}));
    QCOMPARE(count("e\xCC\x81te\xCC\x81", 952), 1);
}

void TokenizerJsonTest::padsToTheRowsOfTheModel()
{
    auto root = gpt2();
    root["model"]["vocab"]["<think>"] = 902; // as some files have it, beside its place among the added ones
    const std::string bytes = root.dump();
    TokenizerFiles files;
    files.folder = "folder";
    files.tokenizer = bytes;
    files.rows = 1024;
    auto read = engine::readTokenizerJson(files);
    QVERIFY(read);
    QCOMPARE(read->tokenizer->vocabularySize(), std::size_t{1024});
    QVERIFY(read->tokenizer->bytes(1000).empty());
    files.rows = 902; // two of the added tokens have no row
    read = engine::readTokenizerJson(files);
    QVERIFY(read);
    QCOMPARE(read->tokenizer->vocabularySize(), std::size_t{902});
    QVERIFY(read->tokenizer->encode("<think>", SpecialTokens::Recognised).size() > 1);
    files.rows = 300;
    QVERIFY(!engine::readTokenizerJson(files));
    files.rows = 0;
    files.endOfGeneration = {5000};
    QVERIFY(!engine::readTokenizerJson(files));
}

void TokenizerJsonTest::readsChatTemplates()
{
    const std::string bytes = gpt2().dump();
    auto read = readBytes(bytes, R"({"chat_template":[{"name":"tool_use","template":"T"},
                                                      {"name":"default","template":"D"}]})");
    QVERIFY(read);
    QCOMPARE(read->chatTemplates.size(), std::size_t{2});
    QCOMPARE(read->chatTemplates[0].source, std::string("D"));
    QCOMPARE(read->chatTemplates[1].name, std::string("tool_use"));
    TokenizerFiles files;
    files.tokenizer = bytes;
    files.config = R"({"chat_template":"old"})";
    files.chatTemplate = "new";
    files.moreTemplates = {{"rag", "R"}};
    read = engine::readTokenizerJson(files);
    QVERIFY(read);
    QCOMPARE(read->chatTemplates.size(), std::size_t{2});
    QCOMPARE(read->chatTemplates[0].source, std::string("new"));
    QVERIFY(!readBytes(bytes, R"({"chat_template":5})"));
}

void TokenizerJsonTest::refusesBrokenFiles_data()
{
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* pointer, const char* value, const char* said) {
        QTest::newRow(qPrintable(QString("%1 = %2").arg(pointer, value))) << pointer << value << said;
    };
    row("/model", "null", "model: is missing");
    row("/model/vocab", "null", "model.vocab: is missing");
    row("/model/vocab", "{}", "holds no tokens");
    row("/model/vocab/b", "0", "is both \"a\" and \"b\"");
    row("/model/vocab/b", "-1", "not the number of a token");
    row("/model/vocab/b", "99999999999", "not the number of a token");
    row("/model/vocab/b", "\"1\"", "not the number of a token");
    row("/model/vocab", "[[\"a\",0.5],[\"b\"]]", "is not a text with its score");
    row("/model/type", "\"WordPiece\"", "\"WordPiece\" is not supported");
    row("/model/merges", "[[\"a\",\"z\"]]", "model.merges[0]: \"z\" is no token");
    row("/model/merges", "[\"ab\"]", "model.merges[0]: is not two texts");
    row("/model/merges", "[\"b a\"]", "model.merges[0]: \"ba\" is no token");
    row("/model/unk_token", "\"?\"", "unk_token: \"?\" is no token");
    row("/model/end_of_word_suffix", "\"</w>\"", "end_of_word_suffix");
    row("/added_tokens", "[{\"id\":1,\"content\":\"x\"}]", "is both");
    row("/added_tokens", "[{\"content\":\"x\"}]", "added_tokens[0].id: is missing");
    row("/added_tokens", "[{\"id\":3,\"content\":\"x\",\"special\":1}]",
        "special: is neither true nor false");
    row("/pre_tokenizer", "{\"type\":\"UnicodeScripts\"}", "\"UnicodeScripts\"");
    row("/pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a\"},\"behavior\":\"Isolated\"}",
        "pre_tokenizer.pattern: the expression, at byte 2: a group is not closed");
    row("/pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a*)*\"},\"behavior\":\"Isolated\"}",
        "repeats without end");
    row("/pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a\"},\"behavior\":\"Other\"}",
        "\"Other\"");
    row("/normalizer", "{\"type\":\"Precompiled\"}", "normalizer: \"Precompiled\"");
    row("/decoder", "{\"type\":\"CTC\"}", "decoder: \"CTC\"");
}

void TokenizerJsonTest::refusesBrokenFiles()
{
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QString, said);
    auto root = minimal();
    QCOMPARE(refusal(root), std::string());
    root[ordered_json::json_pointer(pointer.toStdString())] = ordered_json::parse(value.toStdString());
    const std::string message = refusal(root);
    QVERIFY2(message.find(said.toStdString()) != std::string::npos, message.c_str());
    QVERIFY2(message.starts_with("folder/tokenizer.json: "), message.c_str());
}

void TokenizerJsonTest::refusesHostileShapes()
{
    QVERIFY(!readBytes(""));
    QVERIFY(!readBytes("[]"));
    QVERIFY(!readBytes("{\"model\":"));
    QVERIFY(!readBytes(std::string(100000, '[')));
    std::string many = "{\"a\":[";
    for (int i = 0; i < 8'100'000; ++i)
        many += "1,";
    QVERIFY(readBytes(many + "1]}").error().message.find("more than 8000000 values") != std::string::npos);
    auto root = minimal();
    root["model"]["vocab"][std::string(9000, 'x')] = 3;
    QVERIFY(refusal(root).find("longer than allowed") != std::string::npos);
    // An expression that would go back for ever, and one of the square of its text: both come to an end.
    for (const char* pattern : {"(?:a|aa|aaa|b?a)+z", "(?:a+b?)+c", "\\s+$"}) {
        root = minimal();
        root["pre_tokenizer"] = {
            {"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}};
        const auto read = readBytes(root.dump());
        QVERIFY(read);
        QVERIFY(read->tokenizer->encode(std::string(20000, 'a'), SpecialTokens::Literal).size() == 20000);
        read->tokenizer->encode(std::string(200000, ' ') + "a", SpecialTokens::Literal);
    }
}

void TokenizerJsonTest::writesBytesAsTextWithoutADecoder()
{
    auto root = gpt2();
    root["decoder"] = nullptr;
    const auto read = readBytes(root.dump());
    QVERIFY(read);
    const std::string text = " a \xC3\xA9\n";
    QCOMPARE(read->tokenizer->decode(read->tokenizer->encode(text, SpecialTokens::Literal)), text);
}

void TokenizerJsonTest::threadsShareIt()
{
    const auto tokenizer = readFile("llama3");
    QVERIFY(tokenizer);
    const std::string text = "It's 12345 o'clock \xE4\xBD\xA0\xE5\xA5\xBD  <think>\n\n ok";
    const auto expected = tokenizer->encode(text, SpecialTokens::Recognised);
    std::vector<int> equal(4, 0);
    std::vector<std::thread> threads;
    for (int& count : equal)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i)
                count += tokenizer->encode(text, SpecialTokens::Recognised) == expected ? 1 : 0;
        });
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(equal, std::vector<int>(4, 50));
}

QTEST_APPLESS_MAIN(TokenizerJsonTest)
#include "tokenizer_json_test.moc"
