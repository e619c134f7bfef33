// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as Chrome's trace events, held against the rules of that format and against the recording.
#include "engine/trace/chrome_export.h"

#include <set>
#include <sstream>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "engine/trace/request_life.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

QJsonArray eventsOf(const Trace& trace)
{
    std::ostringstream out;
    writeChromeTrace(Timeline(trace), out);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(out.str()), &error);
    if (error.error != QJsonParseError::NoError)
        qFatal("%s", qPrintable(error.errorString()));
    return document.object()["traceEvents"].toArray();
}

QList<QJsonObject> ofKind(const QJsonArray& events, const char* phase)
{
    QList<QJsonObject> found;
    for (const QJsonValue& event : events)
        if (event["ph"] == QLatin1String(phase))
            found.append(event.toObject());
    return found;
}

} // namespace

class ChromeExportTest : public QObject
{
    Q_OBJECT

private:
    Trace m_trace;
    QJsonArray m_events;

private slots:
    void initTestCase()
    {
        RecordedRun run = recordRun();
        QCOMPARE(run.error, std::string());
        m_trace.origin.pool = run.start;
        m_trace.origin.model = "A \"model\" \xff";
        m_trace.steps = std::move(run.steps);
        m_trace.labels[RequestId{1}].title = "Étude";
        m_events = eventsOf(m_trace);
        QVERIFY(m_events.size() > 100);
    }

    void slicesOfALaneNestOrFollowEachOther()
    {
        std::map<std::pair<int, int>, std::vector<std::pair<double, double>>> lanes;
        for (const QJsonObject& slice : ofKind(m_events, "X")) {
            QVERIFY(slice["ts"].toDouble() >= 0 && slice["dur"].toDouble() >= 0);
            lanes[{slice["pid"].toInt(), slice["tid"].toInt()}].emplace_back(
                slice["ts"].toDouble(), slice["ts"].toDouble() + slice["dur"].toDouble());
        }
        QVERIFY(lanes.size() >= 2 + 5);
        constexpr double kRounding = 1e-3; // microseconds
        for (auto& [lane, slices] : lanes) {
            std::sort(slices.begin(), slices.end());
            for (std::size_t i = 1; i < slices.size(); ++i)
                QVERIFY(slices[i - 1].second <= slices[i].first + kRounding ||
                        slices[i - 1].second + kRounding >= slices[i].second);
        }
    }

    void everyStepAndTokenIsThere()
    {
        double decoded = 0, forwards = 0;
        for (const QJsonObject& slice : ofKind(m_events, "X")) {
            if (slice["pid"] != 1 || slice["name"] != QLatin1String("forward"))
                continue;
            ++forwards;
            decoded += slice["args"]["decode_tokens"].toDouble();
        }
        double steps = 0, expected = 0;
        for (const RecordedStep& step : m_trace.steps) {
            steps += step.rows.empty() ? 0 : 1;
            expected += step.record.decodeTokens;
        }
        QCOMPARE(forwards, steps);
        QCOMPARE(decoded, expected);
    }

    void requestsBeginAndEndOnce()
    {
        std::map<QString, int> open;
        for (const QJsonObject& event : ofKind(m_events, "b"))
            QCOMPARE(++open[event["id"].toString()], 1);
        QCOMPARE(open.size(), std::size_t(5));
        for (const QJsonObject& event : ofKind(m_events, "e"))
            QCOMPARE(--open[event["id"].toString()], 0);
    }

    void arrowsLeadFromARequestIntoASlice()
    {
        std::set<double> starts, ends, forwards;
        for (const QJsonObject& arrow : ofKind(m_events, "s"))
            QVERIFY(starts.insert(arrow["id"].toDouble()).second);
        for (const QJsonObject& slice : ofKind(m_events, "X"))
            if (slice["name"] == QLatin1String("forward"))
                forwards.insert(slice["ts"].toDouble());
        for (const QJsonObject& arrow : ofKind(m_events, "f")) {
            QVERIFY(ends.insert(arrow["id"].toDouble()).second);
            QVERIFY(forwards.contains(arrow["ts"].toDouble()));
        }
        QVERIFY(starts == ends && !starts.empty());
    }

    void namesMayBeAnything()
    {
        QStringList names;
        for (const QJsonObject& meta : ofKind(m_events, "M"))
            names << meta["args"]["name"].toString();
        QVERIFY(names.contains("Étude (request 1)"));
        QVERIFY(names.first().startsWith("Vitrine: A \"model\" "));
    }

    void anEmptyRecordingIsAValidFile() { QVERIFY(eventsOf({}).size() >= 4); }
};

QTEST_APPLESS_MAIN(ChromeExportTest)
#include "chrome_export_test.moc"
