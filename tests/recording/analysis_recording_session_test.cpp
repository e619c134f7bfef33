// SPDX-License-Identifier: GPL-3.0-or-later
// Analyses of real recordings as the Profiler asks for them: of the whole and of a part, beside the pictures,
// and only the newest of a kind.
#include <QTemporaryDir>
#include <QTest>

#include "tests/bridge/support/heard_reply.h"
#include "tests/recording/support/written_run.h"
#include "ui/recording/analysis_maker.h"
#include "ui/recording/recording_session.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

class AnalysisRecordingSessionTest : public QObject
{
    Q_OBJECT

private:
    RecordedRun m_run;
    QTemporaryDir m_folder;

    QString written() const { return writtenRun(m_folder, m_run); }
    static engine::SessionPart partOf(const engine::Trace& trace)
    {
        const engine::Session session = engine::Session::of(trace);
        return session.part(0, session.steps().size());
    }
    engine::Trace trace() const
    {
        engine::Trace trace;
        trace.origin.pool = m_run.start;
        trace.steps = m_run.steps;
        return trace;
    }

private slots:
    void initTestCase()
    {
        QVERIFY2(!defaultModel().isEmpty(), "the default model is missing");
        m_run = recordRun();
        QVERIFY2(m_run.error.empty(), m_run.error.c_str());
        QVERIFY(!written().isEmpty());
    }

    void promptsThatBeginAlikeShareANode()
    {
        RecordingSession session(written());
        SharedPrefixes heard;
        connect(&session, &RecordingSession::prefixesReady, this,
                [&](const SharedPrefixes& picture) { heard = picture; });
        session.askPrefixes({7, {}});
        QTRY_VERIFY_WITH_TIMEOUT(heard, kPatience);
        QCOMPARE(heard->query.serial, quint64(7));
        QCOMPARE(heard->tree.requests, 5U);
        quint32 shared = 0;
        for (const engine::PrefixNode& node : heard->tree.nodes) {
            shared += node.depth == 1 && node.requests == 2 ? 1 : 0;
            for (const engine::RequestId request : node.named)
                QVERIFY(heard->names.contains(request.value));
        }
        QCOMPARE(shared, 2U); // five prompts of three kinds: two, two and one
        QCOMPARE(heard->names.value(2).title, QStringLiteral("Kyoto packing list"));
    }

    void aPartOfTheRecordingHasItsOwnSteps()
    {
        RecordingSession session(written());
        SharedSteps whole, part;
        connect(&session, &RecordingSession::stepsReady, this, [&](const SharedSteps& picture) {
            (picture->query.range.isEmpty() ? whole : part) = picture;
        });
        session.askSteps({1, {}});
        QTRY_VERIFY_WITH_TIMEOUT(whole, kPatience);
        quint64 steps = 0;
        for (const engine::RecordedStep& step : m_run.steps)
            steps += step.record.step != 0 ? 1 : 0;
        QCOMPARE(whole->steps, steps);
        QCOMPARE(quint64(whole->decodes.size() + whole->prompts.size()), steps);
        QVERIFY(whole->means.size() <= StepsPicture::kMostMeans && !whole->means.isEmpty());
        QVERIFY(whole->slowest.size() <= StepsPicture::kMostSlow);
        quint64 meant = 0;
        for (const StepMeans& means : whole->means)
            meant += means.steps;
        QCOMPARE(meant, whole->predicted);

        const TimeRange range = session.summary().range;
        session.askSteps({2, {range.startNs + range.length() / 2, range.endNs}});
        QTRY_VERIFY_WITH_TIMEOUT(part, kPatience);
        QVERIFY(part->steps > 0 && part->steps < steps);
    }

