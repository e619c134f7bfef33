// SPDX-License-Identifier: GPL-3.0-or-later
// A reply that was stopped goes on as if nobody had stopped it.
#include <filesystem>

#include <QtTest>

#include "engine/prompt/reply_opening.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

using Tokens = std::vector<TokenId>;

constexpr std::uint32_t kWhole = 48;
const char* const kQuestion = "Tell me about the sea, in a few sentences.";

GenerationRequest question(std::uint32_t maxTokens)
{
    GenerationRequest request = chat(kQuestion, maxTokens);
    request.ignoreEndOfGeneration = true;
    return request;
}

GenerationRequest continued(const std::string& text, Tokens tokens, std::uint32_t maxTokens)
{
    GenerationRequest request = question(maxTokens);
    std::get<std::vector<ChatMessage>>(request.prompt).push_back({"assistant", text});
    request.continues = true;
    request.continuationTokens = std::move(tokens);
    return request;
}

Tokens joined(Tokens first, const Tokens& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace

class EngineContinueTest : public QObject
{
    Q_OBJECT

private slots:
    void goesOnTokenByToken_data();
    void goesOnTokenByToken();
    void sampledReplyGoesOnWithTheSameChoices();
    void textAloneGoesOnAfterItsLastWord();
    void goesOnInTheMiddleOfACharacter();
    void plainTextAndTokensGoOnToo();
    void onlyAReplyGoesOn();
    void typedControlTextStaysText();
    void sectionOpeningIsNotDoubled_data();
    void sectionOpeningIsNotDoubled();

private:
    RealEngine& engineWith(const std::string& file);

    std::map<std::string, std::unique_ptr<RealEngine>> m_engines;
};

/// Loaded once.
RealEngine& EngineContinueTest::engineWith(const std::string& file)
{
    std::unique_ptr<RealEngine>& engine = m_engines[file];
    if (engine == nullptr) {
        engine = std::make_unique<RealEngine>();
        const std::string path = file == vitrine::engine::test::kSmolLm2File
                                     ? servedModel()
                                     : (std::filesystem::path(modelFolder()) / file).string();
        const std::string fault = engine->load(path, testOptions());
        if (!fault.empty())
            qFatal("%s: ./installer/test brings the models", fault.c_str());
    }
    return *engine;
}

void EngineContinueTest::goesOnTokenByToken_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("stopAfter");
    for (const char* file : {vitrine::engine::test::kSmolLm2File, vitrine::engine::test::kGemma3File})
        for (const int stopAfter : {1, 7, 20, 40})
            if (stopAfter == 7 || !kSanitized ||
                std::string_view(file) == vitrine::engine::test::kSmolLm2File)
                QTest::newRow(qPrintable(QString("%1 after %2").arg(file).arg(stopAfter)))
                    << QString(file) << stopAfter;
}

void EngineContinueTest::goesOnTokenByToken()
{
    QFETCH(QString, file);
    QFETCH(int, stopAfter);
    RealEngine& real = engineWith(file.toStdString());
    const auto salted = [](GenerationRequest request, std::uint64_t salt) {
        request.cacheSalt = salt; // nothing is found but what belongs to it
        return request;
    };
    const RequestId whole = real.submit(salted(question(kWhole), 1000));
    QVERIFY(real.run());
    const auto salt = std::uint64_t(stopAfter);
    const RequestId first = real.submit(salted(question(std::uint32_t(stopAfter)), salt));
    QVERIFY(real.run());
    const Reply begun = real.reply(first);
    const RequestId second =
        real.submit(salted(continued(begun.text, begun.tokens, kWhole - std::uint32_t(stopAfter)), salt));
    QVERIFY(real.run());
    const Reply& rest = real.reply(second);
    QCOMPARE(joined(begun.tokens, rest.tokens), real.reply(whole).tokens);
    QCOMPARE(begun.text + rest.text, real.reply(whole).text);
    // All but the last token of what was said is in KV; whole blocks of it are found.
    const std::uint32_t known = begun.end.stats.promptTokens + std::uint32_t(stopAfter);
    QCOMPARE(rest.end.stats.promptTokens, known);
    QVERIFY(rest.end.stats.cachedTokens >= (known - 1) / 16 * 16);
}

/// Its random numbers go by position, and penalties see what it said before.
void EngineContinueTest::sampledReplyGoesOnWithTheSameChoices()
{
    const auto sampled = [](GenerationRequest request) {
        request.sampling.temperature = 0.9F;
        request.sampling.seed = 77;
        request.sampling.frequencyPenalty = 0.7F;
        request.sampling.presencePenalty = 0.4F;
        return request;
    };
    RealEngine real;
    QCOMPARE(real.load(), std::string());
    const RequestId whole = real.submit(sampled(question(kWhole)));
    QVERIFY(real.run());
    const Tokens all = real.reply(whole).tokens;
    const Tokens begun(all.begin(), all.begin() + 19);
    const RequestId rest = real.submit(sampled(continued("", begun, kWhole - 19)));
    QVERIFY(real.run());
    QCOMPARE(joined(begun, real.reply(rest).tokens), all);
}

void EngineContinueTest::textAloneGoesOnAfterItsLastWord()
{
    RealEngine real;
    QCOMPARE(real.load(), std::string());
    const RequestId whole = real.submit(question(kWhole));
    QVERIFY(real.run());
    const std::string text = real.reply(whole).text;
    const std::string begun = text.substr(0, text.find(' ', text.size() / 2)); // a boundary of tokens
    const RequestId rest = real.submit(continued(begun, {}, kWhole));
    QVERIFY(real.run());
    const std::string both = begun + real.reply(rest).text;
    QCOMPARE(both.substr(0, text.size()), text);
    QVERIFY(real.reply(rest).end.stats.cachedTokens >= 32U);
}

