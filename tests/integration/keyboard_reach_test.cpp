// SPDX-License-Identifier: GPL-3.0-or-later
// The real window and its dialogs without a mouse and without sight: every control that takes the focus has a
// name, Tab comes to all of them in the order they are read, and out again of each.
#include <QAccessible>
#include <QApplication>
#include <QScrollArea>
#include <QScrollBar>
#include <QSet>
#include <QTest>

#include "tests/integration/support/real_window.h"
#include "ui/models/details_table.h"
#include "ui/models/model_details_dialog.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/shell/commands/shortcut_sheet.h"
#include "ui/shell/palette/command_palette.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/status_bar.h"

using namespace vitrine::ui;

namespace {

bool takesTab(const QWidget* widget, const QWidget* root)
{
    return widget->isVisible() && widget->isEnabled() && widget->window() == root->window() &&
           !widget->focusProxy() && (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus;
}

/// What Tab should come to: visible, enabled, willing.
QList<QWidget*> tabStops(QWidget* root)
{
    QList<QWidget*> stops;
    for (QWidget* child : root->findChildren<QWidget*>())
        if (takesTab(child, root))
            stops << child;
    return stops;
}

QString describe(const QWidget* widget)
{
    const QPoint at = widget->mapTo(widget->window(), QPoint());
    return QStringLiteral("%1 \"%2\" at %3, %4")
        .arg(QLatin1String(widget->metaObject()->className()), widget->accessibleName())
        .arg(at.x())
        .arg(at.y());
}

QString orderOf(const QList<QWidget*>& widgets)
{
    QString order = QStringLiteral("\nin this order:");
    for (const QWidget* widget : widgets)
        order += QStringLiteral("\n  ") + describe(widget);
    return order;
}

QString nameOf(QWidget* widget)
{
    QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name) : QString();
}

/// Presses Tab until it comes round; a widget that does not let go ends the walk.
QList<QWidget*> walk(QWidget* root, Qt::KeyboardModifiers modifiers = {})
{
    constexpr int kMostSteps = 300;
    QList<QWidget*> visited;
    if (!root->window()->focusWidget()) // a dialog as it opens
        QTest::keyClick(root, Qt::Key_Tab);
    for (int i = 0; i < kMostSteps; ++i) {
        QWidget* at = root->window()->focusWidget();
        if (!at || (!visited.isEmpty() && at == visited.first()))
            break;
        if (visited.isEmpty() || visited.last() != at) // a list of messages has stops of its own inside
            visited << at;
        QTest::keyClick(at, modifiers ? Qt::Key_Backtab : Qt::Key_Tab, modifiers);
    }
    return visited;
}

} // namespace

class KeyboardReachTest : public QObject
{
    Q_OBJECT

private:
    inline static const QString kProfiler = QStringLiteral("profiler, ");
    static constexpr int kSettles = 800;

    std::unique_ptr<RealWindow> m_real;

    QWidget* open(const QString& name)
    {
        MainWindow& window = m_real->window;
        m_real->activate();
        if (name == QStringLiteral("settings")) {
            window.showSettings();
            return active(window.findChild<SettingsDialog*>());
        }
        if (name == QStringLiteral("details")) {
            window.showModelDetails();
            auto* dialog = window.findChild<ModelDetailsDialog*>();
            (void)QTest::qWaitFor([dialog] { return dialog->isFilled(); }, kPatience);
            return active(dialog);
        }
        if (name == QStringLiteral("palette")) {
            QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
            return window.findChild<CommandPalette*>();
        }
        if (name == QStringLiteral("sheet")) {
            QTest::keyClick(&window, Qt::Key_Slash, Qt::ControlModifier);
            return window.findChild<ShortcutSheet*>();
        }
        if (name.startsWith(kProfiler)) {
            window.showProfiler();
            window.profilerPage().showTab(name.mid(kProfiler.size()));
            QTest::qWait(kSettles); // what the tab asks of the recording comes meanwhile
            return &window;
        }
        window.showChats();
        window.chatPage().focusComposer();
        return &window;
    }

    static QWidget* active(QWidget* dialog)
    {
        (void)QTest::qWaitForWindowActive(dialog);
        return dialog;
    }

