// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept of a recording while it grows: anomalies and the course of metrics, both bounded.
#include <algorithm>
#include <limits>
#include <random>

#include <QTest>

#include "engine/analysis/anomaly_log.h"
#include "engine/telemetry/metric_history.h"

using namespace vitrine::engine;

namespace {

/// Even steps, six times as slow now and then.
class Serving
{
public:
    RecordedStep next(bool slow)
    {
        RecordedStep step;
        step.record.step = ++m_step;
        step.record.startNs = m_nowNs;
        step.record.predictedNs = 10'000'000;
        step.record.running = 1;
        const auto took = static_cast<std::int64_t>((slow ? 6.0 : 1.0) * 10e6 + double(m_step % 7) * 40e3);
        step.phases = {{StepPhase::Forward, m_nowNs, m_nowNs + took}};
        m_nowNs += took;
        step.record.endNs = m_nowNs;
        step.rows = {{RequestId{1}, 0, 1, 5, 1}};
        step.events = {RecordedToken{RequestId{1}, 3}};
        return step;
    }

private:
    std::uint64_t m_step = 0;
    std::int64_t m_nowNs = 1'000'000'000;
};

} // namespace

class RunningLogsTest : public QObject
{
    Q_OBJECT

private slots:
    void anAnomalyIsOpenFirstAndThenOver()
    {
        AnomalyLog log;
        Serving serving;
        for (int i = 0; i < 300; ++i)
            log.add(serving.next(false));
        QCOMPARE(log.found().all.size(), std::size_t{0});
        const std::uint64_t quiet = log.changes();
        for (int i = 0; i < 12; ++i)
            log.add(serving.next(true));
        AnomalyLog::Found found = log.found();
        QVERIFY(!found.all.empty() && found.firstOpen == 0);
        QVERIFY(log.changes() != quiet);
        for (int i = 0; i < 100; ++i)
            log.add(serving.next(false));
        found = log.found();
        QCOMPARE(found.firstOpen, found.all.size());
        QCOMPARE(found.count, std::uint64_t(found.all.size()));
        const std::uint64_t changes = log.changes();
        log.forgetBefore(std::numeric_limits<std::int64_t>::max());
        QVERIFY(log.found().all.empty() && log.changes() != changes);
    }

    void whatGoesOnIsNewsAgainAndAgain()
    {
        AnomalyLog log;
        Serving serving;
        for (int i = 0; i < 300; ++i)
            log.add(serving.next(false));
        for (int i = 0; i < 12; ++i)
            log.add(serving.next(true));
        const AnomalyLog::Found before = log.found();
        QVERIFY(before.firstOpen < before.all.size());
        const std::uint64_t changes = log.changes();
        for (int i = 0; i < 12; ++i)
            log.add(serving.next(true));
        const AnomalyLog::Found after = log.found();
        const Anomaly& going = before.all.back(); // others may have begun since
        const auto same = std::find_if(after.all.begin(), after.all.end(), [&](const Anomaly& one) {
            return one.kind == going.kind && one.firstStep == going.firstStep;
        });
        QVERIFY(same != after.all.end());
        QVERIFY(same->lastStep > going.lastStep);
        QVERIFY(log.changes() != changes);
    }

    void manyAreCountedAndTheNewestKept()
    {
        AnomalyLog log;
        std::mt19937_64 random(7);
        for (int i = 0; i < 120'000; ++i) {
            RecordedStep step;
            step.record.step = std::uint64_t(i) + 1;
            step.record.startNs = step.record.endNs = static_cast<std::int64_t>(i) * 1'000'000;
            step.record.waiting = i % 200 < 190 ? std::uint32_t(random() % 2) : 100'000'000;
            step.record.preemptions = i % 1200 == 0 ? 900 : 0;
            step.rows.resize(1);
            log.add(step);
        }
        const AnomalyLog::Found found = log.found();
        QVERIFY2(found.count > AnomalyLog::kMost, qPrintable(QString::number(found.count)));
        QVERIFY(found.all.size() >= AnomalyLog::kMost &&
                found.all.size() <= AnomalyLog::kMost + kAnomalyKinds);
        QVERIFY(std::is_sorted(found.all.begin(), found.all.begin() + std::ptrdiff_t(found.firstOpen),
                               [](const Anomaly& a, const Anomaly& b) { return a.startNs < b.startNs; }));
    }

    void theCourseOfAMetricEndsWhereTheMetricIs()
    {
        MetricHistory history("m");
        Serving serving;
        for (int i = 0; i < 50'000; ++i)
            history.add(serving.next(false));
        QVERIFY(history.times().size() < MetricHistory::kMost &&
                history.times().size() > MetricHistory::kMost / 4);
        QVERIFY(std::is_sorted(history.times().begin(), history.times().end()));
        bool any = false;
        for (const MetricCourse& course : history.courses()) {
            QCOMPARE(course.values.size(), history.times().size());
            if (course.name != "vitrine:engine_steps_total")
                continue;
            any = true;
            QVERIFY(std::is_sorted(course.values.begin(), course.values.end()));
            QVERIFY(course.values.back() > 49'000 && course.values.back() <= 50'000);
        }
        QVERIFY(any);
    }

    void aRecordingOfMillisecondsHasACourseToo()
    {
        MetricHistory history;
        RecordedStep step;
        for (std::uint64_t i = 1; i <= 20; ++i) {
            step.record.step = i;
            step.record.startNs = step.record.endNs;
            step.record.endNs += 400'000;
            history.add(step);
        }
        QCOMPARE(history.times().size(), std::size_t(20));
    }

    void evenCoursesAreOverTimeAndNotOverSteps()
    {
        MetricHistory history;
        RecordedStep step;
        for (std::uint64_t i = 1; i <= 11; ++i) { // ten steps within 10 ms, one after 90 ms of nothing
            step.record.step = i;
            step.record.running = static_cast<std::uint32_t>(i);
            step.record.endNs += i == 11 ? 91'000'000 : 1'000'000;
            history.add(step);
        }
        QVERIFY(history.evenCourses(1).empty());
        const std::vector<MetricCourse> even = history.evenCourses(101);
        int seen = 0;
        for (const MetricCourse& course : even) {
            QCOMPARE(course.values.size(), std::size_t(101));
            if (course.name == "vitrine:engine_steps_total") {
                ++seen;
                QCOMPARE(course.values.front(), 1.0);
                QCOMPARE(course.values[9], 10.0);
                QVERIFY(course.values[54] > 10.4 && course.values[54] < 10.6);
                QCOMPARE(course.values.back(), 11.0);
            }
            if (course.name == "vitrine:num_requests_running") {
                ++seen;
                QCOMPARE(course.values[99], 10.0);
                QCOMPARE(course.values.back(), 11.0);
            }
        }
        QCOMPARE(seen, 2);
    }

    void timesThatMakeNoSenseStayBounded()
    {
        MetricHistory history;
        std::mt19937_64 random(3);
        RecordedStep step;
        for (int i = 0; i < 5'000; ++i) {
            step.record.step = 1;
            step.record.startNs = static_cast<std::int64_t>(random());
            step.record.endNs = static_cast<std::int64_t>(random());
            history.add(step);
        }
        QVERIFY(history.times().size() <= MetricHistory::kMost);
    }
};

QTEST_APPLESS_MAIN(RunningLogsTest)
#include "running_logs_test.moc"
