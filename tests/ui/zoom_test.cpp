// SPDX-License-Identifier: GPL-3.0-or-later
// The window at 200 %: what belongs to text grows with it, and nothing is cut off in 1280 × 800.
#include <QApplication>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/elided_label.h"
#include "ui/chat/hue_dot.h"
#include "ui/profiler/live_dock.h"
#include "ui/shell/commands/shortcut_sheet.h"
#include "ui/shell/main_window.h"
#include "ui/shell/rail.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/sidebar.h"
#include "ui/theme/style_sheet.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

bool wraps(const QWidget& widget)
{
    const auto* label = qobject_cast<const QLabel*>(&widget);
    return label != nullptr && label->wordWrap();
}

/// Names of the labels and buttons in sight whose text has less room than it needs.
QStringList cutOff(const QWidget& root)
{
    QStringList names;
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        const auto* label = qobject_cast<const QLabel*>(widget);
        const auto* button = qobject_cast<const QPushButton*>(widget);
        const QString text = label ? label->text() : button ? button->text() : QString();
        const bool given = qobject_cast<const ElidedLabel*>(widget) == nullptr && !wraps(*widget);
        if (text.isEmpty() || !given || !widget->isVisible())
            continue;
        const int needed = QFontMetrics(widget->font()).horizontalAdvance(text.section('\n', 0, 0));
        const int line = QFontMetrics(widget->font()).height();
        if (widget->width() < needed || widget->height() < line)
            names << QStringLiteral("%1 (%2 × %3)").arg(text).arg(widget->width()).arg(widget->height());
    }
    return names;
}

} // namespace

class ZoomTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        Fixture(Theme& theme, LanguageChoice choice) : preferences(dir.filePath(QStringLiteral("v.ini")))
        {
            language.setChoice(choice);
            window = std::make_unique<MainWindow>(bridge, theme, language, preferences);
            window->resize(1280, 800);
            window->show();
            (void)QTest::qWaitForWindowExposed(window.get());
        }
        ~Fixture() { language.setChoice(LanguageChoice::English); }
        ChatPane& pane() const { return window->chatPage().focusedPane(); }

        QTemporaryDir dir;
        Preferences preferences;
        Language language;
        EngineBridge bridge;
        std::unique_ptr<MainWindow> window;
    };

    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }
    void init() { m_theme.setZoom(100); }

    void iconsButtonsRailAndRowsGrowTwofold()
    {
        Fixture f(m_theme, LanguageChoice::English);
        auto& rail = *f.window->findChild<Rail*>();
        auto* railButton = rail.findChild<QToolButton*>();
        auto* settings = f.pane().findChild<QToolButton*>("chatSettings");
        auto* send = f.pane().findChild<QPushButton*>("sendButton");
        auto* chats = f.window->sidebar().findChild<QListView*>();
        auto* dot = f.pane().findChild<HueDot*>();
        QCOMPARE(railButton->iconSize(), QSize(20, 20));
        QCOMPARE(settings->iconSize(), QSize(16, 16));
        const int row = chats->sizeHintForRow(chats->model()->rowCount() - 1);
        const QSize button = settings->size(), railSize = railButton->size();
        const int sendHeight = send->height();
        m_theme.setZoom(200);
        QCoreApplication::processEvents();
        QCOMPARE(rail.width(), 2 * Rail::kWidth);
        QCOMPARE(railButton->iconSize(), QSize(40, 40));
        QCOMPARE(settings->iconSize(), QSize(32, 32));
        QCOMPARE(send->iconSize(), QSize(32, 32));
        QCOMPARE(dot->size(), QSize(20, 20));
        QCOMPARE(chats->sizeHintForRow(chats->model()->rowCount() - 1), 2 * row);
        // Borders are lines and stay as they are.
        QTRY_VERIFY2(10 * settings->height() >= 17 * button.height(),
                     qPrintable(QString::number(settings->height())));
        QTRY_VERIFY2(railButton->width() >= 2 * railSize.width() - 4,
                     qPrintable(QString::number(railButton->width())));
        QVERIFY(send->height() >= 2 * sendHeight - 2);
        m_theme.setZoom(100);
        QCoreApplication::processEvents();
        QCOMPARE(rail.width(), Rail::kWidth);
        QCOMPARE(railButton->size(), railSize);
    }

    void nothingIsCutOff_data()
    {
        QTest::addColumn<int>("zoom");
        QTest::addColumn<bool>("chinese");
        QTest::addColumn<bool>("dark");
        for (const int zoom : {100, 150, 200})
            for (const bool chinese : {false, true})
                QTest::addRow("%d %s", zoom, chinese ? "zh" : "en") << zoom << chinese << (zoom == 150);
    }

    void nothingIsCutOff()
    {
        QFETCH(int, zoom);
        QFETCH(bool, chinese);
        QFETCH(bool, dark);
        m_theme.setChoice(dark ? ThemeChoice::Dark : ThemeChoice::Light);
        m_theme.setZoom(zoom);
        Fixture f(m_theme, chinese ? LanguageChoice::SimplifiedChinese : LanguageChoice::English);
        QTRY_VERIFY2(cutOff(*f.window).isEmpty(), qPrintable(cutOff(*f.window).join("; ")));
        f.pane().setSettingsShown(true);
        QCoreApplication::processEvents();
        QTRY_VERIFY2(cutOff(*f.window).isEmpty(), qPrintable(cutOff(*f.window).join("; ")));
        f.pane().setSettingsShown(false);
        f.window->setLiveShown(true);
        QCoreApplication::processEvents();
        QVERIFY(f.window->liveDock().isVisible());
        QTRY_VERIFY2(cutOff(*f.window).isEmpty(), qPrintable(cutOff(*f.window).join("; ")));
        f.window->showModels();
        QCoreApplication::processEvents();
        QTRY_VERIFY2(cutOff(*f.window).isEmpty(), qPrintable(cutOff(*f.window).join("; ")));
        f.window->showSettings();
        QCoreApplication::processEvents();
        auto* settings = f.window->findChild<SettingsDialog*>();
        QTRY_VERIFY2(cutOff(*settings).isEmpty(), qPrintable(cutOff(*settings).join("; ")));
        QVERIFY(settings->width() <= f.window->width());
        settings->close();
        m_theme.setChoice(ThemeChoice::Light);
    }

    void roundMarksStayRoundAndLinesThin()
    {
        const QString sheet = buildStyleSheet(lightTokens(), 200);
        const qsizetype at = sheet.indexOf(QStringLiteral("QRadioButton::indicator {"));
        const QString mark = sheet.mid(at, sheet.indexOf('}', at) - at);
        QVERIFY2(mark.contains("width: 28px") && mark.contains("border-radius: 16px"), qPrintable(mark));
        QVERIFY(sheet.contains("QSplitter::handle:horizontal { width: 1px; }"));
        QVERIFY(sheet.contains("QMenu::separator { height: 1px;"));
    }
};

QTEST_MAIN(ZoomTest)
#include "zoom_test.moc"