    void close(QWidget* opened)
    {
        if (opened == &m_real->window)
            return;
        QWidget* at = opened->window()->focusWidget();
        QTest::keyClick(at ? at : opened, Qt::Key_Escape);
        QTRY_VERIFY(!opened->isVisible());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

    /// Where `y` of a widget would stand in its window if nothing were scrolled.
    static int unscrolled(const QWidget* widget, int y)
    {
        int where = widget->mapTo(widget->window(), QPoint(0, y)).y();
        for (const QWidget* at = widget->parentWidget(); at != nullptr; at = at->parentWidget())
            if (const auto* area = qobject_cast<const QScrollArea*>(at))
                where += area->verticalScrollBar()->value();
        return where;
    }

    static const QWidget* scrollAreaOf(const QWidget* widget)
    {
        for (const QWidget* at = widget->parentWidget(); at != nullptr; at = at->parentWidget())
            if (qobject_cast<const QScrollArea*>(at))
                return at;
        return nullptr;
    }

    /// What stands inside a part that scrolls is where that part is, for who stands outside.
    static bool standsWhollyBelow(const QWidget* first, const QWidget* second)
    {
        const QWidget *a = scrollAreaOf(first), *b = scrollAreaOf(second);
        if (a != b) {
            first = a ? a : first;
            second = b ? b : second;
        }
        return unscrolled(first, 0) >= unscrolled(second, second->height());
    }

    static void places()
    {
        QTest::addColumn<QString>("place");
        for (const char* place : {"window", "settings", "details", "palette", "sheet"})
            QTest::newRow(place) << QString::fromLatin1(place);
        for (const char* tab :
             {"timeline", "latency", "prefixes", "blocks", "ranks", "metrics", "lab", "recordings"})
            QTest::newRow(qPrintable(kProfiler + QLatin1String(tab))) << kProfiler + QLatin1String(tab);
    }

private slots:
    void initTestCase()
    {
        m_real = std::make_unique<RealWindow>();
        QVERIFY2(m_real->openDefaultModel(), "the default model is missing: ./installer/test brings it");
        m_real->window.resize(1600, 900);
        m_real->window.setLiveShown(true);
        m_real->ask(QStringLiteral("Say one word."));
        QVERIFY(m_real->waitForTheEnd());
    }

    void everyControlHasAName_data() { places(); }
    void everyControlHasAName()
    {
        QFETCH(QString, place);
        QWidget* root = open(place);
        QVERIFY(root && root->isVisible());
        const QList<QWidget*> stops = tabStops(root);
        QVERIFY(!stops.isEmpty());
        for (QWidget* stop : stops)
            QVERIFY2(!nameOf(stop).trimmed().isEmpty(), qPrintable(describe(stop)));
        close(root);
    }

    void tabReachesEverythingAndLeavesEverything_data() { places(); }
    void tabReachesEverythingAndLeavesEverything()
    {
        QFETCH(QString, place);
        QWidget* root = open(place);
        QVERIFY(root && root->isVisible());
        const QList<QWidget*> stops = tabStops(root);
        for (const Qt::KeyboardModifiers modifiers :
             {Qt::KeyboardModifiers(), Qt::KeyboardModifiers(Qt::ShiftModifier)}) {
            const QList<QWidget*> visited = walk(root, modifiers);
            const QSet<QWidget*> seen(visited.begin(), visited.end());
            for (QWidget* stop : stops)
                QVERIFY2(seen.contains(stop), qPrintable(describe(stop) + orderOf(visited)));
            for (QWidget* one : visited)
                QVERIFY2(root->isAncestorOf(one), qPrintable(describe(one)));
        }
        close(root);
    }

    void tabGoesTheWayOneReads_data()
    {
        QTest::addColumn<QString>("place");
        for (const char* place : {"settings", "details", "sheet"})
            QTest::newRow(place) << QString::fromLatin1(place);
    }
    /// Within a dialog nothing comes after what stands wholly below it.
    void tabGoesTheWayOneReads()
    {
        QFETCH(QString, place);
        QWidget* root = open(place);
        QVERIFY(root && root->isVisible());
        QList<QWidget*> visited = walk(root);
        const auto top = std::min_element(visited.begin(), visited.end(), [](QWidget* a, QWidget* b) {
            const int line = 16; // what stands side by side need not be aligned to the pixel
            const int first = a->mapTo(a->window(), QPoint()).x(),
                      second = b->mapTo(b->window(), QPoint()).x();
            return std::pair(unscrolled(a, 0) / line, first) < std::pair(unscrolled(b, 0) / line, second);
        });
        std::rotate(visited.begin(), top, visited.end());
        for (int i = 1; i < visited.size(); ++i) {
            const QWidget *before = visited[i - 1], *after = visited[i];
            QVERIFY2(!standsWhollyBelow(before, after),
                     qPrintable(describe(after) + " after " + describe(before) + orderOf(visited)));
        }
        close(root);
    }

    /// The parts of the window from left to right, the status bar last.
    void theWindowIsWalkedPartByPart()
    {
        MainWindow& window = m_real->window;
        QWidget* root = open(QStringLiteral("window"));
        const QList<QWidget*> visited = walk(root);
        const QList<QWidget*> parts = {&window.sidebar(), &window.chatPage(), &window.liveDock(),
                                       &window.statusStrip()};
        QList<int> order;
        for (const QWidget* one : visited)
            for (int part = 0; part < parts.size(); ++part)
                if (parts[part]->isAncestorOf(one) && (order.isEmpty() || order.last() != part))
                    order << part;
        // It begins in the chat and comes round to it.
        QVERIFY2(order == (QList<int>{1, 2, 3, 0, 1}) || order == (QList<int>{1, 2, 3, 0}),
                 qPrintable(orderOf(visited)));
    }

    void cleanupTestCase() { m_real.reset(); }
};

QTEST_MAIN(KeyboardReachTest)
#include "keyboard_reach_test.moc"
