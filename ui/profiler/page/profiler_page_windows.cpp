// SPDX-License-Identifier: GPL-3.0-or-later
// Views of the Profiler page in windows of their own, and the menu of what is shown where.
#include <algorithm>
#include <utility>

#include <QMenu>
#include <QSettings>
#include <QStackedWidget>

#include "ui/profiler/page/away_note.h"
#include "ui/profiler/page/float_window.h"
#include "ui/profiler/page/page_header.h"
#include "ui/profiler/page/panel_stack.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/page/window_place.h"
#include "ui/shell/preferences.h"

namespace vitrine::ui {
namespace {

const QString kWindows = QStringLiteral("profiler/windows");

} // namespace

const ProfilerPage::Tab* ProfilerPage::tabOf(const QString& key) const
{
    const auto found =
        std::find_if(m_tabs.begin(), m_tabs.end(), [&key](const Tab& tab) { return tab.key == key; });
    return found == m_tabs.end() ? nullptr : &*found;
}

ProfilerPage::Tab* ProfilerPage::tabOf(const QString& key)
{
    return const_cast<Tab*>(std::as_const(*this).tabOf(key));
}

FloatWindow* ProfilerPage::windowOf(const QString& key) const
{
    const Tab* tab = tabOf(key);
    return tab != nullptr ? tab->window : nullptr;
}

void ProfilerPage::setFloating(const QString& key, bool floating)
{
    Tab* tab = tabOf(key);
    if (tab == nullptr || tab->away == nullptr || floating == (tab->window != nullptr))
        return;
    if (floating)
        openWindow(*tab);
    else
        dock(*tab);
    saveWindows();
    showState();
}

/// The timeline comes to the front, to be seen beside it.
void ProfilerPage::openWindow(Tab& tab)
{
    if (m_header->currentTab() == int(&tab - m_tabs.data()))
        m_header->setCurrentTab(0);
    m_views->removeWidget(tab.view);
    tab.window = new FloatWindow(tab.view, m_theme, m_views);
    const QString key = tab.key;
    connect(tab.window, &FloatWindow::dockRequested, this, [this, key] { setFloating(key, false); });
    connect(tab.window, &FloatWindow::placed, this, &ProfilerPage::saveWindows);
    tab.view->show();
    tab.window->openAt(tab.place, m_views->size() * 3 / 4);
}

void ProfilerPage::dock(Tab& tab)
{
    FloatWindow* window = std::exchange(tab.window, nullptr);
    tab.place = window->geometry();
    m_views->addWidget(tab.view);
    window->disconnect(this);
    window->hide();
    window->deleteLater();
}

void ProfilerPage::saveWindows()
{
    QStringList lines;
    for (Tab& tab : m_tabs) {
        if (tab.window != nullptr)
            tab.place = tab.window->geometry();
        if (tab.window != nullptr || tab.floatsSoon || !tab.place.isNull())
            lines << QStringLiteral("%1/%2/%3")
                         .arg(tab.key)
                         .arg(tab.window != nullptr || tab.floatsSoon ? 1 : 0)
                         .arg(placeToText(tab.place));
    }
    m_preferences.store().setValue(kWindows, lines);
}

/// "key/open/x/y/width/height".
void ProfilerPage::restoreWindow(Tab& tab)
{
    for (const QString& line : m_preferences.store().value(kWindows).toStringList()) {
        const QStringList parts = line.split(QLatin1Char('/'));
        if (parts.size() != 6 || parts[0] != tab.key)
            continue;
        tab.place = placeFromText(parts.mid(2));
        tab.floatsSoon = parts[1] == QLatin1String("1");
    }
}

void ProfilerPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    bool opened = false;
    for (Tab& tab : m_tabs) {
        if (tab.window != nullptr)
            tab.window->show(); // closed while the main window was away
        if (!std::exchange(tab.floatsSoon, false))
            continue;
        openWindow(tab);
        opened = true;
    }
    if (opened)
        showState();
}

void ProfilerPage::resetLayout()
{
    m_timeline->stack().reset();
    for (Tab& tab : m_tabs) {
        if (tab.window != nullptr)
            dock(tab);
        tab.place = {};
        tab.floatsSoon = false;
    }
    m_preferences.store().remove(kWindows);
    showState();
}

void ProfilerPage::fillLayoutMenu(QMenu& menu)
{
    menu.addSection(tr("Panels of the timeline"));
    m_timeline->stack().fillMenu(menu);
    menu.addSection(tr("In their own windows"));
    for (const Tab& tab : m_tabs) {
        if (tab.away == nullptr)
            continue;
        QAction* action = menu.addAction(tab.title());
        action->setCheckable(true);
        action->setChecked(tab.window != nullptr);
        connect(action, &QAction::toggled, this,
                [this, key = tab.key](bool floating) { setFloating(key, floating); });
    }
    menu.addSeparator();
    menu.addAction(tr("Reset layout"), this, &ProfilerPage::resetLayout);
}

void ProfilerPage::fillTabMenu(QMenu& menu, int index)
{
    if (index < 0 || std::size_t(index) >= m_tabs.size() || m_tabs[std::size_t(index)].away == nullptr)
        return;
    const Tab& tab = m_tabs[std::size_t(index)];
    const bool floating = tab.window != nullptr;
    menu.addAction(floating ? tr("Put back into the page") : tr("Open in its own window"), this,
                   [this, key = tab.key, floating] { setFloating(key, !floating); });
}

} // namespace vitrine::ui
