// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/panel_stack.h"

#include <algorithm>
#include <utility>

#include <QEvent>
#include <QMenu>
#include <QSettings>
#include <QSplitter>

#include "ui/profiler/page/float_window.h"
#include "ui/profiler/page/panel_section.h"
#include "ui/profiler/page/window_place.h"

namespace vitrine::ui {

PanelStack::PanelStack(QSettings& settings, const QString& group, const Theme& theme, QWidget* parent)
    : QScrollArea(parent), m_settings(settings), m_group(group), m_theme(theme),
      m_splitter(new QSplitter(Qt::Vertical))
{
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    auto* rest = new QWidget; // takes the height that no panel wants
    rest->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_splitter->addWidget(rest);
    setWidget(m_splitter);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    m_splitter->installEventFilter(this);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        m_arranged = true;
        save();
    });
}

void PanelStack::addSection(PanelSection* section)
{
    const int slot = m_splitter->count() - 1;
    m_entries.push_back({section});
    m_splitter->insertWidget(slot, section);
    m_splitter->setStretchFactor(slot, section->isGreedy() ? 1 : 0);
    connectSection(section);
}

void PanelStack::connectSection(PanelSection* section)
{
    connect(section, &PanelSection::changed, this, &PanelStack::save);
    connect(section, &PanelSection::closeRequested, this, [this, section] { setShown(section, false); });
    connect(section, &PanelSection::moveRequested, this,
            [this, section](int places) { move(section, places); });
    connect(section, &PanelSection::dragged, this,
            [this, section](const QPoint& global) { drag(section, global); });
    connect(section, &PanelSection::dropped, this,
            [this, section](const QPoint& global) { drop(section, global); });
    connect(section, &PanelSection::floatRequested, this,
            [this, section](bool floating) { setFloating(section, floating); });
}

QList<PanelSection*> PanelStack::sections() const
{
    QList<PanelSection*> all;
    for (const Entry& entry : m_entries)
        all << entry.section;
    return all;
}

std::size_t PanelStack::indexOf(const PanelSection* section) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [section](const Entry& entry) { return entry.section == section; });
    return std::size_t(found - m_entries.begin());
}

/// In the splitter, where those in windows are not.
int PanelStack::slotOf(std::size_t index) const
{
    return int(std::count_if(m_entries.begin(), m_entries.begin() + std::ptrdiff_t(index),
                             [](const Entry& entry) { return entry.window == nullptr; }));
}

void PanelStack::setShown(PanelSection* section, bool shown)
{
    if (!shown)
        setFloating(section, false);
    section->setClosed(!shown);
    save();
}

// Windows

FloatWindow* PanelStack::windowOf(const PanelSection* section) const
{
    return m_entries[indexOf(section)].window;
}

bool PanelStack::hasWindows() const
{
    return std::any_of(m_entries.begin(), m_entries.end(),
                       [](const Entry& entry) { return entry.window != nullptr; });
}

void PanelStack::setFloating(PanelSection* section, bool floating)
{
    Entry& entry = m_entries[indexOf(section)];
    if (floating == (entry.window != nullptr))
        return;
    if (floating)
        openWindow(entry);
    else
        dock(entry);
    save();
    emit windowsChanged();
}

void PanelStack::openWindow(Entry& entry)
{
    PanelSection* section = entry.section;
    const QSize usual(std::max(viewport()->width() * 3 / 4, FloatWindow::kLeast.width()),
                      section->sizeHint().height() * 3 / 2);
    entry.height = section->height();
    section->setClosed(false);
    section->setFloating(true);
    entry.window = new FloatWindow(section, m_theme, this);
    connect(entry.window, &FloatWindow::dockRequested, this,
            [this, section] { setFloating(section, false); });
    connect(entry.window, &FloatWindow::placed, this, &PanelStack::save);
    section->show();
    entry.window->openAt(entry.place, usual);
}

void PanelStack::dock(Entry& entry)
{
    FloatWindow* window = std::exchange(entry.window, nullptr);
    entry.place = window->geometry();
    QList<int> sizes = m_splitter->sizes();
    const int slot = slotOf(indexOf(entry.section));
    m_splitter->insertWidget(slot, entry.section);
    entry.section->setFloating(false);
    entry.section->show();
    window->disconnect(this);
    window->hide();
    window->deleteLater();
    spreadStretch();
    sizes.insert(slot, entry.height);
    m_splitter->setSizes(sizes);
}

