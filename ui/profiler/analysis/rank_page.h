// SPDX-License-Identifier: GPL-3.0-or-later
// The Ranks tab: how evenly steps are computed. Of several processes a line each, with the time they computed
// and waited, how evenly over time, what went between them, who was behind, and what became of those that
// failed; of one process where its time goes. Below, how long forward passes take and how far they are from
// what steps like them take. Thread: UI.
#pragma once

#include <array>

#include "ui/profiler/analysis/analysis_tab.h"
#include "ui/profiler/figure_row.h"

class QLabel;
class QTreeWidget;

namespace vitrine::ui {

class AnalysisCard;
class FigureStrip;
class PartBar;
class RankTable;
class XyChart;

class RankPage : public AnalysisTab
{
    Q_OBJECT

public:
    enum Chart { Times, OverTime, Ratio, Balance, Link, Skew };
    static constexpr std::size_t kCharts = 6;
    static constexpr int kStepRole = Qt::UserRole + 100; ///< of a line: its step, or its moment

    RankPage(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedSteps& picture);
    XyChart& chart(Chart chart) const { return *m_charts[chart]; }
    FigureStrip& figures() const { return *m_figures; }
    QTreeWidget& slowest() const { return *m_slowest; }
    RankTable& processes() const { return *m_processes; }
    QTreeWidget& events() const { return *m_events; }
    QTreeWidget& uneven() const { return *m_uneven; }
    QLabel& note() const { return *m_note; }

protected:
    void listen(RecordingSession& session) override;
    void ask(RecordingSession& session, const AnalysisQuery& query) override;
    void clear() override;
    void retranslate() override;

private:
    void build();
    QWidget* buildRank();
    void buildCharts();
    QTreeWidget* buildList(int columns);
    void connectAll();
    void showAll();
    void showFigures();
    void showRank();
    void showTimes();
    void showOverTime();
    void showRatio();
    void showSlowest();
    void showProcesses();
    void showUneven();
    void showEvents();
    void nameRanks();
    QList<Figure> rankFigures() const;

    SharedSteps m_picture;
    FigureStrip* m_figures;
    QLabel* m_note = nullptr;
    QLabel* m_rank = nullptr;
    PartBar* m_bar = nullptr;
    AnalysisCard* m_rankCard = nullptr;
    AnalysisCard* m_slowCard = nullptr;
    AnalysisCard* m_unevenCard = nullptr;
    AnalysisCard* m_eventCard = nullptr;
    QTreeWidget* m_slowest = nullptr; ///< steps beyond their prediction
    QTreeWidget* m_uneven = nullptr;  ///< steps whose processes were far apart
    QTreeWidget* m_events = nullptr;  ///< failures and changes
    RankTable* m_processes = nullptr;
    std::array<XyChart*, kCharts> m_charts{};
    std::array<AnalysisCard*, kCharts> m_cards{};
};

} // namespace vitrine::ui
