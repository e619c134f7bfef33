// SPDX-License-Identifier: GPL-3.0-or-later
// A recording that the Profiler shows: the running engine's, which grows, or a file's. It lives on a thread
// of its own; the window asks for pictures and gets them by signals. Of questions of one kind only the newest
// is answered, so that a person who drags never waits for pictures nobody will see.
//
// Thread: the window's, for all that is public. Nothing here waits.
#pragma once

#include <memory>
#include <optional>

#include <QObject>
#include <QThread>

#include "engine/trace/trace.h"
#include "ui/recording/analysis_pictures.h"
#include "ui/recording/latency.h"
#include "ui/recording/pictures.h"

namespace vitrine::ui {

class RecordingFeed;
class SessionWorker;
struct SessionQuestions;

class RecordingSession : public QObject
{
    Q_OBJECT

public:
    /// The running engine's, which writes to `feed`.
    explicit RecordingSession(std::shared_ptr<RecordingFeed> feed, QObject* parent = nullptr);
    /// A file's, which is read on the session's thread; opened() or openFailed() follows.
    explicit RecordingSession(const QString& file, QObject* parent = nullptr);
    ~RecordingSession() override;

    bool isLive() const { return m_live; }
    const RecordingSummary& summary() const { return m_summary; }

    // What requests are called. Live only.

    void name(quint64 conversation, const QString& title, std::size_t hue);
    void label(engine::RequestId request, quint64 conversation, quint64 message);

    /// Writes to a file from now on; a file of this name is replaced. Live only.
    void startRecording(const QString& path);
    void stopRecording();
    const FileRecording& fileRecording() const { return m_fileRecording; }
    /// The steps of a range (empty: all) as a file of the format that the suffix names; one exported()
    /// follows.
    void exportTo(const QString& path, const TimeRange& range = {});

    /// A text that was made of the recording, as a file; one exported() follows.
    void saveText(const QString& path, const QString& text);

    void askTimeline(const TimelineQuery& query);
    void askOverview(quint32 columns);
    void askBlocks(qint64 ns);
    void askBlock(quint32 block, qint64 ns);
    void askPreemption(const PreemptionQuery& query);
    void askRequest(engine::RequestId request);
    void askStep(qint64 ns);
    /// By its number, or the first one after it; answered as askStep().
    void askStepNumber(quint64 step);
    // Analyses: answered when they are done, unless another of the kind was asked for meanwhile.
    void askPrefixes(const AnalysisQuery& query);
    /// Answered several times, with more of the sizes that are tried.
    void askBlockLife(const AnalysisQuery& query);
    void askSteps(const AnalysisQuery& query);
    void askMetrics(const AnalysisQuery& query);
    /// What was not as usual; it is told again when it changes.
    void askAnomalies();

    // Answered beside the pictures, after a while.

    void askLatency(const LatencyQuery& query);
    /// What holds the requests of a range (empty: all) back.
    void askAdvice(const TimeRange& range);
    void askMeasure(const MeasureQuery& query);
    /// A copy of the newest steps.
    void askTrace();

signals:
    /// At most ten times a second while it grows.
    void changed(const vitrine::ui::RecordingSummary& summary);
    void openFailed(const QString& reason);
    /// It began, grew, ended; with the reason where it ended by itself.
    void fileRecordingChanged(const vitrine::ui::FileRecording& state);
    void exported(const QString& path, const QString& error);
    /// At most once a second while it grows, and only where something is new.
    void anomaliesReady(const vitrine::ui::SharedAnomalies& picture);
    void timelineReady(const vitrine::ui::SharedTimeline& picture);
    void overviewReady(const vitrine::ui::SharedOverview& picture);
    void blocksReady(const vitrine::ui::SharedBlockMap& map);
    void blockReady(const vitrine::ui::BlockDetails& details);
    void preemptionReady(const vitrine::ui::PreemptionDetails& details);
    void requestReady(const vitrine::ui::RequestDetails& details);
    void stepReady(const vitrine::ui::StepDetails& details);
    void metricsReady(const vitrine::ui::SharedMetrics& picture);
    void prefixesReady(const vitrine::ui::SharedPrefixes& picture);
    void blockLifeReady(const vitrine::ui::SharedBlockLife& picture);
    void stepsReady(const vitrine::ui::SharedSteps& picture);
    void latencyReady(const vitrine::ui::SharedLatency& picture);
    void adviceReady(const vitrine::ui::SharedAdvice& picture);
    void measured(const vitrine::ui::MeasuredChange& change);
    void traceReady(const vitrine::ui::SharedTrace& trace);

private:
    void start(SessionWorker* worker);
    template<class Value>
    void ask(std::optional<Value> SessionQuestions::*question, Value value);

    QThread m_thread;
    SessionWorker* m_worker = nullptr; // lives on m_thread
    RecordingSummary m_summary;
    FileRecording m_fileRecording;
    bool m_live = false;
};

} // namespace vitrine::ui
