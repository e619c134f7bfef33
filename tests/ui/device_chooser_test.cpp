// SPDX-License-Identifier: GPL-3.0-or-later
// Where models compute: what can be chosen, what is said where nothing can, what is kept.
#include "ui/shell/device_chooser.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/support/test_window.h"
#include "ui/bridge/gpu_probe.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/settings_dialog.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

engine::GpuList twoGpus()
{
    engine::GpuList list;
    list.gpus = {{0, "Alpha", "9.0", quint64{24} << 30U, quint64{20} << 30U, 100},
                 {1, "Beta", "8.0", quint64{8} << 30U, 0, 40}};
    return list;
}

engine::GpuList none(const char* why)
{
    engine::GpuList list;
    list.reason = why;
    return list;
}

} // namespace

class DeviceChooserTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;
    Language m_language;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }
    void init() { m_language.setChoice(LanguageChoice::English); }

    void withoutAGpuOneLineSaysWhy()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        DeviceChooser chooser(preferences, m_theme);
        QCOMPARE(chooser.note(), QStringLiteral("Processor. Looking for GPUs…"));
        chooser.setGpus(none("no NVIDIA driver is installed"));
        QCOMPARE(chooser.note(),
                 QStringLiteral("Processor. No GPU can be used: no NVIDIA driver is installed."));
        QVERIFY(chooser.box().isHidden() && chooser.reloadButton().isHidden());
        m_language.setChoice(LanguageChoice::SimplifiedChinese);
        QCoreApplication::processEvents();
        QCOMPARE(chooser.note(), QStringLiteral("处理器。没有可用的 GPU：没有安装 NVIDIA 驱动程序。"));
    }

    void gpusAreOfferedWithTheirMemory()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        DeviceChooser chooser(preferences, m_theme);
        chooser.setGpus(twoGpus());
        chooser.setGpus(twoGpus());
        QCOMPARE(chooser.box().count(), 3);
        QCOMPARE(chooser.box().itemText(0), QStringLiteral("Processor"));
        QCOMPARE(chooser.box().itemText(1), QStringLiteral("Alpha (20 GiB free)"));
        QCOMPARE(chooser.box().itemText(2), QStringLiteral("Beta (8 GiB)"));
        QCOMPARE(chooser.box().currentIndex(), 0);
        QCOMPARE(chooser.box().accessibleName(), QStringLiteral("Compute on"));
    }

    void aChoiceIsKeptAndTheModelMovesWhenAsked()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        DeviceChooser chooser(preferences, m_theme);
        chooser.setModel(QStringLiteral("Tiny"), engine::kNoGpu);
        chooser.setGpus(twoGpus());
        QVERIFY(chooser.note().isEmpty());
        QVERIFY(chooser.reloadButton().isHidden());
        chooser.box().setCurrentIndex(2);
        emit chooser.box().activated(2);
        QCOMPARE(preferences.gpu(), 1);
        QVERIFY(chooser.note().startsWith(QStringLiteral("Tiny stays where it is (Processor)")));
        QCOMPARE(chooser.box().accessibleDescription(), chooser.note());
        QSignalSpy reload(&chooser, &DeviceChooser::reloadRequested);
        QVERIFY(!chooser.reloadButton().isHidden());
        chooser.reloadButton().click();
        QCOMPARE(reload.size(), 1);
        chooser.setLoading(true);
        QVERIFY(chooser.reloadButton().isHidden());
        chooser.setLoading(false);
        chooser.setModel(QStringLiteral("Tiny"), 1);
        QVERIFY(chooser.note().isEmpty() && chooser.reloadButton().isHidden());
    }

    void aFailureIsExplainedAndCanBeTriedAgain()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        preferences.setGpu(1);
        DeviceChooser chooser(preferences, m_theme);
        chooser.setGpus(twoGpus());
        chooser.setModel(QStringLiteral("Tiny"), engine::kNoGpu);
        chooser.setProblem(QStringLiteral("out of memory"));
        QVERIFY(chooser.note().contains(QStringLiteral("out of memory")));
        QCOMPARE(chooser.reloadButton().text(), QStringLiteral("Try again"));
        chooser.box().setCurrentIndex(0);
        emit chooser.box().activated(0);
        QCOMPARE(preferences.gpu(), engine::kNoGpu);
        QVERIFY(chooser.note().isEmpty() && chooser.reloadButton().isHidden());
    }

    void aGpuThatIsGoneStaysChosenUntilAnotherIs()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        preferences.setGpu(5);
        DeviceChooser chooser(preferences, m_theme);
        chooser.setGpus(twoGpus());
        QCOMPARE(chooser.box().currentText(), QStringLiteral("GPU 5 (not there now)"));
        QCOMPARE(preferences.gpu(), 5);
    }

    void valuesOutOfRangeAreTheProcessor_data()
    {
        QTest::addColumn<QString>("value");
        for (const char* value : {"-7", "64", "much", ""})
            QTest::newRow(value) << value;
    }
    void valuesOutOfRangeAreTheProcessor()
    {
        QFETCH(QString, value);
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        preferences.store().setValue("gpu", value);
        QCOMPARE(preferences.gpu(), engine::kNoGpu);
    }

    void settingsAskTheMachine()
    {
        TestWindow f(m_theme);
        f.window->gpus().setSource(&twoGpus);
        QTest::keyClick(f.window.get(), Qt::Key_Comma, Qt::ControlModifier);
        auto* settings = f.window->findChild<SettingsDialog*>();
        QVERIFY(settings != nullptr);
        QTRY_VERIFY(settings->devices().box().isVisible());
        QComboBox& box = settings->devices().box();
        box.setFocus();
        QTest::keyClick(&box, Qt::Key_Down); // by keyboard alone
        QCOMPARE(f.preferences.gpu(), 0);
        QCOMPARE(settings->devices().note(), QStringLiteral("For the next model that is loaded."));
        for (const QLabel* label : settings->findChildren<QLabel*>())
            if (label->text() == QStringLiteral("Compute on"))
                QCOMPARE(label->buddy(), &box);
        settings->close();
    }

    void closingTheWindowWhileTheMachineIsAskedIsFine()
    {
        TestWindow f(m_theme);
        f.window->gpus().setSource([] {
            QThread::msleep(200);
            return twoGpus();
        });
        f.window->showSettings();
        f.window.reset();
    }
};

QTEST_MAIN(DeviceChooserTest)
#include "device_chooser_test.moc"
