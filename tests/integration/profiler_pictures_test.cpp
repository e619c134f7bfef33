// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every view of the Profiler, taken of the real window while a mixed load runs with less memory
// than it wants: requests wait, share and are preempted. With VITRINE_SCREENSHOTS=FOLDER they are kept there.
#include <QApplication>
#include <QTest>

#include "tests/integration/support/picture_studio.h"
#include "ui/profiler/page/float_window.h"
#include "ui/profiler/page/panel_stack.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/recordings/recording_controller.h"
#include "ui/recording/recording_session.h"

using namespace vitrine;
using namespace vitrine::ui;

#define KEEP(...)                                                                                            \
    do {                                                                                                     \
        const QString wrong = m_studio->keep(__VA_ARGS__);                                                   \
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));                                                        \
    } while (false)

class ProfilerPicturesTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<PictureStudio> m_studio;

    MainWindow& window() { return m_studio->window(); }
    ProfilerPage& profiler() { return window().profilerPage(); }
    RecordingSession& recording() { return window().recordings().shelf().live(); }

    /// Several chats that want more memory together than there is, until two had to wait for others.
    bool serve()
    {
        for (int i = 0; i < 8 && recording().summary().preemptions < 2; ++i)
            if (!askAll() || !m_studio->waitForAll())
                return false;
        return recording().summary().preemptions >= 2;
    }
    bool askAll()
    {
        for (const char* question : {"Write a long letter home from Paris: what you saw, whom you met.",
                                     "Explain how a sailing boat goes against the wind, step by step.",
                                     "Write a Python program that plays noughts and crosses, with comments.",
                                     "Describe the history of Kyoto from its founding until today.",
                                     "List thirty words about the sea and say what each one means."}) {
            window().chatPage().newChat();
            if (!m_studio->ask(QString::fromLatin1(question)))
                return false;
        }
        return true;
    }
    void show(const char* tab)
    {
        profiler().showTab(QString::fromLatin1(tab));
        QTest::qWait(kSettles); // questions, answers, and what is worked out beside them
    }
    static constexpr int kSettles = 1500;

private slots:
    void initTestCase()
    {
        m_studio = std::make_unique<PictureStudio>();
        SchedulingChoice small = m_studio->preferences.scheduling();
        small.kvMebibytes = 24; // about 64 blocks
        m_studio->preferences.setScheduling(small);
        m_studio->bridge.setScheduling(small);
        QVERIFY2(m_studio->openDefaultModel(), "no model is installed");
    }

    void anEmptyPageSaysWhereToBegin()
    {
        window().showProfiler();
        QVERIFY(!profiler().showsRecording());
        static_cast<void>(m_studio->keep(QStringLiteral("profiler-empty-light"))); // few colours: it is calm
        window().showChats();
    }

    void aMixedLoadOnTheTimeline()
    {
        QVERIFY2(serve(), "the load was too small for the pool");
        window().showProfiler();
        m_studio->theme.setChoice(ThemeChoice::Dark);
        show("timeline");
        profiler().view().setFollowing(false);
        profiler().view().showAll();
        PreemptionDetails found;
        connect(&recording(), &RecordingSession::preemptionReady, this,
                [&](const PreemptionDetails& details) { found = details; });
        recording().askPreemption({profiler().view().bounds().startNs, 1});
        QTRY_VERIFY_WITH_TIMEOUT(found.number == 1, kPatience);
        profiler().view().setMoment(found.detail.timeNs, true);
        QTest::qWait(kSettles);
        KEEP("profiler-dark", PictureStudio::Colours::Blended);
        m_studio->theme.setChoice(ThemeChoice::Light);
        KEEP("profiler-light", PictureStudio::Colours::Blended);
    }

    void everyOtherView_data()
    {
        QTest::addColumn<QString>("picture");
        QTest::newRow("latency") << QStringLiteral("latency-light");
        QTest::newRow("prefixes") << QStringLiteral("prefixes-light");
        QTest::newRow("blocks") << QStringLiteral("block-life-light");
        QTest::newRow("ranks") << QStringLiteral("ranks-light");
        QTest::newRow("metrics") << QStringLiteral("metrics-light");
        QTest::newRow("lab") << QStringLiteral("load-lab-light");
        QTest::newRow("recordings") << QStringLiteral("recordings-light");
    }

    void everyOtherView()
    {
        QFETCH(QString, picture);
        show(QTest::currentDataTag());
        QCOMPARE(profiler().currentTab(), QString::fromLatin1(QTest::currentDataTag()));
        KEEP(picture, PictureStudio::Colours::Blended);
    }

    void everyViewInOtherLooks_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<ThemeChoice>("look");
        QTest::addColumn<LanguageChoice>("language");
        const LanguageChoice english = LanguageChoice::English;
        QTest::newRow("roomy-dark") << QSize(1440, 900) << ThemeChoice::Dark << english;
        QTest::newRow("smallest-light") << window().minimumSize() << ThemeChoice::Light << english;
        QTest::newRow("chinese-dark")
            << QSize(1280, 800) << ThemeChoice::Dark << LanguageChoice::SimplifiedChinese;
        QTest::newRow("light") << QSize(1280, 800) << ThemeChoice::Light << english;
    }

    void everyViewInOtherLooks()
    {
        QFETCH(QSize, size);
        QFETCH(ThemeChoice, look);
        QFETCH(LanguageChoice, language);
        window().resize(size);
        m_studio->theme.setChoice(look);
        m_studio->language.setChoice(language);
        for (const char* tab : {"timeline", "latency", "prefixes", "blocks", "ranks", "lab", "recordings"}) {
            show(tab);
            KEEP(QStringLiteral("profiler-%1-%2").arg(QLatin1String(tab), QTest::currentDataTag()),
                 PictureStudio::Colours::Blended);
        }
    }

    void aPanelAndAViewInWindowsOfTheirOwn()
    {
        window().resize(1280, 800);
        m_studio->theme.setChoice(ThemeChoice::Light);
        m_studio->language.setChoice(LanguageChoice::English);
        show("timeline");
        PanelStack& stack = profiler().timeline().stack();
        stack.setFloating(stack.sections()[0], true);
        profiler().setFloating(QStringLiteral("blocks"), true);
        stack.windowOf(stack.sections()[0])->setGeometry(60, 380, 620, 300);
        profiler().windowOf(QStringLiteral("blocks"))->setGeometry(640, 120, 600, 640);
        QTest::qWait(kSettles);
        KEEP(QStringLiteral("profiler-windows-light"), PictureStudio::Colours::Blended);
        profiler().resetLayout();
    }

    void cleanupTestCase() { m_studio.reset(); }
};

QTEST_MAIN(ProfilerPicturesTest)
#include "profiler_pictures_test.moc"
