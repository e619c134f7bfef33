// SPDX-License-Identifier: GPL-3.0-or-later
// Recording with Nsight Systems: offered where it is installed, asked for before the window goes, and its
// reports among the recordings. The program nsys is a script that writes down how it was called and runs what
// it is given, as a child.
#include <QAbstractItemModel>
#include <QAction>
#include <QApplication>
#include <QListView>
#include <QMenu>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <sys/wait.h>
#include <unistd.h>

#include "ui/profiler/page/page_header.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/recordings/nsight_systems.h"
#include "ui/profiler/recordings/recording_controller.h"
#include "ui/profiler/recordings/recordings_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/restart.h"

using namespace vitrine::ui;

namespace {

constexpr const char* kRecorder = R"(#!/bin/sh
printf '%s\n' "$@" > "$0.called"
for word; do
    case $word in
    --output=*) output=${word#--output=} ;;
    --env-var=*) export "${word#--env-var=}" ;;
    esac
done
while [ "${1#-}" != "$1" ] || [ "$1" = profile ]; do shift; done
"$@"
code=$?
echo report > "$output.nsys-rep"
exit $code
)";
constexpr const char* kViewer = R"(#!/bin/sh
printf '%s\n' "$@" > "$0.part" && /bin/mv "$0.part" "$0.called"
)";

struct ShownWindow
{
    explicit ShownWindow(const QTemporaryDir& folder)
        : preferences(folder.filePath(QStringLiteral("v.ini"))), window(bridge, theme, language, preferences)
    {
        theme.applyTo(*qApp);
        language.setChoice(LanguageChoice::English);
        window.resize(1280, 800);
        window.show();
        window.showProfiler();
    }

    /// What the button beside Record offers.
    QMenu* recordMenu()
    {
        window.profilerPage().header().recordMoreButton().click();
        return qobject_cast<QMenu*>(QApplication::activePopupWidget());
    }

    Theme theme;
    Language language;
    Preferences preferences;
    EngineBridge bridge;
    MainWindow window;
};

} // namespace

class NsightTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    QString bin(const char* name) const
    {
        return m_folder->filePath(QStringLiteral("bin/") + QLatin1String(name));
    }
    void install(const char* name, const char* script)
    {
        QFile file(bin(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(script);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    static QString contents(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("bin")));
        qputenv("PATH", QFile::encodeName(m_folder->filePath(QStringLiteral("bin"))));
        qputenv("XDG_DATA_HOME", QFile::encodeName(m_folder->path()));
    }

    void withoutItTheEntrySaysWhatToInstall()
    {
        ShownWindow shown(*m_folder);
        QMenu* const menu = shown.recordMenu();
        QVERIFY(menu != nullptr);
        const QList<QAction*> actions = menu->actions();
        QCOMPARE(actions.size(), 2);
        QVERIFY(!actions[0]->isEnabled());
        QVERIFY(actions[0]->toolTip().contains(QStringLiteral("Install NVIDIA Nsight Systems")));
        QCOMPARE(actions[1]->text(), actions[0]->toolTip());
        menu->close();
    }

    void itAsksFirstAndWhatRunsThenIsRecorded()
    {
        install("nsys", kRecorder);
        ShownWindow shown(*m_folder);
        QSignalSpy restarts(&shown.window, &MainWindow::restartRequested);
        QMenu* const menu = shown.recordMenu();
        QVERIFY(menu != nullptr);
        QCOMPARE(menu->actions().size(), 1);
        menu->actions().first()->trigger();
        menu->close();
        QCOMPARE(restarts.count(), 0);
        QVERIFY(shown.window.isVisible());
        QVERIFY(shown.window.notices().message().contains(QStringLiteral("The chats stay")));
        for (auto* button : shown.window.notices().findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Restart and record"))
                button->click();
        QCOMPARE(restarts.count(), 1);
        QVERIFY(!shown.window.isVisible());

        QStringList command = restarts.first().first().toStringList();
        QCOMPARE(command.first(), bin("nsys"));
        QCOMPARE(command.last(), QCoreApplication::applicationFilePath());
        command.last() = QStringLiteral("/usr/bin/env"); // this program would begin these tests again
        QProcess recorded;
        recorded.start(command.takeFirst(), command);
        QVERIFY(recorded.waitForFinished(60'000));
        QCOMPARE(recorded.exitCode(), 0);
        QVERIFY(recorded.readAllStandardOutput().contains("VITRINE_UNDER_NSYS=1"));
        QVERIFY(contents(bin("nsys") + QStringLiteral(".called"))
                    .contains(QStringLiteral("--trace=nvtx,osrt,cuda")));
        const QList<RecordingFile> files = recordingsIn(recordingsFolder());
        QCOMPARE(files.size(), 1);
        QVERIFY(files.first().isNsightReport);
        QVERIFY(files.first().problem.isEmpty());
    }

    void aWindowThatIsRecordedSaysSo()
    {
        install("nsys", kRecorder);
        qputenv("VITRINE_UNDER_NSYS", "1");
        {
            ShownWindow shown(*m_folder);
            QVERIFY(shown.window.notices().message().contains(QStringLiteral("Close the window to end it")));
            QMenu* const menu = shown.recordMenu();
            QVERIFY(menu != nullptr && !menu->actions().first()->isEnabled());
            menu->close();
        }
        qunsetenv("VITRINE_UNDER_NSYS");
    }

    void aReportIsOpenedInItsViewer()
    {
        install("nsys-ui", kViewer);
        QVERIFY(QDir().mkpath(recordingsFolder()));
        const QString report = recordingsFolder() + QStringLiteral("/kept.nsys-rep");
        QFile(report).open(QIODevice::WriteOnly);
        ShownWindow shown(*m_folder);
        shown.window.profilerPage().showTab(QStringLiteral("recordings"));
        RecordingsPage& page = shown.window.recordings().recordings();
        QVERIFY(page.isVisible()); // also before anything was recorded
        QTRY_COMPARE_WITH_TIMEOUT(page.list().model()->rowCount(), 2, 60'000);
        page.choose(report);
        QCOMPARE(page.chosen(), report);
        QPushButton* open = nullptr;
        for (auto* button : page.findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Open in Nsight Systems"))
                open = button;
            if (button->text() == QStringLiteral("Export…"))
                QVERIFY(!button->isEnabled());
        }
        QVERIFY(open != nullptr);
        open->click();
        QTRY_COMPARE_WITH_TIMEOUT(contents(bin("nsys-ui") + QStringLiteral(".called")).trimmed(), report,
                                  60'000);
        QCOMPARE(&shown.window.recordings().shelf().current(), &shown.window.recordings().shelf().live());
    }

    void percentSignsInAFolderAreNoVariables()
    {
        const NsightSystems nsight{QStringLiteral("/n/nsys"), {}};
        const QStringList command = nsight.command(QStringLiteral("/100%h/a.nsys-rep"),
                                                   {QStringLiteral("/p"), QStringLiteral("x y")});
        QVERIFY(command.contains(QStringLiteral("--output=/100%%h/a")));
        QCOMPARE(command.mid(command.size() - 2), (QStringList{QStringLiteral("/p"), QStringLiteral("x y")}));
    }

    void anotherProgramTakesThePlaceOfThisOne()
    {
        install("nsys", kRecorder);
        const QStringList command{bin("nsys"),
                                  QStringLiteral("profile"),
                                  QStringLiteral("--output=") + m_folder->filePath(QStringLiteral("r")),
                                  QStringLiteral("/bin/sh"),
                                  QStringLiteral("-c"),
                                  QStringLiteral("exit 7")};
        const pid_t child = ::fork();
        if (child == 0) {
            replaceProcess(command);
            ::_exit(1);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 7);
        QVERIFY(QFile::exists(m_folder->filePath(QStringLiteral("r.nsys-rep"))));
        QVERIFY(!replaceProcess({QStringLiteral("/nowhere/nsys")}).isEmpty());
        QVERIFY(!replaceProcess({}).isEmpty());
    }
};

QTEST_MAIN(NsightTest)
#include "nsight_test.moc"
