// SPDX-License-Identifier: GPL-3.0-or-later
// The load lab with the real model: load chosen, settings compared, stopped, and what is said when it cannot.
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "engine/trace/trace_writer.h"
#include "tests/bridge/support/heard_reply.h"
#include "tests/engine/support/recorded_run.h"
#include "ui/profiler/lab/lab_load_card.h"
#include "ui/profiler/lab/lab_page.h"
#include "ui/profiler/lab/lab_settings_card.h"
#include "ui/profiler/lab/lab_table.h"
#include "ui/profiler/lab/lab_texts.h"
#include "ui/profiler/recordings/recording_shelf.h"
#include "ui/recording/recording_feed.h"
#include "ui/shell/combo_box.h"
#include "ui/shell/language.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

engine::EngineOptions smallPool()
{
    engine::EngineOptions options = shortSteps();
    options.kvBlocks = 256;
    options.executor.threads = 2;
    return options;
}

engine::SchedulerOptions inForce(const EngineBridge& bridge)
{
    return bridge.feed()->source().facts.scheduler.value();
}

} // namespace

class LabPageTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;
    Language m_language;
    QTemporaryDir m_folder;
    std::unique_ptr<EngineBridge> m_bridge;

    std::unique_ptr<LabPage> shownPage(EngineBridge& bridge)
    {
        auto page = std::make_unique<LabPage>(bridge, m_theme);
        page->resize(1340, 820);
        page->show();
        return page;
    }
    /// Few requests with short replies.
    static void chooseLittle(LabPage& page, int requests, int tokens)
    {
        page.load().choose(QStringLiteral("nano"));
        page.load().requests().setValue(requests);
        page.load().least().setValue(tokens);
        page.load().most().setValue(tokens);
    }
    QString written(const RecordedRun& run, const QString& name) const
    {
        engine::TraceOrigin origin;
        origin.pool = run.start;
        origin.model = "SmolLM2";
        const QString path = m_folder.filePath(name);
        auto writer = engine::TraceWriter::create(path.toStdString(), origin, {});
        return writer && writer->add(run.steps) && writer->finish(0) ? path : QString();
    }

