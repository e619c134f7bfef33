// SPDX-License-Identifier: GPL-3.0-or-later
// What the running engine tells NVTX, in its recording: on lanes, in files, in exports; and where nothing
// captures it the recording says why.
#include <optional>
#include <set>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/telemetry/nvtx_ranges.h"
#include "engine/trace/trace_reader.h"
#include "tests/bridge/support/heard_reply.h"
#include "ui/recording/recording_feed.h"
#include "ui/recording/recording_session.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

SharedTimeline pictureOf(RecordingSession& session, TimelineQuery query)
{
    SharedTimeline picture;
    const auto connection = QObject::connect(&session, &RecordingSession::timelineReady, &session,
                                             [&](const SharedTimeline& heard) { picture = heard; });
    session.askTimeline(query);
    [&] { QTRY_VERIFY_WITH_TIMEOUT(picture, kPatience); }();
    QObject::disconnect(connection);
    return picture;
}

TimelineQuery everythingOf(const RecordingSession& session)
{
    TimelineQuery query;
    query.range = session.summary().range;
    query.columns = 1000;
    query.lanes = 100;
    return query;
}

const NvtxLaneName* laneNamed(const NvtxPicture& picture, const QString& name)
{
    for (const NvtxLaneName& lane : picture.lanes)
        if (lane.name == name)
            return &lane;
    return nullptr;
}

} // namespace

class NvtxRecordingTest : public QObject
{
    Q_OBJECT

private:
    std::optional<EngineBridge> m_bridge;
    std::optional<RecordingSession> m_session;

    /// A reply, and all of it has come to the recording.
    void generate(std::uint32_t tokens)
    {
        const quint64 before = m_session->summary().steps;
        Heard heard(*m_bridge, m_bridge->newReplyId());
        m_bridge->generate(heard.reply, textRequest("The capital of France is", tokens));
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->summary().steps > before, kPatience);
    }

