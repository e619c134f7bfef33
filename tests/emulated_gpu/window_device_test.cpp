// SPDX-License-Identifier: GPL-3.0-or-later
// The window with a GPU: a library for GPUs whose devices are emulated lies beside this program. The devices
// are so small that the default model does not fit.
#include <QApplication>
#include <QComboBox>
#include <QPushButton>

#include "tests/integration/support/real_window.h"
#include "ui/shell/device_chooser.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/status_bar.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

const QString kTiny = QStringLiteral(VITRINE_TEST_DATA "/families/llama/model.gguf");

} // namespace

class EmulatedWindowDeviceTest : public QObject
{
    Q_OBJECT

private:
    static bool open(RealWindow& real, const QString& path)
    {
        real.window.openModel(path);
        return QTest::qWaitFor([&] { return real.bridge.model().has_value() && !real.bridge.isLoading(); },
                               kPatience);
    }
    static SettingsDialog* settings(RealWindow& real)
    {
        real.window.showSettings();
        auto* dialog = real.window.findChild<SettingsDialog*>();
        return QTest::qWaitFor([dialog] { return !dialog->devices().box().isHidden(); }, kPatience) ? dialog
                                                                                                    : nullptr;
    }
    static void choose(QComboBox& box, int entry)
    {
        box.setCurrentIndex(entry);
        emit box.activated(entry);
    }

private slots:
    void initTestCase()
    {
        qputenv("VITRINE_EMULATED_GPUS", "2");
        qputenv("VITRINE_EMULATED_MEBIBYTES", "64");
    }

    void aModelMovesToTheGpuAndBack()
    {
        RealWindow real;
        QVERIFY(open(real, kTiny));
        QCOMPARE(real.bridge.gpu(), engine::kNoGpu);
        real.ask("abc");
        QVERIFY(real.waitForTheEnd());
        const QString first = real.last().text;
        SettingsDialog* dialog = settings(real);
        QVERIFY(dialog != nullptr);
        DeviceChooser& devices = dialog->devices();
        QCOMPARE(devices.box().itemText(2), QStringLiteral("Emulated GPU 1 (48 MiB free)"));
        choose(devices.box(), 2);
        devices.reloadButton().click();
        QTRY_COMPARE_WITH_TIMEOUT(real.bridge.gpu(), 1, kPatience);
        QVERIFY(devices.note().isEmpty());
        QTRY_COMPARE(real.bridge.status().device, QStringLiteral("Emulated GPU 1"));
        QCOMPARE(real.last().text, first); // the chat is as it was
        dialog->close();
        real.activate();
        real.ask("abd");
        QVERIFY(real.waitForTheEnd());
        QVERIFY2(real.last().error.isEmpty(), qPrintable(real.last().error));
        SettingsDialog* again = settings(real);
        QVERIFY(again != nullptr);
        choose(again->devices().box(), 0);
        again->devices().reloadButton().click();
        QTRY_COMPARE_WITH_TIMEOUT(real.bridge.gpu(), engine::kNoGpu, kPatience);
        again->close();
    }

    void aModelThatDoesNotFitComputesOnTheProcessorAndSaysSo()
    {
        RealWindow real;
        QVERIFY(open(real, kTiny));
        real.ask("abc");
        QVERIFY(real.waitForTheEnd());
        const auto before = real.conversation().messages().size();
        real.preferences.setGpu(0);
        const auto path = engine::findDefaultModel();
        QVERIFY(path);
        QVERIFY(open(real, QString::fromStdString(*path)));
        QTRY_VERIFY_WITH_TIMEOUT(real.bridge.model()->path == *path, kPatience);
        QCOMPARE(real.bridge.gpu(), engine::kNoGpu);
        const QString said = real.window.notices().message();
        QVERIFY2(said.contains("computes on the processor instead") && said.contains("memory"),
                 qPrintable(said));
        QCOMPARE(real.conversation().messages().size(), before);
        QCOMPARE(real.preferences.gpu(), 0); // it may fit another time
    }

    void aGpuThatIsGoneDoesNotKeepAModelFromLoading()
    {
        RealWindow real;
        real.preferences.setGpu(7);
        QVERIFY(open(real, kTiny));
        QCOMPARE(real.bridge.gpu(), engine::kNoGpu);
        QVERIFY2(real.window.notices().message().contains("there is no usable GPU number 7"),
                 qPrintable(real.window.notices().message()));
    }

    void aBrokenFileIsReportedOnce()
    {
        RealWindow real;
        real.preferences.setGpu(0);
        real.window.openModel(real.folder.filePath("missing.gguf"));
        QTRY_COMPARE_WITH_TIMEOUT(real.window.banner().state(), LoadBanner::State::Failed, kPatience);
        QCOMPARE(real.window.banner().message().count("missing.gguf"), 2); // the title and one reason
        QVERIFY(real.window.notices().message().isEmpty());
    }
};

QTEST_MAIN(EmulatedWindowDeviceTest)
#include "window_device_test.moc"
