// SPDX-License-Identifier: GPL-3.0-or-later
// The Block life tab: how long contents of KV blocks live, lie idle and wait to be found again, and what a
// pool of another size would have found. Thread: UI.
#pragma once

#include <array>

#include "ui/profiler/analysis/analysis_tab.h"

namespace vitrine::ui {

class AnalysisCard;
class FigureStrip;
class XyChart;

class BlockLifePage : public AnalysisTab
{
    Q_OBJECT

public:
    enum Chart { WhatIf, References, Lifetime, Idle, Reuse };
    static constexpr std::size_t kCharts = 5;

    BlockLifePage(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedBlockLife& picture);
    const SharedBlockLife& picture() const { return m_picture; }
    XyChart& chart(Chart chart) const { return *m_charts[chart]; }
    AnalysisCard& card(Chart chart) const { return *m_cards[chart]; }
    FigureStrip& figures() const { return *m_figures; }

protected:
    void listen(RecordingSession& session) override;
    void ask(RecordingSession& session, const AnalysisQuery& query) override;
    void clear() override;
    void retranslate() override;

private:
    void build();
    void setLegends();
    void showAll();
    void showFigures();
    void showWhatIf();
    void showReferences();
    void showHistograms();
    QString whatIfNote() const;

    SharedBlockLife m_picture;
    FigureStrip* m_figures;
    std::array<XyChart*, kCharts> m_charts{};
    std::array<AnalysisCard*, kCharts> m_cards{};
};

} // namespace vitrine::ui
