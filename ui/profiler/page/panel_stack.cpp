// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/panel_stack.h"

#include <algorithm>
#include <utility>

#include <QEvent>
#include <QMenu>
#include <QSettings>
#include <QSplitter>

#include "ui/profiler/page/panel_section.h"

namespace vitrine::ui {

PanelStack::PanelStack(QSettings& settings, const QString& group, QWidget* parent)
    : QScrollArea(parent), m_settings(settings), m_group(group), m_splitter(new QSplitter(Qt::Vertical))
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
    const int index = m_splitter->count() - 1;
    m_splitter->insertWidget(index, section);
    m_splitter->setStretchFactor(index, section->isGreedy() ? 1 : 0);
    connect(section, &PanelSection::changed, this, &PanelStack::save);
    connect(section, &PanelSection::closeRequested, this, [this, section] { setShown(section, false); });
    connect(section, &PanelSection::moveRequested, this,
            [this, section](int places) { move(section, places); });
    connect(section, &PanelSection::dragged, this,
            [this, section](const QPoint& global) { drag(section, global); });
}

QList<PanelSection*> PanelStack::sections() const
{
    QList<PanelSection*> all;
    for (int i = 0; i + 1 < m_splitter->count(); ++i)
        all << static_cast<PanelSection*>(m_splitter->widget(i));
    return all;
}

void PanelStack::setShown(PanelSection* section, bool shown)
{
    section->setClosed(!shown);
    save();
}

void PanelStack::place(PanelSection* section, int index)
{
    QList<int> sizes = m_splitter->sizes();
    const int from = m_splitter->indexOf(section);
    index = std::clamp(index, 0, m_splitter->count() - 2);
    if (from == index)
        return;
    sizes.move(from, index);
    m_splitter->insertWidget(index, section);
    for (int i = 0; i < m_splitter->count(); ++i) {
        const auto* one = qobject_cast<PanelSection*>(m_splitter->widget(i));
        m_splitter->setStretchFactor(i, one != nullptr && one->isGreedy() ? 1 : 0);
    }
    m_splitter->setSizes(sizes);
}

/// Over closed ones, which nobody sees.
void PanelStack::move(PanelSection* section, int places)
{
    const int step = places < 0 ? -1 : 1;
    int index = m_splitter->indexOf(section) + step;
    while (index > 0 && index < m_splitter->count() - 2 && sections()[index]->isClosed())
        index += step;
    place(section, index);
    save();
}

void PanelStack::drag(PanelSection* section, const QPoint& global)
{
    const int y = m_splitter->mapFromGlobal(global).y();
    const int from = m_splitter->indexOf(section);
    for (int i = 0; i + 1 < m_splitter->count(); ++i) {
        const PanelSection* other = sections()[i];
        if (i == from || other->isClosed())
            continue;
        const int middle = other->geometry().center().y();
        if ((i < from && y < middle) || (i > from && y > middle)) {
            place(section, i);
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

void PanelStack::save()
{
    if (m_restoring)
        return;
    QStringList lines;
    const QList<int> sizes = m_splitter->sizes();
    for (PanelSection* section : sections())
        lines << QStringLiteral("%1/%2/%3/%4")
                     .arg(section->key())
                     .arg(section->isClosed() ? 0 : 1)
                     .arg(section->isFolded() ? 1 : 0)
                     .arg(sizes.value(m_splitter->indexOf(section)));
    m_settings.setValue(m_group, lines);
}

void PanelStack::restore()
{
    m_restoring = true;
    QList<int> sizes = m_splitter->sizes();
    int index = 0;
    bool known = false;
    for (const QString& line : m_settings.value(m_group).toStringList()) {
        const QStringList parts = line.split(QLatin1Char('/'));
        for (PanelSection* section : sections()) {
            if (section->key() != parts.value(0) || parts.size() != 4)
                continue;
            place(section, index);
            section->setClosed(parts[1] == QLatin1String("0"));
            section->setFolded(parts[2] == QLatin1String("1"));
            sizes[index++] = std::clamp(parts[3].toInt(), 0, 10'000);
            known = true;
        }
    }
    m_arranged = known;
    if (known)
        m_splitter->setSizes(sizes);
    m_restoring = false;
}

/// Height that nobody needs goes to those who can use it; until a person moved a handle, the others have what
/// they ask for.
void PanelStack::settle()
{
    m_settling = false;
    QList<int> sizes = m_splitter->sizes();
    int left = sizes.last();
    PanelSection* greedy = nullptr;
    for (PanelSection* section : sections()) {
        if (section->isClosed() || section->isFolded())
            continue;
        int& size = sizes[m_splitter->indexOf(section)];
        const int wanted = std::min(section->sizeHint().height(), section->maximumHeight());
        if (size > section->maximumHeight()) {
            left += size - section->maximumHeight();
            size = section->maximumHeight();
        }
        if (section->isGreedy())
            greedy = section;
        else if (!m_arranged && size < wanted) {
            left -= wanted - size;
            size = wanted;
        }
    }
    if (greedy != nullptr) {
        int& size = sizes[m_splitter->indexOf(greedy)];
        const int least = greedy->minimumSizeHint().height();
        const int given = std::max(size + left, least);
        left -= given - size;
        size = given;
    }
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
