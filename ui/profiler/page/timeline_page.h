// SPDX-License-Identifier: GPL-3.0-or-later
// The Timeline tab: overview, KV blocks, requests, steps, batch and charts over one time, and the inspector.
// Asks the recording for pictures of what is in view, once a frame at most, and only while it is seen itself.
// Thread: UI; everything handed in outlives it.
#pragma once

#include <array>
#include <optional>

#include <QStringList>
#include <QTimer>
#include <QWidget>

#include "ui/profiler/timeline/time_view.h"
#include "ui/recording/analysis_pictures.h"
#include "ui/theme/theme.h"

class QHBoxLayout;
class QLineEdit;
class QSettings;

namespace vitrine::ui {

class BatchPanel;
class BlockMapPanel;
enum class BlockColouring;
class MenuButton;
class Inspector;
class OverviewPanel;
class PanelSection;
class PanelStack;
class RecordingSession;
class RequestPanel;
class StepPanel;
class ThreadPanel;
class TimelinePanel;
class TrendPanel;

class TimelinePage : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kDrawerBelow = 1228; ///< 1280 of the window: the inspector is a drawer
    static constexpr int kFrameMs = 16;
    static constexpr const char* kHiddenLanes = "profiler/hiddenLanes"; ///< where they are kept

    TimelinePage(TimeView& view, QSettings& settings, const Theme& theme, QWidget* parent = nullptr);

    void setSession(RecordingSession* session);
    /// It does not exist any more; what is shown of it stays for now.
    void forgetSession() { m_session = nullptr; }
    void setSummary(const RecordingSummary& summary);
    /// "#17" a request, "4163" or "step 4163" a step, else part of a title: goes to the first that fits, and
    /// when it is asked for again to the next one.
    void search(const QString& text);

    // As they come from the recording; public so that a page can be shown pictures made by hand.
    void setTimeline(const SharedTimeline& picture);
    void setOverview(const SharedOverview& picture);
    void setAnomalies(const SharedAnomalies& picture);
    void setBlocks(const SharedBlockMap& map);
    void setBlock(const BlockDetails& details);
    void setPreemption(const PreemptionDetails& details);
    void setRequest(const RequestDetails& details);
    void setStep(const StepDetails& details);

    PanelStack& stack() const { return *m_stack; }
    Inspector& inspector() const { return *m_inspector; }
    OverviewPanel& overview() const { return *m_overview; }
    RequestPanel& requests() const { return *m_requests; }
    StepPanel& steps() const { return *m_steps; }
    ThreadPanel& threads() const { return *m_threads; }
    BatchPanel& batch() const { return *m_batch; }
    TrendPanel& trends() const { return *m_trends; }
    BlockMapPanel& blocks() const { return *m_blocks; }
    /// What the next question asks for.
    TimelineQuery query() const;
    bool isInspectorShown() const;

signals:
    void messageRequested(quint64 conversation, quint64 message);
    void searchFailed(const QString& text);
    /// Of one request; 0: as a whole.
    void latencyWanted(vitrine::engine::RequestId request);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildPanels();
    void buildControls();
    void connectParts();
    void connectInspector();
    void connectPanel(TimelinePanel* panel);
    void retranslate();
    void setLegends();
    static QString colouringText(BlockColouring by);
    void openColourings();
    void openLanes();
    void setLaneHidden(const QStringList& keys, bool hidden);
    QString threadNote() const;
    QString noThreadsText() const;
    void arrange();
    void openInspector();
    /// Those that draw the picture of the time in view.
    std::array<TimelinePanel*, 5> panels() const;
    void askSoon();
    void askAll();
    void ask();
    void askBlocksOfNow();
    void askSearched(const QString& text);
    void takeSearched(const TimelinePicture& picture);
    void showBlocksOf(engine::RequestId request);
    void pickRequest(engine::RequestId request);
    void pickStep(qint64 ns);
    void stepBy(int direction);
    void showNotes();

    TimeView& m_view;
    QSettings& m_settings;
    const Theme& m_theme;
    RecordingSession* m_session = nullptr;
    RecordingSummary m_summary;
    SharedTimeline m_picture;
    QTimer m_frame;
    bool m_wantsTimeline = false, m_wantsOverview = false, m_wantsBlocks = false;
    quint64 m_serial = 0;
    std::optional<QString> m_searched; ///< its answer is under way
    QString m_lastSearch;
    qsizetype m_searchRow = 0; ///< which of those that fit
    std::optional<quint32> m_pickedBlock;
    bool m_zoomsToRequest = false; ///< the next one that comes was searched for
    bool m_drawerOpen = false;

    QWidget* m_column = nullptr;
    PanelStack* m_stack = nullptr;
    Inspector* m_inspector = nullptr;
    OverviewPanel* m_overview = nullptr;
    BlockMapPanel* m_blocks = nullptr;
    RequestPanel* m_requests = nullptr;
    StepPanel* m_steps = nullptr;
    ThreadPanel* m_threads = nullptr;
    BatchPanel* m_batch = nullptr;
    TrendPanel* m_trends = nullptr;
    PanelSection* m_blockSection = nullptr;
    PanelSection* m_requestSection = nullptr;
    PanelSection* m_stepSection = nullptr;
    PanelSection* m_threadSection = nullptr;
    PanelSection* m_batchSection = nullptr;
    PanelSection* m_trendSection = nullptr;
    MenuButton* m_colouring = nullptr;
    MenuButton* m_lanes = nullptr;
    QLineEdit* m_filter = nullptr;
};

} // namespace vitrine::ui
