// SPDX-License-Identifier: GPL-3.0-or-later
// A model that nobody uses gives its memory back, and comes again when somebody writes. Real engine, a clock
// of the test's own.
#include "ui/chat/chat_session.h"
#include "ui/chat/conversation_store.h"
#include "ui/models/idle_unloader.h"

#include <QSignalSpy>
#include <QTest>

#include "engine/model/default_model.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr int kPatience = 120'000;
constexpr qint64 kMinute = 60'000;

} // namespace

class IdleUnloaderTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        Fixture() : unloader(bridge, [this] { return now; }) {}
        bool load()
        {
            const auto path = engine::findDefaultModel();
            if (!path)
                return false;
            bridge.loadModel(QString::fromStdString(*path));
            return QTest::qWaitFor([this] { return bridge.model().has_value(); }, kPatience);
        }
        bool sleeps()
        {
            return QTest::qWaitFor([this] { return !bridge.model().has_value(); }, kPatience) &&
                   bridge.asleepModel().has_value();
        }
        qint64 now = 0;
        EngineBridge bridge;
        IdleUnloader unloader;
    };

private slots:
    void initTestCase()
    {
        if (!engine::findDefaultModel())
            QFAIL("the default model is missing: ./installer/test brings it");
    }

    void unloadsAfterItsTimeAndNotBefore()
    {
        Fixture f;
        f.unloader.setMinutes(5);
        QVERIFY(f.load());
        f.now += 5 * kMinute - 1;
        f.unloader.check();
        QVERIFY(!f.bridge.asleepModel());
        f.now += 1;
        f.unloader.check();
        QVERIFY(f.sleeps());
    }

    void neverMeansNever()
    {
        Fixture f;
        QVERIFY(f.load());
        f.now += 10'000 * kMinute;
        f.unloader.check();
        QVERIFY(!f.bridge.asleepModel());
    }

    void aModelThatIsKeptStays()
    {
        Fixture f;
        f.unloader.setMinutes(5);
        f.unloader.setKeepLoaded(true);
        QVERIFY(f.load());
        f.now += 100 * kMinute;
        f.unloader.check();
        QVERIFY(!f.bridge.asleepModel());
        f.unloader.setKeepLoaded(false);
        f.unloader.check();
        QVERIFY(f.sleeps());
    }

    void aRunningReplyIsUse()
    {
        Fixture f;
        f.unloader.setMinutes(5);
        QVERIFY(f.load());
        engine::GenerationRequest request;
        request.prompt = std::string("Once");
        request.maxTokens = 64;
        request.ignoreEndOfGeneration = true;
        QSignalSpy finished(&f.bridge, &EngineBridge::replyFinished);
        f.bridge.generate(f.bridge.newReplyId(), request);
        f.now += 100 * kMinute;
        f.unloader.check();
        QVERIFY(!f.bridge.asleepModel());
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatience);
        f.now += 4 * kMinute;
        f.unloader.check();
        QVERIFY(!f.bridge.asleepModel());
    }

    void useWakesIt()
    {
        Fixture f;
        f.unloader.setMinutes(5);
        QVERIFY(f.load());
        const QString path = QString::fromStdString(f.bridge.model()->path);
        QSignalSpy wanted(&f.unloader, &IdleUnloader::wakeRequested);
        f.unloader.noteUse();
        QCOMPARE(wanted.size(), 0);
        f.now += 6 * kMinute;
        f.unloader.check();
        QVERIFY(f.sleeps());
        f.unloader.noteUse();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().toString(), path);
        f.bridge.loadModel(path);
        f.unloader.noteUse(); // on its way already
        QCOMPARE(wanted.size(), 1);
        QVERIFY(QTest::qWaitFor([&] { return f.bridge.model().has_value(); }, kPatience));
        QVERIFY(!f.bridge.asleepModel());
    }

    void closingTheSleepingModelEndsTheRepliesThatWaitForIt_data()
    {
        QTest::addColumn<bool>("waking");
        QTest::newRow("asleep") << false;
        QTest::newRow("on its way back") << true;
    }

    void closingTheSleepingModelEndsTheRepliesThatWaitForIt()
    {
        QFETCH(bool, waking);
        Fixture f;
        f.unloader.setMinutes(5);
        QVERIFY(f.load());
        const QString path = QString::fromStdString(f.bridge.model()->path);
        f.now += 6 * kMinute;
        f.unloader.check();
        QVERIFY(f.sleeps());
        ConversationStore store;
        ChatSession session(f.bridge, store);
        Conversation& chat = store.create();
        QVERIFY(session.send(chat.id(), QStringLiteral("Hello")));
        QVERIFY(chat.openReply() != nullptr);
        if (waking)
            f.bridge.loadModel(path);
        f.bridge.unloadModel();
        QVERIFY(QTest::qWaitFor([&] { return chat.openReply() == nullptr; }, kPatience));
        QCOMPARE(chat.messages().back().state, MessageState::Failed);
        QVERIFY(!chat.messages().back().error.isEmpty());
        QVERIFY(QTest::qWaitFor([&] { return !f.bridge.isLoading(); }, kPatience));
        QVERIFY(!f.bridge.model() && !f.bridge.asleepModel());
    }
};

QTEST_GUILESS_MAIN(IdleUnloaderTest)
#include "idle_unloader_test.moc"