    void poolsOfManySizesAreTriedOneAfterTheOther()
    {
        RecordingSession session(written());
        QList<SharedBlockLife> heard;
        connect(&session, &RecordingSession::blockLifeReady, this,
                [&](const SharedBlockLife& picture) { heard.append(picture); });
        session.askBlockLife({3, {}});
        QTRY_VERIFY_WITH_TIMEOUT(!heard.isEmpty() && heard.last()->sizesLeft == 0, kPatience);
        const qsizetype sizes = sizesToPlay(m_run.start.blocks).size();
        QCOMPARE(heard.size(), sizes + 1);
        QVERIFY(heard.first()->whatIf.points.empty() && heard.first()->life.taken > 0);
        QCOMPARE(qsizetype(heard.last()->whatIf.points.size()), sizes);
        QCOMPARE(heard.last()->whatIf.recordedBlocks, m_run.start.blocks);
        QCOMPARE(heard.last()->life.lifetime.size(), std::size_t(heard.last()->life.evicted));
    }

    void onlyTheNewestOfManyIsAnsweredToTheEnd()
    {
        RecordingSession session(written());
        QList<quint64> finished;
        connect(&session, &RecordingSession::blockLifeReady, this, [&](const SharedBlockLife& picture) {
            if (picture->sizesLeft == 0)
                finished.append(picture->query.serial);
        });
        for (quint64 serial = 1; serial <= 200; ++serial)
            session.askBlockLife({serial, {}});
        QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty() && finished.last() == 200, kPatience);
        QVERIFY(finished.size() < 200);
    }

    void aSessionMayGoWhileItIsComputed()
    {
        for (int i = 0; i < 5; ++i) {
            RecordingSession session(written());
            session.askBlockLife({1, {}});
            session.askPrefixes({1, {}});
            QTest::qWait(i * 5);
        }
    }

    void anEmptyRecordingHasEmptyAnalyses()
    {
        const engine::SessionPart nothing = partOf({});
        QCOMPARE(stepsOf(nothing, {}).steps, quint64(0));
        QCOMPARE(prefixesOf(nothing, {}).tree.requests, 0U);
        int told = 0;
        blockLifeOf(nothing, {}, [&](const BlockLifePicture& picture) {
            ++told;
            return picture.sizesLeft == 0;
        });
        QCOMPARE(told, 1);
    }

    void figuresThatNoMachineHasDoNoHarm()
    {
        engine::Trace wrong = trace();
        for (std::size_t i = 0; i < wrong.steps.size(); ++i) {
            engine::StepFigures& figures = wrong.steps[i].record;
            figures.startNs = i % 2 == 0 ? INT64_MIN : INT64_MAX;
            figures.endNs = i % 3 == 0 ? INT64_MAX : INT64_MIN;
            figures.forwardNs = i % 5 == 0 ? INT64_MIN : INT64_MAX;
            figures.predictedNs = i % 7 == 0 ? INT64_MAX : INT64_MIN;
        }
        const StepsPicture picture = stepsOf(partOf(wrong), {});
        QCOMPARE(picture.means.size() <= StepsPicture::kMostMeans, true);
        QVERIFY(std::isfinite(picture.ratio.mean()) && std::isfinite(picture.totals.forwardNs));
    }

    void theCurveBendsWhereMoreBlocksFindHardlyMore()
    {
        engine::WhatIf curve;
        curve.lookedUpTokens = 1000;
        for (const auto& [blocks, hits] : {std::pair(10U, 0U), {20U, 300U}, {40U, 595U}, {80U, 600U}}) {
            engine::WhatIfPoint point;
            point.blocks = blocks;
            point.hitTokens = hits;
            curve.points.push_back(point);
        }
        QCOMPARE(bendOf(curve), 40U);
        for (engine::WhatIfPoint& point : curve.points)
            point.hitTokens = 600;
        QCOMPARE(bendOf(curve), 0U);
        QCOMPARE(sizesToPlay(1), (QList<quint32>{1, 2, 3, 4, 8}));
        QVERIFY(sizesToPlay(0xFFFFFFFFU).isEmpty());
    }
};

QTEST_GUILESS_MAIN(AnalysisRecordingSessionTest)
#include "analysis_recording_session_test.moc"
