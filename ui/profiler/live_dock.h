// SPDX-License-Identifier: GPL-3.0-or-later
// The dock at the right: the last minute of the engine in three figures and four charts. It collects whether
// it is seen or not (bounded, see LiveSeries) and paints at most ten times a second, only while it is visible
// and not paused. UI thread; the Theme outlives it.
#pragma once

#include <array>

#include <QList>
#include <QTimer>
#include <QWidget>

#include "ui/profiler/live_series.h"
#include "ui/theme/theme.h"

class QLabel;
class QToolButton;

namespace vitrine::ui {

class FigureRow;
class LiveSection;

class LiveDock : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kWidth = 308; ///< at 100 %
    /// Nearly as much more as the zoom: its figures stand side by side.
    static int widthAt(const Theme& theme) { return (kWidth + 3 * theme.scaled(kWidth)) / 4; }
    static constexpr int kRefreshMs = 100;

    using Clock = std::int64_t (*)();
    explicit LiveDock(const Theme& theme, QWidget* parent = nullptr, Clock clock = nullptr);

    void setHueOf(LiveSeries::HueOf hueOf) { m_series.setHueOf(std::move(hueOf)); }
    void addSteps(const QList<engine::StepRecord>& steps, quint64 dropped);
    void addFirstToken(double seconds);
    void setTokensPerSecond(double value);
    /// Another model: the old minute means nothing any more.
    void clear();

    bool isPaused() const;
    void setPaused(bool paused);
    /// What the charts show now; the frozen view while paused.
    const LiveView& shownView() const { return m_shown; }
    const LiveBin* newest() const { return m_series.newest(); }
    quint64 recordedSteps() const { return m_recorded; }

signals:
    void closeRequested();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* buildHeader();
    QWidget* buildBody();
    QWidget* buildFooter();
    void retranslate();
    void retranslateSections();
    void refresh();
    void showFigures();
    void showDropped();

    const Theme& m_theme;
    Clock m_clock;
    LiveSeries m_series;
    LiveView m_shown;
    quint64 m_dropped = 0;
    quint64 m_recorded = 0;
    double m_tokensPerSecond = 0;
    bool m_changed = true;
    std::int64_t m_shownSecond = -1;
    QTimer m_timer;

    QLabel* m_title = nullptr;
    QLabel* m_span = nullptr;
    QLabel* m_droppedLabel = nullptr;
    QToolButton* m_pause = nullptr;
    QToolButton* m_close = nullptr;
    FigureRow* m_figures = nullptr;
    LiveSection* m_kv = nullptr;
    LiveSection* m_prefix = nullptr;
    LiveSection* m_batch = nullptr;
    LiveSection* m_preemptions = nullptr;
};

} // namespace vitrine::ui
