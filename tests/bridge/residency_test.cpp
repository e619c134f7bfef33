// SPDX-License-Identifier: GPL-3.0-or-later
// What the window hears about whose tokens lie in KV: as replies end, as their blocks go to others, as the
// model goes; and what a prompt would cost before it is asked.
#include <QSignalSpy>
#include <QTest>

#include "tests/bridge/support/heard_reply.h"
#include "ui/bridge/reply_tracker.h"
#include "ui/bridge/residency_watch.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

constexpr quint32 kBlock = 16;

/// 16 blocks, and what is evicted is gone.
engine::EngineOptions smallPool()
{
    engine::EngineOptions options = shortSteps();
    options.kvBlocks = 16;
    options.blockSize = kBlock;
    options.hostBlocks = 0;
    return options;
}

/// `variant`: another text from the first token on.
engine::GenerationRequest tokens(quint32 count, engine::TokenId variant)
{
    engine::GenerationRequest request;
    std::vector<engine::TokenId> prompt;
    for (quint32 i = 0; i < count; ++i)
        prompt.push_back(1000 + variant * 500 + engine::TokenId(i));
    request.prompt = std::move(prompt);
    request.maxTokens = 20;
    request.ignoreEndOfGeneration = true;
    return request;
}

/// A bridge, and what it told last.
struct Watched
{
    explicit Watched(const engine::EngineOptions& options) : bridge(options)
    {
        QObject::connect(&bridge, &EngineBridge::residencyChanged, &receiver,
                         [this](const QList<ReplyResidency>& replies) {
                             told = replies;
                             ++times;
                         });
    }

    ReplyId reply(const engine::GenerationRequest& request)
    {
        Heard heard(bridge, bridge.newReplyId());
        bridge.generate(heard.reply, request);
        [&] { QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience); }();
        return heard.reply;
    }

    quint32 resident(ReplyId reply) const
    {
        for (const ReplyResidency& each : told) {
            if (each.reply == reply)
                return each.kv.resident;
        }
        return UINT32_MAX;
    }

    PromptForecast foresee(const engine::GenerationRequest& request)
    {
        QSignalSpy spy(&bridge, &EngineBridge::foreseen);
        const quint64 id = bridge.foresee(request);
        if (!spy.wait(kPatience) || spy.first().at(0).toULongLong() != id)
            return {};
        return spy.first().at(1).value<PromptForecast>();
    }

    EngineBridge bridge;
    QList<ReplyResidency> told;
    int times = 0;
    QObject receiver;
};

} // namespace

class ResidencyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(!defaultModel().isEmpty(), "the default model is missing: run ./installer/test");
    }

    void replyIsResidentUntilOthersTakeItsBlocks()
    {
        Watched watched(smallPool());
        QVERIFY(load(watched.bridge));
        const ReplyId first = watched.reply(tokens(100, 0));
        watched.bridge.watchResidency({first});
        QTRY_COMPARE_WITH_TIMEOUT(watched.resident(first), 112U, kPatience); // 7 whole blocks of 120 tokens
        QCOMPARE(watched.told.first().kv.tokens, 120U);
        watched.reply(tokens(140, 1)); // its tail goes
        QTRY_VERIFY_WITH_TIMEOUT(watched.resident(first) < 112, kPatience);
        QVERIFY(watched.resident(first) > 0 && watched.resident(first) % kBlock == 0);
        const ReplyId last = watched.reply(tokens(220, 2)); // and all the rest
        QTRY_COMPARE_WITH_TIMEOUT(watched.resident(first), 0U, kPatience);
        QCOMPARE(watched.told.first().kv.tokens, 120U);
        watched.bridge.watchResidency({last, first});
        QTRY_COMPARE_WITH_TIMEOUT(watched.told.size(), qsizetype(2), kPatience);
        QCOMPARE(watched.told.first().reply, last);
        QVERIFY(watched.resident(last) > 200);
    }

    void writtenReplyIsToldWhileItGrows()
    {
        Watched watched(shortSteps());
        QVERIFY(load(watched.bridge));
        engine::GenerationRequest request = tokens(100, 0);
        request.maxTokens = 200;
        Heard heard(watched.bridge, watched.bridge.newReplyId());
        watched.bridge.watchResidency({heard.reply});
        watched.bridge.generate(heard.reply, request);
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(watched.resident(heard.reply), 288U, kPatience);
        QVERIFY(watched.times >= 2); // also before its end
    }

    void nothingIsResidentOnceTheModelIsGone_data()
    {
        QTest::addColumn<bool>("asleep");
        QTest::newRow("unloaded") << false;
        QTest::newRow("asleep") << true;
    }
    void nothingIsResidentOnceTheModelIsGone()
    {
        QFETCH(bool, asleep);
        Watched watched(shortSteps());
        QVERIFY(load(watched.bridge));
        const ReplyId reply = watched.reply(tokens(100, 0));
        watched.bridge.watchResidency({reply});
        QTRY_COMPARE_WITH_TIMEOUT(watched.resident(reply), 112U, kPatience);
        if (asleep)
            watched.bridge.putToSleep();
        else
            watched.bridge.unloadModel();
        QTRY_COMPARE_WITH_TIMEOUT(watched.resident(reply), 0U, kPatience);
        QVERIFY(load(watched.bridge)); // awake again, but with an empty cache
        watched.reply(tokens(40, 1));
        QCOMPARE(watched.resident(reply), 0U);
    }

    void idleEngineTellsNothingTwice()
    {
        Watched watched(shortSteps());
        QVERIFY(load(watched.bridge));
        const ReplyId reply = watched.reply(tokens(100, 0));
        watched.bridge.watchResidency({reply});
        QTRY_COMPARE_WITH_TIMEOUT(watched.resident(reply), 112U, kPatience);
        const int before = watched.times;
        watched.foresee(tokens(10, 3));
        watched.reply(tokens(40, 1)); // another reply took nothing from it
        QCOMPARE(watched.times, before);
    }

    void costOfAPromptIsForeseen()
    {
        Watched watched(shortSteps());
        QVERIFY(!watched.foresee(tokens(100, 0)).known); // no model
        QVERIFY(load(watched.bridge));
        PromptForecast forecast = watched.foresee(tokens(100, 0));
        QVERIFY(forecast.known);
        QCOMPARE(forecast.tokens, 100U);
        QCOMPARE(forecast.resident, 0U);
        watched.reply(tokens(100, 0));
        forecast = watched.foresee(tokens(100, 0));
        QCOMPARE(forecast.resident, 96U);
        QCOMPARE(forecast.blockSize, kBlock);
    }

    void whatIsRememberedIsBounded()
    {
        const engine::Engine engine;
        const ReplyTracker replies;
        ResidencyWatch watch;
        watch.watch({ReplyId{1}});
        for (quint64 reply = 1; reply <= ResidencyWatch::kMostPaths + 10; ++reply)
            watch.ended(ReplyId{reply}, {1, 2, 3});
        QCOMPARE(watch.paths(), ResidencyWatch::kMostPaths);
        const auto told = watch.look(engine, replies);
        QVERIFY(told.has_value());
        QCOMPARE(told->first(), (ReplyResidency{ReplyId{1}, {3, 0, 0}})); // watched: others went first
        watch.ended(ReplyId{5000}, std::vector<engine::TokenId>(ResidencyWatch::kMostTokens - 10, 7));
        QVERIFY(watch.paths() < 5);
    }
};

QTEST_GUILESS_MAIN(ResidencyTest)
#include "residency_test.moc"
