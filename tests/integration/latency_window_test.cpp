// SPDX-License-Identifier: GPL-3.0-or-later
// The Latency tab of the real window while the real engine replies: it follows, and what is applied there
// reaches the engine, is measured, and goes back.
#include <QApplication>
#include <QPushButton>
#include <QTest>

#include "tests/integration/support/real_window.h"
#include "ui/profiler/latency/advice_card.h"
#include "ui/profiler/latency/applied_card.h"
#include "ui/profiler/latency/first_token_chart.h"
#include "ui/profiler/latency/latency_page.h"
#include "ui/profiler/latency/token_gap_chart.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/recording/recording_session.h"

using namespace vitrine;
using namespace vitrine::ui;

class LatencyWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void theRunningEngineIsFollowedAndAdviceIsAppliedToIt()
    {
        RealWindow real;
        QVERIFY(real.openDefaultModel());
        SchedulingChoice before = real.preferences.scheduling();
        before.itlTarget = 0.05;
        real.preferences.setScheduling(before);
        real.bridge.setScheduling(before);
        constexpr quint64 kEnough = 60; // steps, to compare with
        const RecordingSession& recording = *real.window.profilerPage().session();
        for (int i = 0; i < 16 && recording.summary().steps < kEnough; ++i) {
            real.ask(QStringLiteral("Count to forty in words, please."));
            QVERIFY(real.waitForTheEnd());
            QTest::qWait(LatencyPage::kGrowthMs); // it is told a few times a second
        }
        real.window.showProfiler();
        auto* page = real.window.profilerPage().findChild<LatencyPage*>();
        QVERIFY(page != nullptr);
        real.window.profilerPage().showTab(QStringLiteral("latency"));
        QTRY_VERIFY_WITH_TIMEOUT(!page->firstTokens().rows().isEmpty(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(page->gaps().picture() && page->gaps().picture()->targetNs, kPatience);
        QCOMPARE(*page->gaps().picture()->targetNs, 50e6);
        QVERIFY(!page->gaps().picture()->gaps.isEmpty());

        auto advice = std::make_shared<AdvicePicture>();
        engine::Diagnosis diagnosis;
        diagnosis.kind = engine::DiagnosisKind::ItlTargetTooTight;
        diagnosis.suggestion = engine::Suggestion{engine::SettingKey::ItlTarget, 0.05, 0.1};
        diagnosis.gains = {{engine::GainMetric::BetweenTokensP95, 20e6, 21e6, engine::GainSource::Model}};
        advice->diagnoses = {diagnosis};
        page->setAdvice(advice);
        page->advice().applyButton().click();
        QCOMPARE(real.preferences.scheduling().itlTarget, 0.1);
        const auto target = [page] { return page->gaps().picture()->targetNs.value_or(0); };
        for (int i = 0; i < 16 && !page->applied().text().contains(QLatin1String("Measured over")); ++i) {
            real.window.showChats();
            real.ask(QStringLiteral("And now count backwards."));
            QVERIFY(real.waitForTheEnd());
            real.window.showProfiler();
            real.window.profilerPage().showTab(QStringLiteral("latency"));
            QTRY_COMPARE_WITH_TIMEOUT(target(), 100e6, kPatience); // the engine has it
            QTest::qWait(2 * LatencyPage::kGrowthMs);
        }
        QVERIFY2(page->applied().text().contains(QLatin1String("Measured over")),
                 qPrintable(page->applied().text()));
        const QString shot = qEnvironmentVariable("VITRINE_SCREENSHOT");
        if (!shot.isEmpty())
            real.window.grab().save(shot);
        page->applied().undoButton().click();
        QCOMPARE(real.preferences.scheduling().itlTarget, 0.05);
        QVERIFY(!page->applied().isVisible());
    }
};

QTEST_MAIN(LatencyWindowTest)
#include "latency_window_test.moc"
