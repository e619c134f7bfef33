// SPDX-License-Identifier: GPL-3.0-or-later
// The parts around the chats: preferences, language, status bar, load banner, drop overlay, settings.
#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUrl>
#include <QXmlStreamReader>

#include "ui/bridge/model_name.h"
#include "ui/shell/commands/command_set.h"
#include "ui/shell/device_chooser.h"
#include "ui/shell/drop_overlay.h"
#include "ui/shell/language.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/preferences.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/status_bar.h"
#include "ui/shell/status_item.h"
#include "ui/shell/window_commands.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

engine::ModelSummary someModel()
{
    engine::ModelSummary model;
    model.path = "/models/SmolLM2-135M-Instruct.Q4_1.gguf";
    model.name = "SmolLM2-135M-Instruct";
    model.architecture = "llama";
    model.fileType = "Q4_1";
    model.contextLength = 8192;
    model.executor = {"CPU AVX-512 VNNI", 2, 90'000'000, 30'000'000};
    model.kv = {1024, 16};
    return model;
}

QStringList statusTexts(const StatusBar& bar)
{
    QStringList texts;
    for (const StatusItem* item : bar.findChildren<StatusItem*>())
        if (item->isVisibleTo(&bar))
            texts << item->shownText();
    return texts;
}

} // namespace

class ShellTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;
    QTemporaryDir m_dir;

    QString iniPath(const char* name) const { return m_dir.filePath(QLatin1String(name)); }

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void preferencesSurviveARestart()
    {
        const QString path = iniPath("survive.ini");
        {
            Preferences preferences(path);
            preferences.setTheme(ThemeChoice::Dark);
            preferences.setLanguage(LanguageChoice::SimplifiedChinese);
            preferences.setLastModel(QStringLiteral("/models/a model.gguf"));
            preferences.setSidebarShown(false);
            preferences.setLastConversations({7, 3});
            preferences.setZoomPercent(150);
            preferences.setNotifiesOfLongReplies(false);
            preferences.setShortcuts({{"a.b", {"Ctrl+1", "F2"}}, {"c", {}}});
        }
        const Preferences preferences(path);
        QCOMPARE(preferences.lastConversations(), (QList<quint64>{7, 3}));
        QCOMPARE(preferences.zoomPercent(), 150);
        QVERIFY(!preferences.notifiesOfLongReplies());
        QCOMPARE(preferences.shortcuts(), (QMap<QString, QStringList>{{"a.b", {"Ctrl+1", "F2"}}, {"c", {}}}));
        QCOMPARE(preferences.theme(), ThemeChoice::Dark);
        QCOMPARE(preferences.language(), LanguageChoice::SimplifiedChinese);
        QCOMPARE(preferences.lastModel(), QStringLiteral("/models/a model.gguf"));
        QVERIFY(!preferences.sidebarShown());
    }

    void theFormerSettingOfSendingIsTakenOver()
    {
        const QString path = iniPath("former.ini");
        QSettings(path, QSettings::IniFormat).setValue("ctrlEnterSends", true);
        Preferences preferences(path);
        QWidget window;
        CommandSet commands(window, preferences);
        addInputCommands(commands);
        QCOMPARE(commands.keyOf("input.send"), QKeySequence(Qt::CTRL | Qt::Key_Return));
        commands.restoreDefaults();
        QVERIFY(Preferences(path).shortcuts().isEmpty()); // and never comes back
    }

    void damagedPreferencesFallBackToDefaults()
    {
        QFile file(iniPath("damaged.ini"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[General]\ntheme=99\nlanguage=-3\nthreads=many\nzoom=9000\nlastConversations=x, 5, "
                   "-1\n\xff\xfe=\n[[[");
        file.close();
        const Preferences preferences(file.fileName());
        QCOMPARE(preferences.theme(), ThemeChoice::System);
        QCOMPARE(preferences.language(), LanguageChoice::System);
        QCOMPARE(preferences.scheduling().threads, 0U);
        QCOMPARE(preferences.zoomPercent(), 100);
        QCOMPARE(preferences.lastConversations(), QList<quint64>{5});
    }

    void languageSwitchesTextsWhileRunning()
    {
        Language language;
        language.setChoice(LanguageChoice::English);
        LoadBanner banner(m_theme);
        banner.showStarted(QStringLiteral("/m/x.gguf"));
        const QString english = banner.message();
        QVERIFY(english.contains(QStringLiteral("Loading x.gguf")));
        language.setChoice(LanguageChoice::SimplifiedChinese);
        QCoreApplication::processEvents();
        QVERIFY2(banner.message().contains(QStringLiteral("正在加载")), qPrintable(banner.message()));
        language.setChoice(LanguageChoice::English);
        QCoreApplication::processEvents();
        QCOMPARE(banner.message(), english);
    }

    void everyTextHasAChineseTranslation()
    {
        QFile file(QStringLiteral(VITRINE_TEST_DATA "/../../resources/translations/vitrine_zh_CN.ts"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        int messages = 0;
        QString source;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement() && xml.name() == QLatin1String("source"))
                source = xml.readElementText();
            if (!xml.isStartElement() || xml.name() != QLatin1String("translation"))
                continue;
            ++messages;
            QVERIFY2(xml.attributes().value("type").isEmpty(), qPrintable(source));
            const QString text = xml.readElementText(QXmlStreamReader::IncludeChildElements);
            QVERIFY2(!text.trimmed().isEmpty(), qPrintable(source));
            for (const char* place : {"%1", "%2", "%3", "%4"})
                QVERIFY2(source.contains(QLatin1String(place)) == text.contains(QLatin1String(place)),
                         qPrintable(source));
        }
        QVERIFY(!xml.hasError());
        QVERIFY(messages > 80);
    }

    void statusBarSaysWhatIsLoaded()
    {
        StatusBar bar(m_theme);
        bar.resize(1400, kStatusHeight);
        bar.show();
        QCOMPARE(statusTexts(bar).first(), QStringLiteral("No model"));
        bar.setModel(someModel());
        QCOMPARE(statusTexts(bar).value(0), QStringLiteral("SmolLM2-135M-Instruct Q4_1"));
        QCOMPARE(statusTexts(bar).value(1), QStringLiteral("CPU AVX-512 VNNI · 2 threads"));
        EngineStatus status;
        status.tokensPerSecond = 183.6;
        status.blocksInUse = 369;
        status.blocksTotal = 1024;
        status.running = 2;
        status.waiting = 1;
        bar.setStatus(status, {1, 1, 0, 0, 0});
        QCOMPARE(statusTexts(bar).mid(2, 4), (QStringList{"184 tok/s", "KV 36 %", "2 running", "1 waiting"}));
    }

    void statusItemsExplainThemselves()
    {
        StatusBar bar(m_theme);
        bar.setModel(someModel());
        for (const StatusItem* item : bar.findChildren<StatusItem*>()) {
            QVERIFY(!item->toolTip().isEmpty());
            QVERIFY(!item->accessibleName().isEmpty());
        }
        QSignalSpy model(&bar, &StatusBar::modelClicked);
        bar.findChildren<StatusItem*>().first()->click();
        QCOMPARE(model.count(), 1);
    }

    void narrowStatusBarDropsTheLeastImportantFirst()
    {
        StatusBar bar(m_theme);
        bar.setModel(someModel());
        bar.resize(1400, kStatusHeight);
        bar.show();
        QVERIFY(statusTexts(bar).contains(QStringLiteral("Runs on this computer")));
        bar.resize(640, kStatusHeight);
        QVERIFY(!statusTexts(bar).contains(QStringLiteral("Runs on this computer")));
        QVERIFY(statusTexts(bar).contains(QStringLiteral("0 waiting")));
    }

    void figuresDoNotMoveTheirNeighbours()
    {
        StatusItem item(m_theme, QStringLiteral("speed"));
        item.setParts({{QStringLiteral("1"), true, 3}, {QStringLiteral("tok/s")}});
        const int width = item.sizeHint().width();
        item.setParts({{QStringLiteral("888"), true, 3}, {QStringLiteral("tok/s")}});
        QCOMPARE(item.sizeHint().width(), width);
    }

    void bannerShowsStagePercentAndCancel()
    {
        LoadBanner banner(m_theme);
        QCOMPARE(banner.state(), LoadBanner::State::Hidden);
        QSignalSpy cancelled(&banner, &LoadBanner::cancelRequested);
        banner.showStarted(QStringLiteral("/m/big.gguf"));
        banner.showProgress({QStringLiteral("/m/big.gguf"), engine::LoadStage::PackingWeights, 0.43});
        QVERIFY2(banner.message().contains(QStringLiteral("Packing the weights, 43 %")),
                 qPrintable(banner.message()));
        for (QPushButton* button : banner.findChildren<QPushButton*>())
            if (button->isVisibleTo(&banner))
                button->click();
        QCOMPARE(cancelled.count(), 1);
    }

    void bannerKeepsAFailureUntilItIsClosed()
    {
        LoadBanner banner(m_theme);
        banner.showStarted(QStringLiteral("/m/bad.gguf"));
        banner.showFailure(QStringLiteral("/m/bad.gguf"), QStringLiteral("bad.gguf: <b>no</b> tensor data"));
        banner.showProgress({QStringLiteral("/m/bad.gguf"), engine::LoadStage::PackingWeights, 0.5});
        QCOMPARE(banner.state(), LoadBanner::State::Failed);
        QVERIFY(banner.message().contains(QStringLiteral("bad.gguf cannot be opened")));
        QVERIFY(banner.message().contains(QStringLiteral("<b>no</b>"))); // shown as it is, never as markup
        banner.findChild<QToolButton*>()->click();
        QCOMPARE(banner.state(), LoadBanner::State::Hidden);
    }

    void onlyLocalModelFilesAreTakenFromADrop()
    {
        QMimeData data;
        data.setUrls(
            {QUrl(QStringLiteral("https://example.org/a.gguf")), QUrl::fromLocalFile("/m/notes.txt")});
        QVERIFY(DropOverlay::filesIn(&data, DropOverlay::Takes::Model).isEmpty());
        data.setUrls({QUrl::fromLocalFile("/m/notes.txt"), QUrl::fromLocalFile("/m/A model.GGUF"),
                      QUrl::fromLocalFile("/m/another.gguf")});
        QCOMPARE(DropOverlay::filesIn(&data, DropOverlay::Takes::Model), QStringList{"/m/A model.GGUF"});
    }

    void aModelMayBeDroppedOnAnyChild()
    {
        QWidget window;
        window.resize(600, 400);
        QWidget child(&window);
        child.setAcceptDrops(true);
        DropOverlay overlay(m_theme, DropOverlay::Takes::Model, &window);
        QSignalSpy dropped(&overlay, &DropOverlay::filesDropped);
        window.show();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile("/m/x.gguf")});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&child, &enter);
        QVERIFY(enter.isAccepted());
        QVERIFY(overlay.isVisible());
        QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&overlay, &drop);
        QVERIFY(!overlay.isVisible());
        QCOMPARE(dropped.count(), 1);
        QCOMPARE(dropped.first().first().toStringList(), QStringList{"/m/x.gguf"});
    }

    void textDropsPassTheOverlayBy()
    {
        QWidget window;
        QWidget child(&window);
        DropOverlay overlay(m_theme, DropOverlay::Takes::Model, &window);
        QMimeData data;
        data.setText(QStringLiteral("hello.gguf"));
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        enter.ignore();
        QApplication::sendEvent(&child, &enter);
        QVERIFY(!overlay.isVisible());
    }

    void settingsTakeEffectAtOnceAndAreKept()
    {
        Preferences preferences(iniPath("settings.ini"));
        Language language;
        language.setChoice(LanguageChoice::English);
        Theme theme;
        QWidget window;
        CommandSet commands(window, preferences);
        addInputCommands(commands);
        SettingsDialog dialog(preferences, theme, language, commands);
        auto boxes = dialog.findChildren<QComboBox*>();
        QVERIFY(boxes.removeOne(&dialog.devices().box())); // has a test of its own
        QCOMPARE(boxes.size(), 12);
        boxes[0]->setCurrentIndex(int(ThemeChoice::Dark));
        emit boxes[0]->activated(int(ThemeChoice::Dark));
        QVERIFY(theme.isDark());
        QCOMPARE(preferences.theme(), ThemeChoice::Dark);
        boxes[1]->setCurrentIndex(int(LanguageChoice::SimplifiedChinese));
        emit boxes[1]->activated(int(LanguageChoice::SimplifiedChinese));
        QVERIFY(language.isChinese());
        QCoreApplication::processEvents();
        QCOMPARE(dialog.windowTitle(), QStringLiteral("设置"));
        QCOMPARE(preferences.scheduling().itlTarget, 0.05); // as it comes
        QSignalSpy chosen(&dialog, &SettingsDialog::schedulingChosen);
        const std::pair<int, int> choices[] = {{5, 1}, {6, 2}, {7, 2}, {2, 1}, {4, 1}};
        for (const auto& [box, entry] : choices) {
            boxes[box]->setCurrentIndex(entry);
            emit boxes[box]->activated(entry);
        }
        QCOMPARE(chosen.size(), 5);
        QCOMPARE(preferences.scheduling(),
                 (SchedulingChoice{vitrine::engine::PolicyKind::Fair, 0.1, 512, 1, true}));
        QCOMPARE(chosen.last().first().value<SchedulingChoice>(), preferences.scheduling());
        boxes[8]->setCurrentIndex(2);
        emit boxes[8]->activated(2);
        QCOMPARE(preferences.kvFormat(), vitrine::engine::KvFormat::Int8);
        const std::pair<int, int> habits[] = {{9, 4}, {10, 1}, {11, 1}};
        for (const auto& [box, entry] : habits) {
            boxes[box]->setCurrentIndex(entry);
            emit boxes[box]->activated(entry);
        }
        QCOMPARE(theme.zoom(), 120);
        QCOMPARE(preferences.zoomPercent(), 120);
        const QKeySequence ctrlEnter(Qt::CTRL | Qt::Key_Return);
        QCOMPARE(commands.keysOf("input.send"), QList{ctrlEnter});
        commands.rebind("input.send", QKeySequence(Qt::Key_F9)); // elsewhere: the dialog follows
        QCOMPARE(boxes[10]->currentText(), QStringLiteral("F9"));
        boxes[10]->setCurrentIndex(0);
        emit boxes[10]->activated(0);
        QCOMPARE(commands.keyOf("input.send"), QKeySequence(Qt::Key_Return));
        QCOMPARE(boxes[10]->count(), 2);
        QVERIFY(preferences.shortcuts().isEmpty());
        QVERIFY(!preferences.notifiesOfLongReplies());
        for (const QComboBox* box : boxes)
            QVERIFY(!box->accessibleName().isEmpty());
    }

    void theNumberOfProcessesIsTakenAtOnce()
    {
        Preferences preferences(iniPath("processes.ini"));
        Language language;
        language.setChoice(LanguageChoice::English);
        Theme theme;
        QWidget window;
        CommandSet commands(window, preferences);
        addInputCommands(commands);
        SettingsDialog dialog(preferences, theme, language, commands);
        QSignalSpy processes(&dialog, &SettingsDialog::processesChosen);
        QCOMPARE(preferences.processes(), 1U);
        for (QComboBox* box : dialog.findChildren<QComboBox*>())
            for (const int choice : {3, 0})
                if (box->accessibleName() == QStringLiteral("Processes")) {
                    box->setCurrentIndex(choice);
                    emit box->activated(choice);
                }
        QCOMPARE(preferences.processes(), 0U); // automatic
        QCOMPARE(processes.first().first().value<quint32>(), 3U);
        QCOMPARE(processes.last().first().value<quint32>(), 0U);
    }

    void modelsAreCalledByTheirFile_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("name");
        QTest::newRow("dot") << "/m/SmolLM2-135M-Instruct.Q4_1.gguf"
                             << "SmolLM2-135M-Instruct";
        QTest::newRow("dash") << "gemma-3-270m-q4_k_m.gguf"
                              << "gemma-3-270m";
        QTest::newRow("float") << "/m/tiny-f16.gguf"
                               << "tiny";
        QTest::newRow("none") << "/m/model.gguf"
                              << "model";
        QTest::newRow("only") << "/m/.gguf"
                              << "inside";
    }

    void modelsAreCalledByTheirFile()
    {
        QFETCH(QString, path);
        engine::ModelSummary model;
        model.path = path.toStdString();
        model.name = "inside";
        QTEST(QString::fromStdString(displayName(model)), "name");
    }
};

QTEST_MAIN(ShellTest)
#include "shell_test.moc"