private slots:
    void initTestCase()
    {
        QVERIFY2(!defaultModel().isEmpty(), "the default model is missing: run ./installer/test");
        m_theme.applyTo(*qApp);
        m_language.setChoice(LanguageChoice::English);
        m_bridge = std::make_unique<EngineBridge>(smallPool());
        QVERIFY(tests::load(*m_bridge));
    }

    void withoutAModelItLeadsToTheModels()
    {
        EngineBridge bridge;
        const auto page = shownPage(bridge);
        QTRY_VERIFY(page->load().load());
        QVERIFY(!page->runButton().isEnabled());
        QVERIFY(page->status().startsWith(QLatin1String("No model is loaded")));
        QSignalSpy asked(page.get(), &LabPage::modelsRequested);
        QVERIFY(page->modelsButton().isVisible());
        page->modelsButton().click();
        QCOMPARE(asked.size(), 1);
        QVERIFY(tests::load(bridge));
        QTRY_VERIFY(page->runButton().isEnabled());
        QVERIFY(!page->modelsButton().isVisible());
    }

    void choicesAreKeptFromOneStartToTheNext()
    {
        QSettings settings(m_folder.filePath("lab.ini"), QSettings::IniFormat);
        EngineBridge bridge;
        {
            LabPage page(bridge, m_theme);
            page.keepIn(settings);
            page.show();
            page.load().choose(QStringLiteral("nano"));
            page.load().requests().setValue(7);
            page.load().least().setValue(300);
            page.load().most().setValue(400);
            page.settings().setRows({{{LabSetting::MaxRunning, 4}}, {}, {{LabSetting::KvShare, 0.5}}});
            page.repeats().setValue(5);
        }
        LabPage page(bridge, m_theme);
        page.keepIn(settings);
        QVERIFY(page.load().choice().what != QLatin1String("nano")); // nobody has looked yet
        page.show();
        QCOMPARE(page.load().choice().what, QStringLiteral("nano"));
        QCOMPARE(page.load().requests().value(), 7);
        QCOMPARE(page.load().least().value(), 300);
        QCOMPARE(page.load().most().value(), 400);
        const QList<LabSettings> rows{{{LabSetting::MaxRunning, 4}}, {}, {{LabSetting::KvShare, 0.5}}};
        QCOMPARE(page.settings().rows(), rows);
        QCOMPARE(page.repeats().value(), 5);
    }

    void oddChoicesFallBackToTheUsual()
    {
        QSettings settings(m_folder.filePath("odd.ini"), QSettings::IniFormat);
        const auto keep = [&settings](const char* key, const QVariant& value) {
            settings.setValue(QStringLiteral("profiler/lab/") + QLatin1String(key), value);
        };
        keep("what", QStringLiteral("chat"));
        keep("requests", QStringLiteral("many"));
        keep("rate", QStringLiteral("nan"));
        keep("least", -3);
        keep("most", 1e12);
        keep("repeats", 1'000'000);
        keep("cache", 99);
        QStringList lines{QStringLiteral("maxRunning=3;=;kvShare;policy=1e300;nobody=4;threads=nan")};
        while (lines.size() < 100)
            lines << QStringLiteral("maxRunning=4");
        keep("rows", lines);
        EngineBridge bridge;
        LabPage usual(bridge, m_theme), page(bridge, m_theme);
        page.keepIn(settings);
        page.show();
        const LabLoadChoice had = usual.load().choice(), now = page.load().choice();
        QCOMPARE(now.requests, had.requests);
        QCOMPARE(now.rate, had.rate);
        QCOMPARE(now.least, had.least);
        QCOMPARE(now.most, had.most);
        QCOMPARE(page.repeats().value(), usual.repeats().value());
        QCOMPARE(page.settings().rows().size(), LabSettingsCard::kMostRows);
        QVERIFY(page.settings().rows()[0].empty());
        keep("what", QStringLiteral("/nowhere/gone.vtrace"));
        LabPage gone(bridge, m_theme);
        gone.keepIn(settings);
        gone.show();
        QCOMPARE(gone.load().choice().what, had.what);
        QCOMPARE(gone.settings().rows(), usual.settings().rows());
    }

    void twoSettingsAreComparedInOneTable()
    {
        const auto page = shownPage(*m_bridge);
        const engine::SchedulerOptions before = inForce(*m_bridge);
        chooseLittle(*page, 4, 12);
        QTRY_VERIFY(page->runButton().isEnabled());
        QVERIFY(!page->copyButton().isEnabled());
        ComboBox& atOnce = *page->settings().box(1, LabSetting::MaxRunning);
        atOnce.setCurrentIndex(atOnce.findText(QStringLiteral("1")));
        page->repeats().setValue(2);
        page->runButton().click();
        QVERIFY(page->runner().isRunning());
        QCOMPARE(page->runButton().text(), QStringLiteral("Stop"));
        QVERIFY(!page->load().isEditable());
        QTRY_VERIFY_WITH_TIMEOUT(!page->runner().isRunning(), kPatience);

        const std::vector<LabRunner::Row>& rows = page->runner().rows();
        QCOMPARE(rows.size(), std::size_t{2});
        for (const LabRunner::Row& row : rows) {
            QCOMPARE(row.runs.size(), std::size_t{2});
            for (const LabEnd& run : row.runs) {
                QCOMPARE(run.tokens, quint64(4 * 12));
                const auto hits = run.figures[std::size_t(engine::LoadFigure::PrefixHits)];
                QCOMPARE(hits.value(), 0.0); // nothing of a run before it is found
            }
        }
        LabTable& table = page->table();
        QCOMPARE(table.topLevelItemCount(), 2);
        QVERIFY(table.text(0, LabTable::Settings).contains(QLatin1String("As set now\n2 of 2 runs")));
        QVERIFY(table.text(1, LabTable::Settings).contains(QLatin1String("2  no target, 1 at once")));
        QVERIFY(!table.text(1, LabTable::FirstFigure).startsWith(QLatin1String("–")));
        QVERIFY(page->status().startsWith(QLatin1String("Done in")));
        QCOMPARE(inForce(*m_bridge).maxRunning, before.maxRunning);
        QVERIFY(page->load().isEditable());

        page->copyButton().click();
        const QStringList lines = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), 4); // the last one is empty
        QCOMPARE(lines[0].count(QLatin1Char(',')), lines[2].count(QLatin1Char(',')));
        QVERIFY(lines[0].startsWith(QLatin1String("row,itl_target_s,")));
        QVERIFY2(lines[2].startsWith(QLatin1String("2,0,,1,")), qPrintable(lines[2]));

        QSignalSpy picked(page.get(), &LabPage::rangePicked);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {},
                          table.visualItemRect(table.topLevelItem(1)).center());
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.first().first().value<TimeRange>().startNs, rows[1].runs.back().startNs);
        QVERIFY(!page->grab().isNull());
    }

    void stoppingKeepsWhatWasMeasuredAndPutsTheSettingsBack()
    {
        const auto page = shownPage(*m_bridge);
        const engine::SchedulerOptions before = inForce(*m_bridge);
        chooseLittle(*page, 30, 60);
        page->settings().setRows({{{LabSetting::MaxRunning, 2.0}, {LabSetting::TokenBudget, 32.0}}, {}});
        QTRY_VERIFY(page->runButton().isEnabled());
        page->runButton().click();
        QTRY_VERIFY_WITH_TIMEOUT(page->runner().progress().tokens > 0, kPatience);
        QCOMPARE(inForce(*m_bridge).maxRunning, 2U);
        page->runButton().click();
        QTRY_VERIFY_WITH_TIMEOUT(!page->runner().isRunning(), kPatience);
        QCOMPARE(inForce(*m_bridge).maxRunning, before.maxRunning);
        QCOMPARE(inForce(*m_bridge).tokenBudget, before.tokenBudget);
        QVERIFY(page->status().startsWith(QLatin1String("Stopped.")));
        QVERIFY(page->table().text(1, LabTable::Settings).contains(QLatin1String("not run")));
    }

    void closingThePagePutsTheSettingsBack()
    {
        const engine::SchedulerOptions before = inForce(*m_bridge);
        auto page = shownPage(*m_bridge);
        chooseLittle(*page, 30, 60);
        page->settings().setRows({{{LabSetting::MaxRunning, 2.0}}});
        QTRY_VERIFY(page->runButton().isEnabled());
        page->runButton().click();
        QTRY_COMPARE_WITH_TIMEOUT(inForce(*m_bridge).maxRunning, 2U, kPatience);
        page.reset();
        QTRY_VERIFY_WITH_TIMEOUT(!m_bridge->hasRunning(), kPatience);
        QCOMPARE(inForce(*m_bridge).maxRunning, before.maxRunning);
    }

    void aRecordingIsRunAgain()
    {
        const RecordedRun run = recordRun();
        QVERIFY2(run.error.empty(), run.error.c_str());
        const QString path = written(run, QStringLiteral("run.vtrace"));
        RecordingSession live(m_bridge->feed());
        RecordingShelf shelf(live, m_folder.path());
        const auto page = shownPage(*m_bridge);
        page->setShelf(&shelf);
        page->load().choose(path);
        QTRY_VERIFY_WITH_TIMEOUT(page->load().load(), kPatience);
        QVERIFY2(page->load().summary().contains(QLatin1String("Requests: 5")),
                 qPrintable(page->load().summary()));
        QVERIFY(page->load().summary().contains(QLatin1String("200 tokens of prompts, 150 of replies")));
        QVERIFY(page->load().summary().contains(QLatin1String("It was recorded with SmolLM2")));
        page->settings().setRows({{}});
        page->repeats().setValue(1);
        page->runButton().click();
        QTRY_VERIFY_WITH_TIMEOUT(!page->runner().isRunning(), kPatience);
        QCOMPARE(page->runner().rows()[0].runs.size(), std::size_t{1});
        QCOMPARE(page->runner().rows()[0].runs[0].tokens, quint64(150));
    }

    void aFileThatIsNoRecordingIsSaidSo()
    {
        QFile file(m_folder.filePath(QStringLiteral("broken.vtrace")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nothing of the kind") > 0);
        file.close();
        RecordingSession live(m_bridge->feed());
        RecordingShelf shelf(live, m_folder.path());
        const auto page = shownPage(*m_bridge);
        page->setShelf(&shelf);
        page->load().choose(file.fileName());
        QTRY_VERIFY_WITH_TIMEOUT(!page->load().problem().isEmpty(), kPatience);
        QVERIFY(!page->runButton().isEnabled());
        QCOMPARE(page->status(), QStringLiteral("There is no load to run."));
    }

    void aRowThatCannotRunSaysWhyAndTheOthersGoOn()
    {
        const auto page = shownPage(*m_bridge);
        chooseLittle(*page, 2, 300); // 38 blocks each
        page->settings().setRows({{}, {{LabSetting::KvShare, 0.125}}});
        page->repeats().setValue(1);
        QTRY_VERIFY(page->runButton().isEnabled());
        page->runButton().click();
        QTRY_VERIFY_WITH_TIMEOUT(!page->runner().isRunning(), kPatience);
        QCOMPARE(page->runner().rows()[0].runs.size(), std::size_t{1});
        QVERIFY(page->runner().rows()[1].runs.empty());
        QVERIFY(!page->runner().rows()[1].error.isEmpty());
        QVERIFY(page->table().text(1, LabTable::Settings).contains(page->runner().rows()[1].error));
    }

    void rowsAreAddedAndTakenAway()
    {
        LabSettingsCard card(m_theme);
        QCOMPARE(card.rows().size(), 2);
        card.addButton().click();
        QCOMPARE(card.rows().size(), 3);
        QCOMPARE(card.rows()[2], card.rows()[1]); // from where a person changes one thing
        QVERIFY(card.box(2, LabSetting::Threads) == nullptr);
        card.moreButton().click();
        ComboBox& threads = *card.box(2, LabSetting::Threads);
        threads.setCurrentIndex(threads.findText(QStringLiteral("1")));
        QCOMPARE(card.rows()[2].at(LabSetting::Threads), 1.0);
        card.moreButton().click();
        QVERIFY(card.box(2, LabSetting::Threads) != nullptr); // it is chosen
        for (int i = 0; i < 20; ++i)
            card.addButton().click();
        QCOMPARE(card.rows().size(), LabSettingsCard::kMostRows);
    }

    void chineseDarkAndLargeAreDrawn()
    {
        const auto page = shownPage(*m_bridge);
        m_language.setChoice(LanguageChoice::SimplifiedChinese);
        m_theme.setChoice(ThemeChoice::Dark);
        m_theme.setZoom(200);
        QVERIFY(!page->grab().isNull());
        QTRY_VERIFY(page->runButton().text() != QLatin1String("Run"));
        m_theme.setZoom(100);
        m_theme.setChoice(ThemeChoice::Light);
        m_language.setChoice(LanguageChoice::English);
    }

    void cleanupTestCase() { m_bridge.reset(); }
};

QTEST_MAIN(LabPageTest)
#include "lab_page_test.moc"
