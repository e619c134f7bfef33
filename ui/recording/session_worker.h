// SPDX-License-Identifier: GPL-3.0-or-later
// The other side of a RecordingSession: holds the recording, follows the running engine or reads a file, and
// makes the pictures. Everything but inbox() on the session's thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QElapsedTimer>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include "engine/analysis/session.h"
#include "ui/recording/file_recorder.h"
#include "ui/recording/recording_feed.h"
#include "ui/recording/request_names.h"
#include "ui/recording/running_analyses.h"
#include "ui/recording/session_analyst.h"
#include "ui/recording/session_inbox.h"

namespace vitrine::ui {

class SessionWorker : public QObject
{
    Q_OBJECT

public:
    explicit SessionWorker(std::shared_ptr<RecordingFeed> feed) : m_feed(std::move(feed)) {}
    explicit SessionWorker(QString file) : m_file(std::move(file)) {}

    ~SessionWorker() override;

    SessionInbox& inbox() { return m_inbox; }

    void begin();
    void name(quint64 conversation, const QString& title, std::size_t hue);
    void label(engine::RequestId request, quint64 conversation, quint64 message);
    void startRecording(const QString& path);
    void stopRecording();
    void exportTo(const QString& path, const TimeRange& range);
    void saveText(const QString& path, const QString& text);
    void serve();

signals:
    void changed(const vitrine::ui::RecordingSummary& summary);
    void openFailed(const QString& reason);
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
    // From any thread:
    void metricsReady(const vitrine::ui::SharedMetrics& picture);
    void prefixesReady(const vitrine::ui::SharedPrefixes& picture);
    void blockLifeReady(const vitrine::ui::SharedBlockLife& picture);
    void stepsReady(const vitrine::ui::SharedSteps& picture);
    void latencyReady(const vitrine::ui::SharedLatency& picture);
    void adviceReady(const vitrine::ui::SharedAdvice& picture);
    void measured(const vitrine::ui::MeasuredChange& change);
    void traceReady(const vitrine::ui::SharedTrace& trace);

private:
    void readFile();
    void poll();
    bool pollNvtx();
    void startOver(const engine::RecordingStart& pool);
    void addWords(const std::vector<engine::RecordedStep>& steps, const engine::Model& model);
    void makeAnalyst();
    void tell();
    void tellFile();
    RecordingSummary summary() const;

    void findMetrics(const AnalysisQuery& query);
    SharedAnomalies anomalies() const;
    void tellAnomalies();
    void tellPreemption(const PreemptionQuery& query);
    void follow(std::vector<engine::RecordedStep> steps);

    std::shared_ptr<RecordingFeed> m_feed; // none: a file's
    QString m_file, m_damage;
    SessionInbox m_inbox;
    engine::Session m_session;
    RequestNames m_names;
    std::unique_ptr<SessionAnalyst> m_analyst; // from begin() on
    FileRecorder m_recorder{m_session};
    QThreadPool m_writing; // of exports
    QTimer* m_timer = nullptr;
    quint64 m_recording = 0; // of the recorder
    FileRecording m_told;
    quint64 m_preemptions = 0;
    RunningAnalyses m_running;
    std::optional<engine::KvFormat> m_kvFormat;
    quint64 m_anomaliesTold = 0; // AnomalyLog::changes()
    QElapsedTimer m_toldAnomalies;
};

} // namespace vitrine::ui
