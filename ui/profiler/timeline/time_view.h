// SPDX-License-Identifier: GPL-3.0-or-later
// What of a recording's time all panels of the Profiler show: the visible range, the selection, the moment
// under the cursor, and the way back through earlier ranges. One for a page. Times in nanoseconds of nowNs().
//
// Invariants: the visible range lies within the bounds wherever the bounds are long enough for it; it is
// never shorter than kLeastNs. While it follows, it ends where the recording ends. Thread: UI.
#pragma once

#include <algorithm>
#include <optional>

#include <QList>
#include <QObject>

#include "engine/analysis/time_range.h"

namespace vitrine::ui {

using engine::TimeRange;

/// Where times lie on the screen: one for all lanes of a page.
struct TimeScale
{
    TimeRange range;
    double left = 0, width = 1; ///< logical pixels

    double x(qint64 ns) const
    {
        return left + double(ns - range.startNs) / double(std::max<qint64>(range.length(), 1)) * width;
    }
    qint64 ns(double x) const
    {
        const double share = std::clamp((x - left) / std::max(width, 1.0), -1.0, 2.0);
        return range.startNs + qint64(share * double(range.length()));
    }
    double nsPerPixel() const { return double(std::max<qint64>(range.length(), 1)) / std::max(width, 1.0); }
};

class TimeView : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 kLeastNs = 2'000;             ///< that can be looked at
    static constexpr qint64 kFollowedNs = 10'000'000'000; ///< shown of a recording that runs, at first
    static constexpr qsizetype kMostSteps = 100;          ///< back

    using QObject::QObject;

    /// The recording's whole range; what is shown stays, as far as it is still there. `live`: it follows.
    void setBounds(const TimeRange& bounds);
    /// Another recording: forgets all.
    void begin(const TimeRange& bounds, bool live);

    const TimeRange& bounds() const { return m_bounds; }
    const TimeRange& visible() const { return m_visible; }
    const TimeRange& selection() const { return m_selection; } ///< empty: none
    bool hasSelection() const { return !m_selection.isEmpty(); }
    std::optional<qint64> moment() const { return m_moment; }
    bool isEvent() const { return m_event; } ///< the moment is that of something that happened
    bool isFollowing() const { return m_following; }
    bool canGoBack() const { return !m_back.isEmpty(); }
    bool canGoForward() const { return !m_forward.isEmpty(); }
    bool showsAll() const { return m_visible == m_bounds; }

public slots:
    /// A jump: back() leads to what was seen before.
    void show(const vitrine::ui::TimeRange& range);
    void showAll();
    void showSelection();
    /// As show(), with some room around.
    void showAround(const vitrine::ui::TimeRange& item);
    /// Moves as little as is needed for `ns` to be seen.
    void reveal(qint64 ns);
    void zoomAbout(qint64 ns, double factor);
    void panBy(qint64 ns);
    void goToStart();
    void goToEnd();
    void back();
    void forward();

    void select(const vitrine::ui::TimeRange& range);
    void clearSelection();
    void setMoment(qint64 ns, bool event = false);
    void clearMoment();
    void setFollowing(bool following);

signals:
    void boundsChanged();
    void visibleChanged();
    void selectionChanged();
    void momentChanged();
    void followingChanged(bool following);
    void historyChanged();

private:
    /// Gestures of one kind in a row are one step back.
    enum class Gesture { None, Jump, Zoom, Pan };

    TimeRange clamped(const TimeRange& range) const;
    void move(const TimeRange& range, Gesture gesture);
    void setVisible(const TimeRange& range);
    void remember(Gesture gesture);
    void follow();

    TimeRange m_bounds, m_visible, m_selection;
    std::optional<qint64> m_moment;
    bool m_event = false;
    bool m_following = false;
    qint64 m_wanted = kFollowedNs; ///< length while it follows; a young recording has less
    Gesture m_last = Gesture::None;
    QList<TimeRange> m_back, m_forward;
};

} // namespace vitrine::ui
