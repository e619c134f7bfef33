// SPDX-License-Identifier: GPL-3.0-or-later
// The Ranks tab: how evenly steps are computed. A recording of today has one rank; what it says of that one
// is shown: where its time goes, how long its forward passes take and how far they are from what steps like
// them take. Thread: UI.
#pragma once

#include <array>

#include "ui/profiler/analysis/analysis_tab.h"

class QLabel;
class QTreeWidget;

namespace vitrine::ui {

class AnalysisCard;
class FigureStrip;
class PartBar;
class XyChart;

class RankPage : public AnalysisTab
{
    Q_OBJECT

public:
    enum Chart { Times, OverTime, Ratio };
    static constexpr std::size_t kCharts = 3;

    RankPage(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedSteps& picture);
    XyChart& chart(Chart chart) const { return *m_charts[chart]; }
    FigureStrip& figures() const { return *m_figures; }
    QTreeWidget& slowest() const { return *m_slowest; }
    QLabel& note() const { return *m_note; }

protected:
    void listen(RecordingSession& session) override;
    void ask(RecordingSession& session, const AnalysisQuery& query) override;
    void clear() override;
    void retranslate() override;

private:
    void build();
    QWidget* buildRank();
    void showAll();
    void showFigures();
    void showRank();
    void showTimes();
    void showOverTime();
    void showRatio();
    void showSlowest();

    SharedSteps m_picture;
    FigureStrip* m_figures;
    QLabel* m_note = nullptr;
    QLabel* m_rank = nullptr;
    PartBar* m_bar = nullptr;
    AnalysisCard* m_rankCard = nullptr;
    AnalysisCard* m_slowCard = nullptr;
    QTreeWidget* m_slowest = nullptr;
    std::array<XyChart*, kCharts> m_charts{};
    std::array<AnalysisCard*, kCharts> m_cards{};
};

} // namespace vitrine::ui