/// Let go outside the page: a window there, with its heading under the pointer.
void PanelStack::drop(PanelSection* section, const QPoint& global)
{
    const QRect page(viewport()->mapToGlobal(QPoint()), viewport()->size());
    const int edge = PanelSection::kHeader;
    if (page.adjusted(-edge, -edge, edge, edge).contains(global))
        return;
    Entry& entry = m_entries[indexOf(section)];
    const QSize size = entry.place.isNull() ? section->size() : entry.place.size();
    entry.place = QRect(global - QPoint(edge, edge / 2), size);
    setFloating(section, true);
}

void PanelStack::showEvent(QShowEvent* event)
{
    QScrollArea::showEvent(event);
    for (Entry& entry : m_entries) {
        if (std::exchange(entry.floatsSoon, false))
            openWindow(entry);
        else if (entry.window != nullptr)
            entry.window->show(); // closed while the main window was away
    }
    if (hasWindows())
        emit windowsChanged();
}

// Order

void PanelStack::spreadStretch()
{
    for (int i = 0; i < m_splitter->count(); ++i) {
        const auto* one = qobject_cast<PanelSection*>(m_splitter->widget(i));
        m_splitter->setStretchFactor(i, one != nullptr && one->isGreedy() ? 1 : 0);
    }
}

void PanelStack::place(PanelSection* section, int index)
{
    const auto from = std::ptrdiff_t(indexOf(section));
    const auto to = std::ptrdiff_t(std::clamp(index, 0, int(m_entries.size()) - 1));
    if (from == to)
        return;
    QList<int> sizes = m_splitter->sizes();
    const int fromSlot = slotOf(std::size_t(from));
    const auto begin = m_entries.begin();
    if (from < to)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
        std::rotate(begin + to, begin + from, begin + from + 1);
    if (m_entries[std::size_t(to)].window != nullptr)
        return;
    const int slot = slotOf(std::size_t(to));
    sizes.move(fromSlot, slot);
    m_splitter->insertWidget(slot, section);
    spreadStretch();
    m_splitter->setSizes(sizes);
}

/// Over those that are not there, which nobody sees.
void PanelStack::move(PanelSection* section, int places)
{
    const int step = places < 0 ? -1 : 1;
    int index = int(indexOf(section)) + step;
    const auto isPassed = [this](int at) {
        const Entry& entry = m_entries[std::size_t(at)];
        return entry.section->isClosed() || entry.window != nullptr;
    };
    while (index > 0 && index + 1 < int(m_entries.size()) && isPassed(index))
        index += step;
    place(section, index);
    save();
}

void PanelStack::drag(PanelSection* section, const QPoint& global)
{
    const int y = m_splitter->mapFromGlobal(global).y();
    const std::size_t from = indexOf(section);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry& other = m_entries[i];
        if (i == from || other.section->isClosed() || other.window != nullptr)
            continue;
        const int middle = other.section->geometry().center().y();
        if ((i < from && y < middle) || (i > from && y > middle)) {
            place(section, int(i));
            save();
            return;
        }
    }
}

void PanelStack::fillMenu(QMenu& menu)
{
    for (PanelSection* section : sections()) {
        QAction* action = menu.addAction(section->title());
        action->setCheckable(true);
        action->setChecked(!section->isClosed());
        connect(action, &QAction::toggled, this, [this, section](bool shown) { setShown(section, shown); });
    }
}

// Keeping

void PanelStack::save()
{
    if (m_restoring)
        return;
    QStringList lines;
    const QList<int> sizes = m_splitter->sizes();
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        Entry& entry = m_entries[i];
        if (entry.window != nullptr)
            entry.place = entry.window->geometry();
        const bool floats = entry.window != nullptr || entry.floatsSoon;
        lines << QStringLiteral("%1/%2/%3/%4/%5/%6")
                     .arg(entry.section->key())
                     .arg(entry.section->isClosed() ? 0 : 1)
                     .arg(entry.section->isFolded() ? 1 : 0)
                     .arg(entry.window != nullptr ? entry.height : sizes.value(slotOf(i)))
                     .arg(floats ? 1 : 0)
                     .arg(placeToText(entry.place));
    }
    m_settings.setValue(m_group, lines);
}

