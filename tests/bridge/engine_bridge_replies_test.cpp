// SPDX-License-Identifier: GPL-3.0-or-later
// What a window learns of replies beyond their text, and how it has them go on.
#include <QTest>

#include "tests/bridge/support/heard_reply.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

engine::GenerationRequest question(quint32 maxTokens)
{
    engine::GenerationRequest request;
    request.prompt = std::vector<engine::ChatMessage>{{"user", "Tell me about the sea."}};
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = true;
    return request;
}

QString addedBy(const QList<TokenDetail>& details)
{
    QString text;
    for (const TokenDetail& detail : details)
        text += detail.added;
    return text;
}

/// The count that is answered with.
TokenCount count(EngineBridge& bridge, const engine::Prompt& prompt)
{
    QSignalSpy counted(&bridge, &EngineBridge::tokensCounted);
    const quint64 id = bridge.countTokens(prompt);
    if (!counted.wait(kPatience) || counted.first().at(0).toULongLong() != id)
        return {false, "no answer", 0, {}};
    return counted.first().at(1).value<TokenCount>();
}

} // namespace

class EngineBridgeRepliesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyTokenIsHandedOn();
    void detailsComeOnlyWhenAskedFor();
    void detailsSayWhatElseCouldHaveCome();
    void partOfACharacterIsEscaped();
    void stoppedReplyGoesOnVerbatim();
    void samplesAreRepliesOfTheirOwn();
    void refusedSamplesAllHearWhy();
    void countsTokensAsTheEngineDoes();
    void countsWithoutAModelAreUnknown();
    void fullContextIsToldApartFromAFullReply();
    void endlessReplyPassesTheMemory();
    void kvFormatIsChosenForALoad();
};

void EngineBridgeRepliesTest::initTestCase()
{
    QVERIFY2(!defaultModel().isEmpty(), "the default model is missing: run ./installer/test");
}

void EngineBridgeRepliesTest::everyTokenIsHandedOn()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    Heard heard(bridge, bridge.newReplyId());
    engine::GenerationRequest request = question(200);
    request.ignoreEndOfGeneration = false;
    request.prompt = std::vector<engine::ChatMessage>{{"user", "What is the capital of Germany?"}};
    bridge.generate(heard.reply, request);
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    if (!kSanitized) // its model does not find an end
        QCOMPARE(heard.end.reason, engine::FinishReason::Stop);
    QCOMPARE(quint32(heard.tokens.size()), heard.end.stats.replyTokens); // without the one that ended it
    QCOMPARE(heard.end.stats.latency.total(),
             qint64(heard.end.stats.times.finishedNs - heard.end.stats.times.arrivalNs));
}

void EngineBridgeRepliesTest::detailsComeOnlyWhenAskedFor()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    Heard plain(bridge, bridge.newReplyId()), watched(bridge, bridge.newReplyId());
    engine::GenerationRequest request = question(12);
    bridge.generate(plain.reply, request);
    request.sampling.logprobs = 4;
    bridge.generate(watched.reply, request);
    QTRY_VERIFY_WITH_TIMEOUT(plain.ends == 1 && watched.ends == 1, kPatience);
    QVERIFY(plain.details.isEmpty());
    QCOMPARE(watched.details.size(), watched.tokens.size());
    QCOMPARE(watched.tokens, plain.tokens);
    QCOMPARE(addedBy(watched.details), watched.text);
}

void EngineBridgeRepliesTest::detailsSayWhatElseCouldHaveCome()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    Heard heard(bridge, bridge.newReplyId());
    engine::GenerationRequest request = question(12);
    request.sampling.temperature = 0.8F;
    request.sampling.topK = 3;
    request.sampling.logprobs = 5;
    bridge.generate(heard.reply, request);
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QCOMPARE(heard.details.size(), 12);
    for (qsizetype i = 0; i < heard.details.size(); ++i) {
        const TokenDetail& detail = heard.details[i];
        QCOMPARE(detail.id, heard.tokens[i]);
        QVERIFY(!detail.text.isEmpty());
        QCOMPARE(detail.alternatives.size(), 5);
        float before = 1.0F;
        bool chosen = false;
        for (qsizetype k = 0; k < 5; ++k) {
            const TokenAlternative& other = detail.alternatives[k];
            QVERIFY(other.probability >= 0.0F && other.probability <= before);
            before = other.probability;
            QCOMPARE(other.cut, k < 3 ? engine::SamplerCut::None : engine::SamplerCut::TopK);
            if (other.id == detail.id) {
                chosen = true;
                QCOMPARE(other.text, detail.text);
                QCOMPARE(other.probability, detail.probability);
            }
        }
        QVERIFY(chosen); // one of the three best
    }
}

