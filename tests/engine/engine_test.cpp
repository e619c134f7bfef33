// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <fstream>

#include <QTest>

#include "tests/engine/support/faulty_executor.h"
#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

GenerationRequest tokensRequest(std::size_t count, std::size_t variant, std::uint32_t maxTokens)
{
    GenerationRequest request;
    request.prompt = madeUpTokens(count, variant);
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = true;
    return request;
}

} // namespace

class EngineTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!findDefaultModel())
            QFAIL("the default model is missing: ./installer/test brings it");
    }

    void answersWithTheFactAskedFor()
    {
        RealEngine real;
        QCOMPARE(real.load(wholeModelPath(), testOptions()), std::string());
        const RequestId id = real.submit(chat("What is the capital of Germany?", 48));
        QVERIFY(real.run());
        const Reply& reply = real.reply(id);
        QVERIFY2(reply.text.find("Berlin") != std::string::npos, reply.text.c_str());
        QCOMPARE(reply.end.reason, FinishReason::Stop);
        QCOMPARE(reply.end.stats.replyTokens, static_cast<std::uint32_t>(reply.tokens.size()));
        QVERIFY(reply.text.find("<|im_end|>") == std::string::npos);
    }

    void sendsEventsInOrder()
    {
        RealEngine real;
        EngineOptions options = testOptions();
        options.scheduler.tokenBudget = 32;
        QCOMPARE(real.load(options), std::string());
        const RequestId id = real.submit(tokensRequest(80, 0, 3));
        QVERIFY(real.run());
        const std::vector<std::string> wanted{"started", "prefill", "prefill", "prefill",
                                              "token",   "token",   "token",   "finished"};
        QCOMPARE(real.reply(id).order, wanted);
        QCOMPARE(real.reply(id).prefillComputed, 80U);
        const RequestStats& stats = real.reply(id).end.stats;
        QCOMPARE(stats.promptTokens, 80U);
        QCOMPARE(stats.replyTokens, 3U);
        QVERIFY(stats.timeToFirstToken() > 0.0 && stats.endToEnd() >= stats.timeToFirstToken());
    }

    void recordsEveryStep()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        real.submit(tokensRequest(40, 0, 4));
        real.submit(tokensRequest(30, 1, 6));
        QVERIFY(real.run());
        const std::vector<StepRecord> steps = real.drainSteps();
        std::uint32_t prefill = 0, decode = 0;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            QCOMPARE(steps[i].step, i + 1);
            QCOMPARE(steps[i].blocksTotal(), 512U);
            QVERIFY(steps[i].scheduleNs + steps[i].forwardNs + steps[i].sampleNs + steps[i].emitNs <=
                    steps[i].endNs - steps[i].startNs);
            prefill += steps[i].prefillTokens;
            decode += steps[i].decodeTokens;
        }
        QCOMPARE(prefill, 70U);
        QCOMPARE(decode, 8U); // the first token of each reply comes from its prefill
        QCOMPARE(steps.front().rowCount, 2U);
        QVERIFY(steps.front().blocksReferencedPeak >= 5U);
        QCOMPARE(steps.back().blocksReferenced, 0U);
    }

    void cancelsALongPrefillWithinOneStep()
    {
        RealEngine real;
        EngineOptions options = testOptions();
        options.scheduler.tokenBudget = 32;
        QCOMPARE(real.load(options), std::string());
        const RequestId id = real.submit(tokensRequest(4000, 0, 16));
        QVERIFY(real.engine().step() && real.engine().step());
        QCOMPARE(real.reply(id).prefillComputed, 64U);
        real.engine().cancel(id);
        QCOMPARE(real.reply(id).end.reason, FinishReason::Cancelled);
        QVERIFY(!real.engine().hasWork());
        QVERIFY(!real.engine().step());
        QCOMPARE(real.engine().kvCache()->usage().referenced, 0U);
        const RequestId next = real.submit(tokensRequest(20, 1, 2));
        QVERIFY(real.run());
        QCOMPARE(real.reply(next).end.reason, FinishReason::Length);
    }

    void letsAClientCancelFromInsideItsSink()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        std::vector<RequestId> ids{RequestId{}, RequestId{}};
        int tokens = 0, finished = 0;
        real.engine().subscribe([&](const EngineEvent& event) {
            finished += std::holds_alternative<RequestFinished>(event) ? 1 : 0;
            if (std::holds_alternative<TokenGenerated>(event) && ++tokens == 1) {
                real.engine().cancel(ids[0]);
                real.engine().cancel(ids[1]);
            }
        });
        ids = {real.submit(tokensRequest(20, 0, 8)), real.submit(tokensRequest(20, 1, 8))};
        QVERIFY(real.run());
        QCOMPARE(tokens, 1);
        QCOMPARE(finished, 2);
    }

    void keepsTheModelWhenALoadFails()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const RequestId id = real.submit(tokensRequest(20, 0, 8));
        QVERIFY(real.engine().step());
        const std::string path = (std::filesystem::temp_directory_path() / "vitrine_bad.gguf").string();
        std::ofstream(path) << "GGUF and then nothing of use";
        const Result<PreparedModel> prepared = prepareModel(path, testOptions());
        std::filesystem::remove(path);
        QVERIFY(!prepared.has_value());
        QCOMPARE(prepared.error().code, ErrorCode::BadInput);
        QVERIFY(!prepareModel("/nowhere/at/all.gguf", testOptions()).has_value());
        QVERIFY(real.run());
        QCOMPARE(real.reply(id).end.reason, FinishReason::Length);
        QCOMPARE(real.reply(id).tokens.size(), std::size_t{8});
    }

    void stopsALoadThatIsNotWantedAnyMore()
    {
        const Result<std::string> path = findDefaultModel();
        int calls = 0;
        const Result<PreparedModel> prepared =
            prepareModel(*path, testOptions(), [&](LoadStage, double) { return ++calls < 4; });
        QVERIFY(!prepared.has_value());
        QCOMPARE(prepared.error().code, ErrorCode::Cancelled);
        QCOMPARE(calls, 4);
    }

    void reportsProgressThatOnlyRises()
    {
        double last = 0.0;
        bool rises = true;
        const auto progress = [&](LoadStage, double fraction) {
            rises = rises && fraction >= last && fraction <= 1.0;
            last = fraction;
            return true;
        };
        QVERIFY(prepareModel(*findDefaultModel(), testOptions(), progress).has_value());
        QVERIFY(rises);
        QCOMPARE(last, 1.0);
    }

    void survivesAFailingExecutor_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QString>("message");
        QTest::newRow("error") << static_cast<int>(Fault::Kind::Error) << "a planted failure";
        QTest::newRow("bad_alloc") << static_cast<int>(Fault::Kind::BadAlloc) << "memory";
    }
    void survivesAFailingExecutor()
    {
        QFETCH(int, fault);
        QFETCH(QString, message);
        Fault planted;
        Result<PreparedModel> prepared = prepareModel(*findDefaultModel(), testOptions());
        QVERIFY(prepared.has_value());
        prepared->executor = std::make_unique<FaultyExecutor>(std::move(prepared->executor), planted);
        RealEngine real;
        real.engine().install(std::move(*prepared));
        const RequestId first = real.submit(tokensRequest(20, 0, 8));
        QVERIFY(real.engine().step());
        planted.kind = static_cast<Fault::Kind>(fault);
        QVERIFY(real.engine().step());
        QCOMPARE(real.reply(first).end.reason, FinishReason::Error);
        QVERIFY(QString::fromStdString(real.reply(first).end.error).contains(message));
        QCOMPARE(real.engine().kvCache()->usage().referenced, 0U);
        QCOMPARE(real.engine().scheduler()->checkInvariants(), std::string());
        const RequestId second = real.submit(tokensRequest(20, 1, 2));
        QVERIFY(real.run());
        QCOMPARE(real.reply(second).end.reason, FinishReason::Length);
    }

    void refusesWhatMakesNoSense()
    {
        RealEngine real;
        QCOMPARE(real.engine().submit(chat("hi", 4)).error().message, std::string("no model is loaded"));
        QCOMPARE(real.load(), std::string());
        Engine& engine = real.engine();
        const auto refused = [&](GenerationRequest request) { return !engine.submit(std::move(request)); };
        GenerationRequest request;
        request.prompt = std::string();
        QVERIFY(refused(request));
        request.prompt = std::vector<TokenId>{5, 49152};
        QVERIFY(refused(request));
        request.prompt = std::vector<TokenId>{-1};
        QVERIFY(refused(request));
        request.prompt = std::vector<ChatMessage>{};
        QVERIFY(refused(request));
        request.prompt = std::string("hello");
        request.sampling.topP = 2.0F;
        QVERIFY(refused(request));
        QVERIFY(refused(tokensRequest(9000, 0, 1)));     // larger than the context
        QVERIFY(refused(tokensRequest(20, 0, 100'000))); // and so with its reply
        QVERIFY(!engine.hasWork());
    }

    void fillsTheContextWhenNoLengthIsAsked()
    {
        RealEngine real;
        EngineOptions options = testOptions();
        options.scheduler.contextLength = 48;
        QCOMPARE(real.load(options), std::string());
        const RequestId id = real.submit(tokensRequest(30, 0, 0));
        QVERIFY(real.run());
        QCOMPARE(real.reply(id).end.reason, FinishReason::Length);
        QCOMPARE(real.reply(id).tokens.size(), std::size_t{18});
    }

    void endsRunningRequestsWhenTheModelGoes()
    {
        RealEngine real;
        QCOMPARE(real.load(), std::string());
        const RequestId running = real.submit(tokensRequest(20, 0, 50));
        QVERIFY(real.engine().step());
        const RequestId waiting = real.submit(tokensRequest(20, 1, 50));
        QCOMPARE(real.load(), std::string()); // the new one takes over
        QCOMPARE(real.reply(running).end.reason, FinishReason::Cancelled);
        QCOMPARE(real.reply(waiting).end.reason, FinishReason::Cancelled);
        QVERIFY(real.engine().hasModel() && !real.engine().hasWork());
        real.engine().unload();
        QVERIFY(!real.engine().hasModel());
        QVERIFY(!real.engine().model().has_value());
        QVERIFY(!real.engine().step());
    }

    void choosesAPoolThatHoldsAContext()
    {
        RealEngine real;
        EngineOptions options = testOptions();
        options.kvBlocks = 0;
        QCOMPARE(real.load(wholeModelPath(), options), std::string());
        const ModelSummary model = *real.engine().model();
        QVERIFY(std::uint64_t{model.kv.blocks} * model.kv.blockSize >= model.contextLength);
        QVERIFY(model.parameters > 100'000'000);
        QVERIFY(model.hasChatTemplate);
    }

    void refusesAPoolThatCannotBe()
    {
        EngineOptions options = testOptions();
        options.kvBlocks = 16'000'000;
        const Result<PreparedModel> huge = prepareModel(*findDefaultModel(), options);
        QVERIFY(!huge.has_value());
        QCOMPARE(huge.error().code, ErrorCode::OutOfResources);
        options = testOptions();
        for (const std::uint32_t size : {0U, 257U}) {
            options.blockSize = size;
            QCOMPARE(prepareModel(*findDefaultModel(), options).error().code, ErrorCode::InvalidArgument);
        }
        options = testOptions();
        options.scheduler.watermark = 1.0;
        QCOMPARE(prepareModel(*findDefaultModel(), options).error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_APPLESS_MAIN(EngineTest)
#include "engine_test.moc"