/// "key/shown/folded/height", then "/in a window/x/y/width/height". False: it is about no panel.
bool PanelStack::restoreLine(const QString& line, int index, QList<int>& sizes)
{
    const QStringList parts = line.split(QLatin1Char('/'));
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&parts](const Entry& entry) {
        return entry.section->key() == parts.value(0);
    });
    if (found == m_entries.end() || (parts.size() != 4 && parts.size() != 9))
        return false;
    PanelSection* section = found->section;
    place(section, index);
    section->setClosed(parts[1] == QLatin1String("0"));
    section->setFolded(parts[2] == QLatin1String("1"));
    Entry& entry = m_entries[indexOf(section)];
    entry.height = std::clamp(parts[3].toInt(), 0, 10'000);
    entry.place = placeFromText(parts.mid(5));
    entry.floatsSoon = !section->isClosed() && parts.value(4) == QLatin1String("1");
    sizes[int(indexOf(section))] = entry.height;
    return true;
}

void PanelStack::restore()
{
    m_restoring = true;
    for (Entry& entry : m_entries) {
        entry.foldedFirst = entry.section->isFolded();
        m_firstOrder << entry.section->key();
    }
    QList<int> sizes = m_splitter->sizes();
    int index = 0;
    for (const QString& line : m_settings.value(m_group).toStringList())
        if (index < int(m_entries.size()) && restoreLine(line, index, sizes))
            ++index;
    m_arranged = index > 0;
    if (m_arranged)
        m_splitter->setSizes(sizes);
    m_restoring = false;
}

void PanelStack::reset()
{
    m_restoring = true;
    for (PanelSection* section : sections()) {
        setFloating(section, false);
        place(section, int(m_firstOrder.indexOf(section->key())));
    }
    for (Entry& entry : m_entries) {
        entry = {entry.section, nullptr, {}, 0, entry.foldedFirst, false};
        entry.section->setClosed(false);
        entry.section->setFolded(entry.foldedFirst);
    }
    m_arranged = m_restoring = false;
    m_settings.remove(m_group);
    settle();
}

/// Until a person moved a handle, all have what they cannot do without; of the rest the one that can use any
/// height has what it asks for, then the others from the top, and what is left is its own. Afterwards they
/// stay as they are, and only height that nobody needs is passed on.
void PanelStack::settle()
{
    m_settling = false;
    QList<int> sizes = m_splitter->sizes();
    int left = sizes.last();
    QList<PanelSection*> wanting;
    PanelSection* greedy = nullptr;
    for (const Entry& entry : m_entries) {
        PanelSection* section = entry.section;
        if (section->isClosed() || entry.window != nullptr)
            continue;
        if (section->isGreedy() && !section->isFolded())
            greedy = section;
        int& size = sizes[m_splitter->indexOf(section)];
        const int least = section->minimumSizeHint().height();
        const int now = std::max(least, m_arranged ? std::min(size, section->maximumHeight()) : least);
        left += size - now;
        size = now;
        if (!m_arranged)
            wanting.insert(section == greedy ? 0 : wanting.size(), section);
    }
    const auto give = [&](PanelSection* section, int most) {
        int& size = sizes[m_splitter->indexOf(section)];
        const int given = std::clamp(most - size, 0, std::max(left, 0));
        left -= given;
        size += given;
    };
    for (PanelSection* section : std::as_const(wanting))
        give(section, std::min(section->sizeHint().height(), section->maximumHeight()));
    if (greedy != nullptr)
        give(greedy, QWIDGETSIZE_MAX);
    sizes.last() = std::max(left, 0);
    if (sizes != m_splitter->sizes())
        m_splitter->setSizes(sizes);
}

bool PanelStack::eventFilter(QObject* watched, QEvent* event)
{
    const bool other = event->type() == QEvent::LayoutRequest || event->type() == QEvent::Resize;
    if (watched == m_splitter && other && !std::exchange(m_settling, true))
        QMetaObject::invokeMethod(this, &PanelStack::settle, Qt::QueuedConnection);
    return QScrollArea::eventFilter(watched, event);
}

} // namespace vitrine::ui
