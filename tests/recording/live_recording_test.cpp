// SPDX-License-Identifier: GPL-3.0-or-later
// A recording of the running engine: followed while it runs, written to a file that stands alone, exported.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/bridge/support/heard_reply.h"
#include "tests/recording/support/written_run.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

class LiveRecordingTest : public QObject
{
    Q_OBJECT

private:
    RecordedRun m_run;

private slots:
    void initTestCase()
    {
        QVERIFY2(!defaultModel().isEmpty(), "the default model is missing");
        m_run = recordRun();
        QVERIFY2(m_run.error.empty(), m_run.error.c_str());
    }

    void theRunningEngineIsFollowed()
    {
        EngineBridge bridge(shortSteps());
        RecordingSession session(bridge.feed());
        QSignalSpy ready(&bridge, &EngineBridge::modelReady);
        bridge.loadModel(defaultModel());
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), kPatience);
        engine::RequestId request;
        connect(&bridge, &EngineBridge::replySubmitted, this,
                [&](ReplyId, engine::RequestId number) { request = number; });
        session.name(5, QStringLiteral("A question"), 2);
        Heard heard(bridge, bridge.newReplyId());
        bridge.generate(heard.reply, textRequest("The capital of France is", 24));
        QTRY_VERIFY_WITH_TIMEOUT(request.value != 0, kPatience);
        session.label(request, 5, 6);
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(session.summary().steps >= 20, kPatience);
        QVERIFY(session.summary().live);
        QVERIFY(!session.summary().model.isEmpty() && !session.summary().device.isEmpty());
        const RequestDetails details =
            answer(session, &RecordingSession::requestReady, [&] { session.askRequest(request); });
        QCOMPARE(details.name.title, QStringLiteral("A question"));
        QCOMPARE(details.name.hue, std::size_t(2));
        QVERIFY(details.life.replyTokens > 0);
    }

    void aRunningRecordingIsWrittenToAFileThatStandsAlone()
    {
        QTemporaryDir folder;
        EngineBridge bridge(shortSteps());
        RecordingSession session(bridge.feed());
        QSignalSpy ready(&bridge, &EngineBridge::modelReady);
        bridge.loadModel(defaultModel());
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), kPatience);
        engine::RequestId first;
        connect(&bridge, &EngineBridge::replySubmitted, this,
                [&](ReplyId, engine::RequestId number) { first = number; });
        Heard before(bridge, bridge.newReplyId());
        bridge.generate(before.reply, textRequest("One two three", 40));
        QTRY_COMPARE_WITH_TIMEOUT(before.ends, 1, kPatience);
        const auto hasEnded = [&] {
            const RequestDetails details =
                answer(session, &RecordingSession::requestReady, [&] { session.askRequest(first); });
            return details.life.endNs != 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(), kPatience);

        const QString path = folder.filePath(QStringLiteral("new/live.vtrace"));
        session.startRecording(path);
        QTRY_VERIFY_WITH_TIMEOUT(session.fileRecording().active, kPatience);
        const quint64 empty = session.fileRecording().bytes;
        Heard heard(bridge, bridge.newReplyId());
        bridge.generate(heard.reply, textRequest("One two three", 40));
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(), kPatience); // of the second one: all of it has come
        QTRY_VERIFY_WITH_TIMEOUT(session.fileRecording().bytes > empty, kPatience);
        session.stopRecording();
        QTRY_VERIFY_WITH_TIMEOUT(!session.fileRecording().active, kPatience);
        QCOMPARE(session.fileRecording().error, QString());

        RecordingSession read(path);
        QSignalSpy changed(&read, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        QVERIFY(read.summary().damage.isEmpty());
        QCOMPARE(read.summary().requests, qsizetype(1)); // the one before had ended
        const SharedBlockMap live = answer(session, &RecordingSession::blocksReady,
                                           [&] { session.askBlocks(session.summary().range.endNs); });
        const SharedBlockMap map =
            answer(read, &RecordingSession::blocksReady, [&] { read.askBlocks(read.summary().range.endNs); });
        QCOMPARE(map->cells.size(), live->cells.size());
        QVERIFY(live->cached > 0);
        QCOMPARE(map->cached, live->cached); // also of what was there before
        QCOMPARE(map->free, live->free);
    }

    void aPartOfARecordingIsExportedInEveryFormat_data()
    {
        QTest::addColumn<QString>("suffix");
        for (const char* suffix : {"vtrace", "json", "pftrace", "csv"})
            QTest::newRow(suffix) << QString::fromLatin1(suffix);
    }

    void aPartOfARecordingIsExportedInEveryFormat()
    {
        QFETCH(QString, suffix);
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        const TimeRange all = session.summary().range;
        QSignalSpy exported(&session, &RecordingSession::exported);
        const QString whole = folder.filePath(QStringLiteral("whole.") + suffix);
        const QString part = folder.filePath(QStringLiteral("part.") + suffix);
        session.exportTo(whole);
        session.exportTo(part, {all.startNs + all.length() / 3, all.startNs + all.length() / 2});
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 2, kPatience);
        for (const QList<QVariant>& call : exported)
            QCOMPARE(call[1].toString(), QString());
        QVERIFY(QFileInfo(part).size() > 0);
        QVERIFY(QFileInfo(part).size() < QFileInfo(whole).size());
    }

    void anExportThatCannotBeWrittenSaysWhy()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy exported(&session, &RecordingSession::exported);
        session.exportTo(folder.filePath(QStringLiteral("missing/x.json")));
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, kPatience);
        QVERIFY(exported.first()[1].toString().contains(QStringLiteral("x.json")));
    }
};

QTEST_GUILESS_MAIN(LiveRecordingTest)
#include "live_recording_test.moc"
