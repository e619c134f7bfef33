// SPDX-License-Identifier: GPL-3.0-or-later
// The Prefix tree tab: what prompts have in common, as a tree of beginnings, and what sharing them saved.
// Thread: UI.
#pragma once

#include "ui/profiler/analysis/analysis_tab.h"
#include "ui/profiler/analysis/prefix_model.h"

class QTreeView;

namespace vitrine::ui {

class AnalysisCard;
class FigureStrip;
class PrefixDetails;

class PrefixPage : public AnalysisTab
{
    Q_OBJECT

public:
    PrefixPage(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedPrefixes& picture);
    QTreeView& tree() const { return *m_tree; }
    const PrefixModel& model() const { return m_model; }
    PrefixDetails& details() const { return *m_details; }
    FigureStrip& figures() const { return *m_figures; }

protected:
    void listen(RecordingSession& session) override;
    void ask(RecordingSession& session, const AnalysisQuery& query) override;
    void clear() override;
    void retranslate() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void arrange();
    void choose(quint32 node);
    void showFigures();
    void showShared();

    PrefixModel m_model;
    FigureStrip* m_figures;
    QWidget* m_side = nullptr;
    QTreeView* m_tree;
    AnalysisCard* m_card;
    PrefixDetails* m_details;
};

} // namespace vitrine::ui
