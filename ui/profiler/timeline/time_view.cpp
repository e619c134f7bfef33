// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/time_view.h"

#include <algorithm>
#include <cmath>

namespace vitrine::ui {

/// Ranges come from a file's times, which Session has brought to where differences cannot overflow.
TimeRange TimeView::clamped(const TimeRange& range) const
{
    if (m_bounds.isEmpty())
        return m_bounds;
    const qint64 most = std::max<qint64>(m_bounds.length(), kLeastNs);
    const qint64 length = std::clamp<qint64>(range.length(), kLeastNs, most);
    const qint64 latest = std::max<qint64>(m_bounds.startNs, m_bounds.endNs - length);
    const qint64 start = std::clamp<qint64>(range.startNs, m_bounds.startNs, latest);
    return {start, start + length};
}

void TimeView::begin(const TimeRange& bounds, bool live)
{
    m_back.clear();
    m_forward.clear();
    m_last = Gesture::None;
    m_wanted = kFollowedNs;
    m_bounds = bounds;
    m_following = live;
    m_moment.reset();
    m_event = false;
    m_selection = {};
    m_visible = bounds;
    if (live)
        follow();
    emit boundsChanged();
    emit visibleChanged();
    emit selectionChanged();
    emit momentChanged();
    emit followingChanged(m_following);
    emit historyChanged();
}

void TimeView::setBounds(const TimeRange& bounds)
{
    if (bounds == m_bounds)
        return;
    m_bounds = bounds;
    emit boundsChanged();
    if (m_following)
        follow();
    else
        setVisible(clamped(m_visible.isEmpty() ? bounds : m_visible));
}

void TimeView::follow()
{
    setVisible(clamped({m_bounds.endNs - std::min<qint64>(m_wanted, m_bounds.length()), m_bounds.endNs}));
}

void TimeView::setVisible(const TimeRange& range)
{
    if (range == m_visible)
        return;
    m_visible = range;
    emit visibleChanged();
}

void TimeView::remember(Gesture gesture)
{
    const bool goesOn = gesture == m_last && gesture != Gesture::Jump;
    m_last = gesture;
    if (goesOn || m_visible.isEmpty())
        return;
    m_back.append(m_visible);
    if (m_back.size() > kMostSteps)
        m_back.removeFirst();
    m_forward.clear();
    emit historyChanged();
}

void TimeView::move(const TimeRange& range, Gesture gesture)
{
    const TimeRange wanted = clamped(range);
    if (wanted == m_visible)
        return;
    remember(gesture);
    setVisible(wanted);
}

void TimeView::show(const TimeRange& range)
{
    setFollowing(false);
    move(range, Gesture::Jump);
}

void TimeView::showAll()
{
    if (m_following)
        m_wanted = engine::kMostNs; // and all that will come
    move(m_bounds, Gesture::Jump);
}

void TimeView::showSelection()
{
    if (hasSelection())
        show(m_selection);
}

void TimeView::showAround(const TimeRange& item)
{
    const qint64 room = std::max<qint64>(item.length() / 5, kLeastNs / 2);
    show({item.startNs - room, item.endNs + room});
}

void TimeView::reveal(qint64 ns)
{
    if (m_visible.contains(ns))
        return;
    const qint64 length = m_visible.length();
    show({ns - length / 2, ns - length / 2 + length});
}

void TimeView::zoomAbout(qint64 ns, double factor)
{
    if (m_visible.isEmpty() || !(factor > 0))
        return;
    const double length = std::clamp(double(m_visible.length()) * factor, double(kLeastNs),
                                     double(std::max<qint64>(m_bounds.length(), kLeastNs)));
    const double share = std::clamp(double(ns - m_visible.startNs) / double(m_visible.length()), 0.0, 1.0);
    m_wanted = qint64(length);
    if (m_following) {
        remember(Gesture::Zoom);
        follow();
        return;
    }
    const auto start = qint64(std::llround(double(ns) - share * length));
    move({start, start + qint64(length)}, Gesture::Zoom);
}

void TimeView::panBy(qint64 ns)
{
    setFollowing(false);
    move({m_visible.startNs + ns, m_visible.endNs + ns}, Gesture::Pan);
}

void TimeView::goToStart()
{
    show({m_bounds.startNs, m_bounds.startNs + m_visible.length()});
}

void TimeView::goToEnd()
{
    show({m_bounds.endNs - m_visible.length(), m_bounds.endNs});
}

void TimeView::back()
{
    if (m_back.isEmpty())
        return;
    setFollowing(false);
    m_last = Gesture::None;
    m_forward.append(m_visible);
    setVisible(clamped(m_back.takeLast()));
    emit historyChanged();
}

void TimeView::forward()
{
    if (m_forward.isEmpty())
        return;
    setFollowing(false);
    m_last = Gesture::None;
    m_back.append(m_visible);
    setVisible(clamped(m_forward.takeLast()));
    emit historyChanged();
}

void TimeView::select(const TimeRange& range)
{
    TimeRange inside{std::max<qint64>(std::min<qint64>(range.startNs, range.endNs), m_bounds.startNs),
                     std::min<qint64>(std::max<qint64>(range.startNs, range.endNs), m_bounds.endNs)};
    if (inside.isEmpty())
        inside = {};
    if (inside == m_selection)
        return;
    m_selection = inside;
    emit selectionChanged();
}

void TimeView::clearSelection()
{
    select({});
}

void TimeView::setMoment(qint64 ns, bool event)
{
    const qint64 inside =
        std::clamp<qint64>(ns, m_bounds.startNs, std::max<qint64>(m_bounds.startNs, m_bounds.endNs));
    if (m_moment == inside && m_event == event)
        return;
    m_moment = inside;
    m_event = event;
    emit momentChanged();
}

void TimeView::clearMoment()
{
    if (!m_moment)
        return;
    m_moment.reset();
    m_event = false;
    emit momentChanged();
}

void TimeView::setFollowing(bool following)
{
    if (m_following == following)
        return;
    m_following = following;
    if (following) {
        m_wanted = std::max<qint64>(m_visible.length(), kLeastNs);
        clearMoment(); // the blocks are those of now
        follow();
    }
    emit followingChanged(following);
}

} // namespace vitrine::ui