private slots:
    void initTestCase()
    {
        if (!engine::nvtxBuiltIn())
            QSKIP("built without NVTX");
        auto capture = engine::TracedRanges::attach(); // before anything speaks to NVTX
        QVERIFY2(capture.has_value(), capture ? "" : capture.error().message.c_str());
        QVERIFY2(!defaultModel().isEmpty(), "the default model is missing");
        m_bridge.emplace(shortSteps());
        m_bridge->feed()->setNvtx(std::move(*capture));
        m_session.emplace(m_bridge->feed());
        QSignalSpy ready(&*m_bridge, &EngineBridge::modelReady);
        m_bridge->loadModel(defaultModel());
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), kPatience);
        generate(16);
    }
    void cleanupTestCase()
    {
        m_session.reset();
        m_bridge.reset();
    }

    void whatEngineAndWorkersTellIsOnLanesOfTheirs()
    {
        QVERIFY(m_session->summary().nvtxProblem.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(m_session->summary().nvtxEvents > 100, kPatience);
        const SharedTimeline picture = pictureOf(*m_session, everythingOf(*m_session));
        const NvtxPicture& nvtx = picture->nvtx;
        QVERIFY(laneNamed(nvtx, QStringLiteral("engine")) != nullptr);
        QCOMPARE(nvtx.lanes.first().name, QStringLiteral("engine"));
        QVERIFY(laneNamed(nvtx, QStringLiteral("worker 1")) != nullptr);
        QCOMPARE(laneNamed(nvtx, QStringLiteral("step"))->of, engine::NvtxLaneOf::Spans);
        QCOMPARE(nvtx.rows.size(), nvtx.lanes.size());
        for (const NvtxLaneRow& row : nvtx.rows) {
            QCOMPARE(nvtx.lanes[row.lane].domain, QStringLiteral("vitrine"));
            qsizetype bars = row.marks.size();
            for (const QList<NvtxBar>& level : row.levels) {
                QVERIFY(level.size() <= 2 * qsizetype(picture->query.columns) + 2);
                bars += level.size();
            }
            QVERIFY(bars > 0 || nvtx.lanes[row.lane].of != engine::NvtxLaneOf::Thread);
        }
    }

    void aHiddenLaneIsNamedAndNotDrawn()
    {
        TimelineQuery query = everythingOf(*m_session);
        const SharedTimeline all = pictureOf(*m_session, query);
        query.hiddenLanes = {all->nvtx.lanes.first().key};
        const SharedTimeline less = pictureOf(*m_session, query);
        QCOMPARE(less->nvtx.rows.size(),
                 less->nvtx.lanes.size() - 1); // of one picture: the recording goes on
        QVERIFY(less->nvtx.lanes.first().hidden);
        QCOMPARE(less->nvtx.rows.first().lane, qsizetype(1));
    }

    void lanesOutOfViewAreNotMade()
    {
        TimelineQuery query = everythingOf(*m_session);
        query.firstLane = 1;
        query.lanes = 1;
        const SharedTimeline picture = pictureOf(*m_session, query);
        QCOMPARE(picture->nvtx.rows.size(), qsizetype(1));
        QCOMPARE(picture->nvtx.rows.first().lane, qsizetype(1));
    }

    void aFileThatIsRecordedHasWhatWasToldMeanwhile()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("live.vtrace"));
        m_session->startRecording(path);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->fileRecording().active, kPatience);
        const quint64 before = m_session->summary().nvtxEvents;
        generate(8);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->summary().nvtxEvents > before, kPatience);
        m_session->stopRecording();
        QTRY_VERIFY_WITH_TIMEOUT(!m_session->fileRecording().active, kPatience);
        QCOMPARE(m_session->fileRecording().error, QString());
        const auto trace = engine::readTrace(path.toStdString());
        QVERIFY(trace && trace->complete && trace->damage.empty());
        std::set<std::uint32_t> told;
        for (const engine::NvtxEvent& event : trace->nvtx.events)
            if (trace->nvtx.name(event.message) == "gate up" && event.payload == 0)
                told.insert(event.thread);
        QVERIFY(!told.empty());
        bool engineNamed = false;
        for (const auto& [thread, name] : trace->nvtx.threads)
            engineNamed = engineNamed || name == "engine";
        QVERIFY(engineNamed);
    }

    void anExportHasWhatTheLanesHave()
    {
        QTemporaryDir folder;
        QSignalSpy exported(&*m_session, &RecordingSession::exported);
        const QString path = folder.filePath(QStringLiteral("whole.vtrace"));
        const quint64 before = m_session->summary().nvtxEvents; // it may still grow
        m_session->exportTo(path);
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, kPatience);
        RecordingSession read(path);
        QSignalSpy changed(&read, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        QVERIFY(read.summary().nvtxEvents >= before &&
                read.summary().nvtxEvents <= m_session->summary().nvtxEvents);
        const SharedTimeline live = pictureOf(*m_session, everythingOf(*m_session));
        const SharedTimeline again = pictureOf(read, everythingOf(*m_session));
        QCOMPARE(again->nvtx.lanes.size(), live->nvtx.lanes.size());
        for (qsizetype i = 0; i < live->nvtx.lanes.size(); ++i)
            QCOMPARE(again->nvtx.lanes[i].key, live->nvtx.lanes[i].key);
    }

    void whereNothingCapturesTheRecordingSaysWhy()
    {
        const auto feed = std::make_shared<RecordingFeed>();
        feed->setNoNvtx(QStringLiteral("NVTX ranges cannot be captured: for a test"));
        feed->recorder().begin({});
        RecordingSession session(feed);
        QTRY_COMPARE_WITH_TIMEOUT(session.summary().nvtxProblem,
                                  QStringLiteral("NVTX ranges cannot be captured: for a test"), kPatience);
        QCOMPARE(session.summary().nvtxEvents, quint64(0));
    }
};

QTEST_GUILESS_MAIN(NvtxRecordingTest)
#include "nvtx_recording_test.moc"
