// SPDX-License-Identifier: GPL-3.0-or-later
// The Latency tab over real recordings: where time went, advice and the places it is about, two recordings
// beside each other, and a change that is applied, measured and taken back.
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "tests/recording/support/written_run.h"
#include "ui/profiler/latency/advice_card.h"
#include "ui/profiler/latency/advice_settings.h"
#include "ui/profiler/latency/advice_text.h"
#include "ui/profiler/latency/applied_card.h"
#include "ui/profiler/latency/comparison_panel.h"
#include "ui/profiler/latency/comparison_table.h"
#include "ui/profiler/latency/first_token_chart.h"
#include "ui/profiler/latency/latency_page.h"
#include "ui/profiler/latency/token_gap_chart.h"
#include "ui/profiler/recordings/recording_shelf.h"
#include "ui/recording/measured_change.h"
#include "ui/recording/recording_feed.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/combo_box.h"
#include "ui/shell/language.h"
#include "ui/shell/preferences.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

engine::Diagnosis adviceToAllow(double seconds)
{
    engine::Diagnosis diagnosis;
    diagnosis.kind = engine::DiagnosisKind::ItlTargetTooTight;
    diagnosis.severity = 0.4;
    diagnosis.cause = {"Compute with %1 threads.", {engine::countFigure(3)}};
    diagnosis.advice = {"Allow %1 between tokens.", {engine::timeFigure(seconds * 1e9)}};
    diagnosis.suggestion = engine::Suggestion{engine::SettingKey::ItlTarget, 0.05, seconds};
    diagnosis.gains = {{engine::GainMetric::FirstTokenP95, 100e6, 60e6, engine::GainSource::Replay}};
    diagnosis.evidence.ranges = {{1'000, 2'000}, {5'000, 7'000}};
    return diagnosis;
}

SharedAdvice adviceOf(const QList<engine::Diagnosis>& diagnoses)
{
    auto advice = std::make_shared<AdvicePicture>();
    advice->diagnoses = diagnoses;
    advice->steps = 100;
    return advice;
}

} // namespace

class LatencyPageTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int kPatience = 60'000;

    Theme m_theme;
    Language m_language;
    RecordedRun m_run;
    QTemporaryDir m_folder;
    std::unique_ptr<Preferences> m_preferences;
    TimeView m_view;

    QString written(const QString& name) const { return writtenRun(m_folder, m_run, name); }
    std::unique_ptr<LatencyPage> shownPage(RecordingSession* session)
    {
        auto page = std::make_unique<LatencyPage>(m_view, *m_preferences, m_theme);
        page->resize(1340, 820);
        page->show();
        page->setSession(session);
        return page;
    }

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_theme.applyTo(*qApp);
        m_run = recordRun();
        QVERIFY2(m_run.error.empty(), m_run.error.c_str());
    }
    void init()
    {
        m_language.setChoice(LanguageChoice::English);
        m_view.begin({}, false);
        m_preferences = std::make_unique<Preferences>(m_folder.filePath(QStringLiteral("v.ini")));
        m_preferences->store().clear();
    }

    void aRecordingIsShownAndARowChoosesWhoseTokensAreShown()
    {
        RecordingSession session(written(QStringLiteral("run.vtrace")));
        const auto page = shownPage(&session);
        FirstTokenChart& chart = page->firstTokens();
        QTRY_COMPARE_WITH_TIMEOUT(chart.rows().size(), qsizetype(5), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(page->gaps().picture() && !page->gaps().picture()->gaps.isEmpty(),
                                 kPatience);
        QVERIFY(chart.tipAt(chart.barRect(0).center()).contains(QLatin1String("until the first token")));
        qsizetype kyoto = 0;
        while (chart.rows()[kyoto].name.title != QLatin1String("Kyoto packing list"))
            QVERIFY(++kyoto < chart.rows().size());
        QTest::mouseClick(chart.viewport(), Qt::LeftButton, {}, chart.barRect(kyoto).center().toPoint());
        QTRY_COMPARE_WITH_TIMEOUT(chart.chosen(), engine::RequestId{2}, kPatience);
        QCOMPARE(page->gaps().picture()->gaps.size(), qsizetype(29)); // 30 tokens
        chart.setOrder(FirstTokenChart::Order::Slowest);
        for (qsizetype i = 1; i < chart.rows().size(); ++i)
            QVERIFY(chart.rows()[i - 1].latency.toFirstToken.total() >=
                    chart.rows()[i].latency.toFirstToken.total());
    }

    void aTokenThatWasLateLeadsToItsTime()
    {
        RecordingSession session(written(QStringLiteral("run.vtrace")));
        const auto page = shownPage(&session);
        TokenGapChart& gaps = page->gaps();
        QTRY_VERIFY_WITH_TIMEOUT(gaps.picture() && !gaps.picture()->gaps.isEmpty(), kPatience);
        QSignalSpy picked(page.get(), &LatencyPage::rangePicked);
        const QPoint middle = gaps.plotRect().center().toPoint();
        const engine::TokenGap* gap = gaps.gapAt(middle.x());
        QVERIFY(gap != nullptr);
        QVERIFY(gaps.tipAt(middle).contains(QLatin1String("own decode")));
        QTest::mouseClick(&gaps, Qt::LeftButton, {}, middle);
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.first().first().value<TimeRange>().startNs, gap->startNs);
    }

    void adviceOfARecordingUnderPressureNamesThePoolAndWhere()
    {
        RecordingSession session(written(QStringLiteral("run.vtrace")));
        const auto page = shownPage(&session);
        AdviceCard& card = page->advice();
        QTRY_VERIFY_WITH_TIMEOUT(card.shown() != nullptr, kPatience);
        QVERIFY(!card.text().contains(QLatin1Char('%') + QString::number(1)));
        QVERIFY(card.applyButton().isHidden()); // of the past
        QSignalSpy picked(page.get(), &LatencyPage::rangePicked);
        card.evidenceButton().click();
        QCOMPARE(picked.size(), 1);
        QVERIFY(session.summary().range.touches(picked.first().first().value<TimeRange>()));
    }

    void adviceIsWalkedThroughAndItsEvidenceToo()
    {
        AdviceCard card(m_theme);
        QVERIFY(card.shown() == nullptr);
        card.setAdvice(adviceOf({}));
        QVERIFY(card.text().contains(QLatin1String("Nothing holds the replies back")));
        engine::Diagnosis other = adviceToAllow(0.1);
        other.kind = engine::DiagnosisKind::PoolTooSmall;
        card.setAdvice(adviceOf({adviceToAllow(0.1), other}));
        QVERIFY(card.text().contains(QLatin1String("1 of 2")));
        QVERIFY2(card.text().contains(QStringLiteral("Allow 100\u00a0ms between tokens.")),
                 qPrintable(card.text()));
        card.nextButton().click();
        QCOMPARE(card.shown()->kind, engine::DiagnosisKind::PoolTooSmall);
        QVERIFY(!card.nextButton().isEnabled());
        card.setAdvice(adviceOf({other, adviceToAllow(0.1)})); // they changed places: what is read stays
        QCOMPARE(card.shown()->kind, engine::DiagnosisKind::PoolTooSmall);
        QSignalSpy picked(&card, &AdviceCard::rangePicked);
        for (const qint64 start : {1'000, 5'000, 1'000}) {
            card.evidenceButton().click();
            QCOMPARE(picked.last().first().value<TimeRange>().startNs, start);
        }
        card.detailsButton().setChecked(true);
        QVERIFY(card.text().contains(QLatin1String("Where to change it: Settings, Time between tokens")));
    }

    void suggestionsBecomeWhatTheSettingsOffer()
    {
        SchedulingChoice now;
        now.itlTarget = 0.05;
        const auto made = [&](engine::SettingKey key, double proposed, quint64 bytes = 0) {
            return choiceOf({key, std::nullopt, proposed}, now, bytes);
        };
        QCOMPARE(made(engine::SettingKey::ItlTarget, 0.07)->itlTarget, 0.1);
        QCOMPARE(made(engine::SettingKey::ItlTarget, 9.0)->itlTarget, 0.2);
        QVERIFY(!made(engine::SettingKey::ItlTarget, 0.05)); // it is so
        QCOMPARE(made(engine::SettingKey::Threads, 6)->threads, 6U);
        QCOMPARE(made(engine::SettingKey::Policy, 3)->policy, engine::PolicyKind::Shortest);
        QCOMPARE(made(engine::SettingKey::KvBlocks, 300, 1 << 20)->kvMebibytes, 512U);
        QVERIFY(!made(engine::SettingKey::KvBlocks, 300)); // no telling how much that is
        QVERIFY(!made(engine::SettingKey::KvFormat, 2) && !made(engine::SettingKey::MaxRunning, 8) &&
                !made(engine::SettingKey::PrefixCache, 1));
        const double never = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!made(engine::SettingKey::Threads, never));
    }

    void whatIsAppliedIsMeasuredAndTakenBack()
    {
        RecordingSession session(std::make_shared<RecordingFeed>());
        SchedulingChoice now = m_preferences->scheduling();
        now.itlTarget = 0.05;
        m_preferences->setScheduling(now);
        const auto page = shownPage(&session);
        page->setAdvice(adviceOf({adviceToAllow(0.1)}));
        QSignalSpy chosen(page.get(), &LatencyPage::schedulingChosen);
        QVERIFY(!page->advice().applyButton().isHidden());
        page->advice().applyButton().click();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.first().first().value<SchedulingChoice>().itlTarget, 0.1);
        QCOMPARE(m_preferences->scheduling().itlTarget, 0.1);
        AppliedCard& card = page->applied();
        QVERIFY(card.isVisible());
        QVERIFY2(card.text().contains(QStringLiteral("50.0 ms → 100 ms")), qPrintable(card.text()));

        MeasuredChange measured;
        measured.query = card.change()->measure;
        measured.stepsBefore = 100;
        measured.stepsAfter = 3;
        card.setMeasured(measured);
        QVERIFY(card.text().contains(QLatin1String("Measuring: 3 of 40 steps")));
        measured.stepsAfter = 412;
        measured.before.firstTokenP95 = 100e6;
        measured.after.firstTokenP95 = 150e6;
        card.setMeasured(measured);
        QVERIFY(card.text().contains(QLatin1String("Measured over 412 steps")));
        QVERIFY(card.text().contains(QLatin1String("worse")));
        measured.after.firstTokenP95 = 50e6;
        card.setMeasured(measured);
        QVERIFY(card.text().contains(QLatin1String("better")));
        QVERIFY(card.text().contains(QLatin1String("too little was measured to be sure")));

        measured.interval = GainInterval{-0.55, -0.41};
        card.setMeasured(measured);
        QVERIFY(card.text().contains(QStringLiteral("better (95 %: −55 to −41 %)")));
        measured.interval = GainInterval{-0.2, 0.1};
        card.setMeasured(measured);
        QVERIFY(card.text().contains(QStringLiteral("No difference seen yet (95 %: −20 to +10 %)")));
        measured.stepsAfter = 12; // few, and nothing stands out
        card.setMeasured(measured);
        QVERIFY(card.text().contains(QLatin1String("No difference seen yet, after 12 steps")));
        measured.interval = GainInterval{0.3, 0.6}; // few, but it is plain
        card.setMeasured(measured);
        QVERIFY(card.text().contains(QStringLiteral("worse since (95 %: +30 to +60 %)")));

        now = m_preferences->scheduling();
        now.threads = 2; // changed elsewhere meanwhile
        m_preferences->setScheduling(now);
        card.undoButton().click();
        QCOMPARE(chosen.size(), 2);
        QCOMPARE(m_preferences->scheduling().itlTarget, 0.05);
        QCOMPARE(m_preferences->scheduling().threads, 2U);
        QVERIFY(!card.isVisible());
    }

    void aDifferenceIsSureOnlyWhenItStandsOut()
    {
        const auto measuredWith = [](double after, qint64 stepsAfter) {
            engine::Trace trace;
            qint64 now = 1'000'000'000;
            for (qint64 i = 0; i < 60 + stepsAfter; ++i) {
                engine::RecordedStep& step = trace.steps.emplace_back();
                step.record.step = quint64(i) + 1;
                step.record.startNs = now;
                const double usual = 10e6 * (1 + 0.1 * double(i * 7919 % 13) / 13);
                now += qint64(i < 60 ? usual : usual * after);
                step.record.endNs = now;
                step.rows = {{engine::RequestId{1}, 0, 1, 5, 1}};
                step.events = {engine::RecordedToken{engine::RequestId{1}, 2}};
            }
            MeasureQuery query;
            query.atNs = trace.steps[60].record.startNs;
            query.metric = engine::GainMetric::TokensPerSecond;
            return measureChange(trace.steps, query);
        };
        const MeasuredChange faster = measuredWith(0.5, 24);
        QVERIFY(faster.interval && faster.interval->isSure() && faster.interval->low > 0.8);
        QVERIFY(faster.interval->high < 1.3);
        const MeasuredChange same = measuredWith(1.0, 24);
        QVERIFY(same.interval && !same.interval->isSure());
        QVERIFY(!measuredWith(0.5, 5).interval); // too few to tell
    }

    void longRecordingsSayWhichPartWasLookedAt()
    {
        RecordingSession session(std::make_shared<RecordingFeed>());
        const auto page = shownPage(&session);
        const auto says = [&](const QString& said) {
            for (const QLabel* label : page->findChildren<QLabel*>())
                if (!label->isHidden() && label->text() == said)
                    return true;
            return false;
        };
        auto picture = std::make_shared<LatencyPicture>();
        picture->steps = picture->stepsInRange = 20'000;
        page->setLatency(picture);
        QVERIFY(!says(QStringLiteral("the newest 20,000 of 20,000 steps")));
        auto longer = std::make_shared<LatencyPicture>(*picture);
        longer->stepsInRange = 65'310;
        page->setLatency(longer);
        QVERIFY(says(QStringLiteral("the newest 20,000 of 65,310 steps")));
        auto advice = std::make_shared<AdvicePicture>();
        advice->steps = 8'000;
        advice->stepsInRange = 65'310;
        page->setAdvice(advice);
        QVERIFY(page->advice().text().contains(QLatin1String("the newest 8,000 of 65,310 steps")));
    }

    void aComparisonIsSavedAsAReport()
    {
        RecordingSession live(std::make_shared<RecordingFeed>());
        RecordingShelf shelf(live, m_folder.path());
        ComparisonPanel panel(m_theme);
        panel.setShelf(&shelf);
        panel.show();
        QVERIFY(panel.saveButton().isHidden());
        panel.choose(written(QStringLiteral("a.vtrace")), written(QStringLiteral("b.vtrace")));
        QTRY_VERIFY_WITH_TIMEOUT(!panel.saveButton().isHidden(), kPatience);
        QSignalSpy saved(&panel, &ComparisonPanel::reportSaved);
        panel.saveReport(m_folder.filePath(QStringLiteral("ab.html")));
        QVERIFY(!panel.saveButton().isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, kPatience);
        QCOMPARE(saved.first().at(1).toString(), QString());
        QFile file(m_folder.filePath(QStringLiteral("ab.html")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("A against B"));
        QVERIFY(panel.saveButton().isEnabled());
        panel.saveReport(QStringLiteral("/nowhere/ab.html"));
        QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 2, kPatience);
        QVERIFY(!saved.last().at(1).toString().isEmpty());
    }

    void twoRecordingsAreComparedByName()
    {
        RecordingSession live(std::make_shared<RecordingFeed>());
        RecordingShelf shelf(live, m_folder.path());
        const QString a = written(QStringLiteral("a.vtrace")), b = written(QStringLiteral("b.vtrace"));
        ComparisonPanel panel(m_theme);
        panel.resize(1300, 320);
        panel.setShelf(&shelf);
        panel.show();
        QTRY_VERIFY_WITH_TIMEOUT(panel.boxA().findData(a) > 0 && panel.boxB().findData(b) > 0, kPatience);
        panel.choose(a, b);
        QTRY_VERIFY_WITH_TIMEOUT(panel.comparison() != nullptr, kPatience);
        const QString table = panel.table().text();
        QVERIFY2(table.contains(QLatin1String("First token, p95")), qPrintable(table));
        for (const engine::CompareRow& row : panel.comparison()->comparison.rows)
            QVERIFY(row.change == 0.0); // the same run twice
        QVERIFY(!panel.charts()[0]->lines().a.isEmpty() && !panel.charts()[3]->lines().b.isEmpty());
        panel.choose(a, a);
        QVERIFY(panel.comparison() == nullptr);
        QVERIFY(!panel.grab().isNull());
    }

    void emptyDarkAndLargeAreDrawn()
    {
        const auto page = shownPage(nullptr);
        QVERIFY(!page->grab().isNull());
        page->setLatency(std::make_shared<LatencyPicture>());
        m_theme.setChoice(ThemeChoice::Dark);
        m_theme.setZoom(200);
        QVERIFY(!page->grab().isNull());
        m_theme.setZoom(100);
        m_theme.setChoice(ThemeChoice::Light);
    }
};

QTEST_MAIN(LatencyPageTest)
#include "latency_page_test.moc"
