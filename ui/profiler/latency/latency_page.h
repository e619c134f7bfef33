// SPDX-License-Identifier: GPL-3.0-or-later
// The Latency tab: where the time until the first token and between tokens went, and what would help. It is
// about the selection of the timeline, or all of the recording. Asks while it is seen, of a recording that
// grows again and again. Thread: UI; everything handed in outlives it.
#pragma once

#include <optional>

#include <QTimer>
#include <QWidget>

#include "ui/bridge/snapshots.h"
#include "ui/profiler/timeline/time_view.h"
#include "ui/recording/analysis_pictures.h"
#include "ui/recording/latency.h"
#include "ui/theme/theme.h"

class QGridLayout;
class QLabel;
class QScrollArea;

namespace vitrine::ui {

class AdviceCard;
class AnomalyList;
class AppliedCard;
class ChartCard;
class ComboBox;
class ComparisonPanel;
class ElidedLabel;
class FirstTokenChart;
class Preferences;
class RecordingSession;
class TokenGapChart;

class LatencyPage : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kAskMs = 200;
    static constexpr int kGrowthMs = 1'000;  ///< between two looks at what grows
    static constexpr int kAdviceMs = 5'000;  ///< likewise for advice
    static constexpr int kSide = 392;        ///< width of the advisor's column at 100 %
    static constexpr int kLeastCharts = 480; ///< of the charts beside it

    LatencyPage(TimeView& view, Preferences& preferences, const Theme& theme, QWidget* parent = nullptr);
    ~LatencyPage() override;

    void setSession(RecordingSession* session);
    /// Between whose tokens; 0: whoever fits.
    void showRequest(engine::RequestId request);

    // As they come from the recording; public so that a page can be shown values made by hand.
    void setLatency(const SharedLatency& picture);
    void setAdvice(const SharedAdvice& picture);
    void setAnomalies(const SharedAnomalies& picture);

    FirstTokenChart& firstTokens() const { return *m_firstTokens; }
    TokenGapChart& gaps() const { return *m_gaps; }
    AdviceCard& advice() const { return *m_advice; }
    AppliedCard& applied() const { return *m_applied; }
    AnomalyList& anomalies() const { return *m_anomalies; }
    ComparisonPanel& comparison() const { return *m_comparison; }

signals:
    /// To be selected on the timeline.
    void rangePicked(const vitrine::ui::TimeRange& range);
    void requestActivated(vitrine::engine::RequestId request);
    /// It is in the preferences already; the engine has to be told.
    void schedulingChosen(const vitrine::ui::SchedulingChoice& choice);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void buildCharts();
    void connectParts();
    void arrange();
    void retranslate();
    void setLegends();
    void showChosen();
    void showPart();
    void askSoon();
    void askAgain();
    void ask();
    void grown();
    void askMeasure();
    void apply(const engine::Diagnosis& diagnosis, const SchedulingChoice& choice);
    void undo();
    void choose(const SchedulingChoice& choice);

    TimeView& m_view;
    Preferences& m_preferences;
    const Theme& m_theme;
    RecordingSession* m_session = nullptr;
    QTimer m_soon, m_growth, m_adviceAgain;
    bool m_grew = false, m_grewForAdvice = false;
    SharedLatency m_picture;
    engine::RequestId m_request; ///< picked by a person; 0: none

    QScrollArea* m_area = nullptr;
    QWidget* m_content = nullptr;
    QGridLayout* m_grid = nullptr;
    QWidget* m_side = nullptr;
    ChartCard* m_firstCard = nullptr;
    ChartCard* m_gapCard = nullptr;
    FirstTokenChart* m_firstTokens = nullptr;
    TokenGapChart* m_gaps = nullptr;
    AdviceCard* m_advice = nullptr;
    AppliedCard* m_applied = nullptr;
    AnomalyList* m_anomalies = nullptr;
    ComparisonPanel* m_comparison = nullptr;
    QLabel* m_part = nullptr;
    ComboBox* m_order = nullptr;
    QLabel* m_dot = nullptr;
    ElidedLabel* m_name = nullptr;
    QLabel* m_figures = nullptr;
};

} // namespace vitrine::ui