void EngineBridgeRepliesTest::partOfACharacterIsEscaped()
{
    const auto model = engine::Model::load(defaultModel().toStdString());
    QVERIFY(model.has_value());
    const engine::Tokenizer& tokenizer = (*model)->tokenizer();
    const auto face = tokenizer.encode("\xF0\x9F\xAB\xA0", engine::SpecialTokens::Literal);
    QVERIFY(face.size() > 1);
    QString escaped;
    for (const engine::TokenId id : face)
        escaped += tokenText(tokenizer, id);
    QCOMPARE(escaped, QString("\\xF0\\x9F\\xAB\\xA0"));
    const auto word = tokenizer.encode(" sea", engine::SpecialTokens::Literal);
    QCOMPARE(tokenText(tokenizer, word.front()), QString(" sea"));
    QCOMPARE(tokenText(tokenizer, -1), QString());
}

void EngineBridgeRepliesTest::stoppedReplyGoesOnVerbatim()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    Heard whole(bridge, bridge.newReplyId());
    bridge.generate(whole.reply, question(36));
    QTRY_COMPARE_WITH_TIMEOUT(whole.ends, 1, kPatience);
    engine::GenerationRequest request = question(16);
    std::get<std::vector<engine::ChatMessage>>(request.prompt).push_back({"assistant", "shown so far"});
    request.continues = true;
    request.continuationTokens.assign(whole.tokens.begin(), whole.tokens.begin() + 20);
    Heard rest(bridge, bridge.newReplyId());
    bridge.generate(rest.reply, request);
    QTRY_COMPARE_WITH_TIMEOUT(rest.ends, 1, kPatience);
    QCOMPARE(whole.tokens.first(20) + rest.tokens, whole.tokens);
    QVERIFY(whole.text.endsWith(rest.text));
    QVERIFY(rest.start.cachedTokens + 16 >= rest.start.promptTokens);
}

void EngineBridgeRepliesTest::samplesAreRepliesOfTheirOwn()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    Heard one(bridge, bridge.newReplyId()), two(bridge, bridge.newReplyId()),
        three(bridge, bridge.newReplyId());
    engine::GenerationRequest request = question(24);
    request.sampling.temperature = 1.2F;
    request.sampling.seed = 5;
    quint32 prefilled = 0;
    connect(&bridge, &EngineBridge::stepsRecorded, this, [&](const QList<engine::StepRecord>& steps) {
        for (const engine::StepRecord& step : steps)
            prefilled += step.prefillTokens;
    });
    bridge.generateSamples({one.reply, two.reply, three.reply}, request);
    QVERIFY(bridge.isRunning(one.reply) && bridge.isRunning(three.reply));
    QTRY_VERIFY_WITH_TIMEOUT(one.ends == 1 && two.ends == 1 && three.ends == 1, kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(prefilled, one.start.promptTokens, kPatience); // once for all
    QCOMPARE(one.start.cachedTokens, 0U);
    for (const Heard* heard : {&one, &two, &three}) {
        QVERIFY(!heard->textBeforeStart);
        QCOMPARE(heard->start.promptTokens, one.start.promptTokens);
        QCOMPARE(heard->tokens.size(), 24);
        QCOMPARE(heard->end.stats.latency.total(),
                 qint64(heard->end.stats.times.finishedNs - heard->end.stats.times.arrivalNs));
    }
    QCOMPARE(two.start.cachedTokens, one.start.promptTokens);
    QCOMPARE(three.start.cachedTokens, one.start.promptTokens);
    QVERIFY(one.text != two.text && two.text != three.text && one.text != three.text);
}

void EngineBridgeRepliesTest::refusedSamplesAllHearWhy()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    Heard one(bridge, bridge.newReplyId()), two(bridge, bridge.newReplyId());
    bridge.generateSamples({one.reply, two.reply}, longRequest(bridge.model()->contextLength + 1));
    QTRY_VERIFY_WITH_TIMEOUT(one.ends == 1 && two.ends == 1, kPatience);
    QCOMPARE(one.end.reason, engine::FinishReason::Error);
    QVERIFY(!two.end.error.isEmpty());
    bridge.generateSamples({}, question(1)); // nobody asks
    QVERIFY(!bridge.isRunning(one.reply));
}