void EngineContinueTest::goesOnInTheMiddleOfACharacter()
{
    RealEngine real;
    QCOMPARE(real.load(), std::string());
    const std::shared_ptr<const Model> model = real.engine().sharedModel();
    const Tokens face = model->tokenizer().encode("\xF0\x9F\xAB\xA0", SpecialTokens::Literal);
    QVERIFY(face.size() > 1);
    GenerationRequest request = continued("", Tokens(face.begin(), face.end() - 1), 1);
    request.sampling.bias = {{face.back(), 1000.0F}};
    const RequestId id = real.submit(request);
    QVERIFY(real.run());
    QCOMPARE(real.reply(id).text, std::string("\xF0\x9F\xAB\xA0"));
}

void EngineContinueTest::plainTextAndTokensGoOnToo()
{
    RealEngine real;
    QCOMPARE(real.load(), std::string());
    for (const Prompt& prompt :
         {Prompt(std::string("The capital of France is")), Prompt(madeUpTokens(40, 1))}) {
        GenerationRequest request;
        request.prompt = prompt;
        request.maxTokens = 12;
        request.ignoreEndOfGeneration = true;
        const RequestId whole = real.submit(request);
        QVERIFY(real.run());
        const Tokens all = real.reply(whole).tokens;
        request.continues = true;
        request.continuationTokens.assign(all.begin(), all.begin() + 5);
        request.maxTokens = 7;
        const RequestId rest = real.submit(request);
        QVERIFY(real.run());
        QCOMPARE(joined(request.continuationTokens, real.reply(rest).tokens), all);
    }
}

void EngineContinueTest::onlyAReplyGoesOn()
{
    RealEngine real;
    QCOMPARE(real.load(), std::string());
    GenerationRequest request = question(4);
    request.continues = true; // ends with the user's message
    const Result<RequestId> refused = real.engine().submit(request);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!real.engine().submit(continued("", Tokens{-3}, 4)).has_value());
    QVERIFY(!real.engine().submit(continued("", Tokens{1 << 30}, 4)).has_value());
}

void EngineContinueTest::typedControlTextStaysText()
{
    const std::shared_ptr<const Model> model =
        vitrine::engine::test::installedModel(vitrine::engine::test::kSmolLm2File);
    QVERIFY(model != nullptr);
    const PromptEncoder encoder(*model);
    const std::vector<ChatMessage> asked{{"user", kQuestion}};
    const Tokens opened = *encoder.encode(asked);
    for (const char* text : {"<|im_end|>", "\n<|im_end|>\n", "a<|im_start|>b", "", "<think>x"}) {
        std::vector<ChatMessage> messages = asked;
        messages.push_back({"assistant", text});
        const Result<ContinuedPrompt> prompt = encoder.encodeContinued(messages, {});
        QVERIFY(prompt.has_value());
        QCOMPARE(Tokens(prompt->tokens.begin(), prompt->tokens.end() - prompt->continued), opened);
        const Tokens said(prompt->tokens.end() - prompt->continued, prompt->tokens.end());
        QCOMPARE(model->tokenizer().decode(said), std::string(text));
        for (const TokenId token : said)
            QVERIFY(!model->tokenizer().needsRecognition(token));
    }
}

void EngineContinueTest::sectionOpeningIsNotDoubled_data()
{
    QTest::addColumn<QString>("rendered");
    QTest::addColumn<QString>("reply");
    QTest::addColumn<QString>("rest");
    const QString opens = "<|im_start|>assistant\n<think>\n";
    QTest::newRow("shown with its opening") << opens << "<think>\nHm, well"
                                            << "Hm, well";
    QTest::newRow("with other blanks") << opens << " \n<think> Hm"
                                       << " Hm";
    QTest::newRow("nothing but the opening") << opens << "<think>"
                                             << "";
    QTest::newRow("shown without it") << opens << "Hm, well"
                                      << "Hm, well";
    QTest::newRow("empty") << opens << ""
                           << "";
    QTest::newRow("later in the reply") << opens << "Hm <think>"
                                        << "Hm <think>";
    QTest::newRow("another tag") << "assistant\n<reason>"
                                 << "<think>\nHm"
                                 << "<think>\nHm";
    QTest::newRow("closed section") << "assistant\n<think>\n\n</think>\n\n"
                                    << "<think>a"
                                    << "<think>a";
    QTest::newRow("opens none") << "<|im_start|>assistant\n"
                                << "<think>\nHm"
                                << "<think>\nHm";
    QTest::newRow("control token") << "<|assistant|>"
                                   << "<|assistant|>Hm"
                                   << "<|assistant|>Hm";
    QTest::newRow("lone bracket") << ">"
                                  << ">Hm"
                                  << ">Hm";
    QTest::newRow("nameless") << "a<>"
                              << "<>Hm"
                              << "<>Hm";
}

void EngineContinueTest::sectionOpeningIsNotDoubled()
{
    QFETCH(QString, rendered);
    QFETCH(QString, reply);
    QFETCH(QString, rest);
    const std::string opened = rendered.toStdString(), said = reply.toStdString();
    QCOMPARE(std::string(withoutOpening(said, sectionOpening(opened))), rest.toStdString());
}

QTEST_APPLESS_MAIN(EngineContinueTest)
#include "engine_continue_test.moc"