void EngineBridgeRepliesTest::countsTokensAsTheEngineDoes()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    const engine::GenerationRequest request = question(1);
    const TokenCount counted = count(bridge, request.prompt);
    QVERIFY(counted.known);
    Heard heard(bridge, bridge.newReplyId());
    bridge.generate(heard.reply, request);
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QCOMPARE(counted.tokens, heard.start.promptTokens);
    QCOMPARE(counted.messages.size(), 1);
    QVERIFY(counted.messages[0] > 0 && counted.messages[0] < counted.tokens);
    const TokenCount text = count(bridge, std::string("one two three"));
    QVERIFY(text.known && text.messages.isEmpty());
    QCOMPARE(text.tokens, 3U);
    const TokenCount refused = count(bridge, std::vector<engine::ChatMessage>());
    QVERIFY(!refused.known && !refused.error.isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(bridge.status().contextTokens, bridge.model()->contextLength, kPatience);
}

void EngineBridgeRepliesTest::countsWithoutAModelAreUnknown()
{
    EngineBridge bridge;
    const TokenCount counted = count(bridge, std::string("one two three"));
    QVERIFY(!counted.known && counted.error.isEmpty());
    bridge.countTokens(std::string(1'000'000, 'a')); // unanswered when the bridge goes
}

void EngineBridgeRepliesTest::fullContextIsToldApartFromAFullReply()
{
    engine::EngineOptions options = shortSteps();
    options.scheduler.contextLength = 80;
    EngineBridge bridge(options);
    QVERIFY(load(bridge));
    const auto ending = [&](quint32 maxTokens, bool fitReply, ReplyEnd& end) {
        Heard heard(bridge, bridge.newReplyId());
        engine::GenerationRequest request = question(maxTokens);
        request.fitReply = fitReply;
        bridge.generate(heard.reply, request);
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        end = heard.end;
    };
    ReplyEnd asked, open, fitted, tooLong;
    ending(8, true, asked);
    QCOMPARE(asked.reason, engine::FinishReason::Length);
    QVERIFY(!asked.stats.contextFull);
    ending(0, false, open);
    QCOMPARE(open.reason, engine::FinishReason::Length);
    QVERIFY(open.stats.contextFull);
    QCOMPARE(open.stats.promptTokens + open.stats.replyTokens, 80U);
    ending(500, true, fitted);
    QVERIFY(fitted.stats.contextFull);
    QCOMPARE(fitted.stats.replyTokens, open.stats.replyTokens);
    ending(500, false, tooLong);
    QCOMPARE(tooLong.reason, engine::FinishReason::Error);
    QVERIFY(!tooLong.stats.contextFull);
}

void EngineBridgeRepliesTest::endlessReplyPassesTheMemory()
{
    engine::EngineOptions options = shortSteps();
    options.kvBlocks = 10;
    options.scheduler.contextLength = 100;
    EngineBridge bridge(options);
    QVERIFY(load(bridge));
    Heard heard(bridge, bridge.newReplyId());
    engine::GenerationRequest request = question(150);
    request.endless.sinkTokens = 4;
    request.endless.windowTokens = 48;
    bridge.generate(heard.reply, request);
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QCOMPARE(heard.end.reason, engine::FinishReason::Length);
    QCOMPARE(heard.end.stats.replyTokens, 150U);
    QVERIFY(!heard.end.stats.contextFull);
    Heard open(bridge, bridge.newReplyId());
    request.maxTokens = 0; // as long as the context, though that is partly filled
    bridge.generate(open.reply, request);
    QTRY_COMPARE_WITH_TIMEOUT(open.ends, 1, kPatience);
    QCOMPARE(open.end.stats.replyTokens, 100U);
    QVERIFY(!open.end.stats.contextFull);
}

void EngineBridgeRepliesTest::kvFormatIsChosenForALoad()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    QCOMPARE(bridge.model()->kvFormat, engine::KvFormat::BF16);
    const quint64 before = bridge.model()->executor.kvBytes / bridge.model()->kv.blocks;
    QSignalSpy ready(&bridge, &EngineBridge::modelReady);
    LoadOptions options;
    options.kvFormat = engine::KvFormat::Int8;
    bridge.loadModel(defaultModel(), options);
    QVERIFY(bridge.isLoading());
    QVERIFY(ready.wait(kPatience));
    QCOMPARE(bridge.model()->kvFormat, engine::KvFormat::Int8);
    QVERIFY(bridge.model()->executor.kvBytes / bridge.model()->kv.blocks < before);
    Heard heard(bridge, bridge.newReplyId());
    bridge.generate(heard.reply, textRequest("The capital of France is", 8));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QVERIFY(says(heard.text, "Paris"));
    QVERIFY(load(bridge)); // chosen for that load alone
    QCOMPARE(bridge.model()->kvFormat, engine::KvFormat::BF16);
}

QTEST_GUILESS_MAIN(EngineBridgeRepliesTest)
#include "engine_bridge_replies_test.moc"
