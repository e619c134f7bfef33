// SPDX-License-Identifier: GPL-3.0-or-later
// What widgets talk to: calls that never wait, signals that carry values. No engine pointer leaves it.
//
// Thread: the window's. The destructor ends the engine thread; it takes one engine step at most, and what a
// load under way takes to notice.
#pragma once

#include <memory>
#include <optional>

#include <QList>
#include <QObject>
#include <QSet>
#include <QThread>

#include "engine/engine_options.h"
#include "ui/bridge/lab_job.h"
#include "ui/bridge/snapshots.h"
#include "ui/bridge/token_counter.h"

namespace vitrine::ui {

class EngineWorker;
class RecordingFeed;

class EngineBridge : public QObject
{
    Q_OBJECT

public:
    explicit EngineBridge(const engine::EngineOptions& options = {}, QObject* parent = nullptr);
    ~EngineBridge() override;

    /// Loads beside the running model, which goes on serving until the new one is ready. Supersedes a load
    /// under way.
    void loadModel(const QString& path, const LoadOptions& options = {});
    void cancelLoad();
    void unloadModel();
    /// Unloads, to be loaded again once somebody asks something: asleepModel() says which.
    void putToSleep();

    /// A person turns to this conversation: what host memory holds of its KV comes back to where it is
    /// needed.
    void prefetch(engine::Prompt prompt);
    /// Of these replies residencyChanged() tells from now on, those of before are forgotten.
    void watchResidency(const QList<ReplyId>& replies);
    /// What a prompt would cost if it was asked now; answered by one foreseen() with the number that is
    /// returned here.
    quint64 foresee(engine::GenerationRequest request);
    /// Takes effect with the next step, and for models that are loaded later.
    void setScheduling(const SchedulingChoice& choice);
    /// That share the model in use, from now on.
    void setProcesses(quint32 count);

    /// Runs load through the model beside what people ask; its requests are no replies. labProgress() and
    /// exactly one labEnded() with the number that is returned here follow. One at a time.
    quint64 runLab(LabJob job);
    /// Takes effect within one engine step; the settings from before are in force again with labEnded().
    void stopLab();

    /// Counts the tokens of a prompt off this thread; answered by one tokensCounted() with the number that is
    /// returned here. The model is the one that runs when the count begins.
    quint64 countTokens(engine::Prompt prompt);

    /// What the engine does from the program's start on, for a RecordingSession.
    std::shared_ptr<RecordingFeed> feed() const { return m_feed; }

    ReplyId newReplyId();
    void generate(ReplyId reply, engine::GenerationRequest request);
    /// Several replies to one prompt, which is computed once; each is a reply like any other. Those after the
    /// first find the whole prompt (ReplyStart::cachedTokens). Refused together.
    void generateSamples(const QList<ReplyId>& replies, engine::GenerationRequest request);
    /// Takes effect within one engine step; replyFinished with FinishReason::Cancelled follows.
    void stop(ReplyId reply);

    const std::optional<engine::ModelSummary>& model() const { return m_model; }
    /// Unloaded to give its memory back; nothing once any model is there again, or was closed for good.
    const std::optional<engine::ModelSummary>& asleepModel() const { return m_asleep; }
    /// The GPU that the model computes on; kNoGpu: the processor, or there is no model.
    qint32 gpu() const { return m_gpu; }
    bool isLoading() const { return m_loads > 0; }
    const LoadState& loadState() const { return m_load; }
    const EngineStatus& status() const { return m_status; }
    bool hasRunning() const { return !m_running.isEmpty() || m_labsUnderWay > 0; }
    bool isRunning(ReplyId reply) const { return m_running.contains(reply.value); }

signals:
    void loadStarted(const QString& path);
    void loadProgress(const vitrine::ui::LoadState& state);
    void loadCancelled(const QString& path);
    /// The model from before, if any, is still there.
    void loadFailed(const QString& path, const QString& error);
    void modelReady(const vitrine::engine::ModelSummary& summary);
    /// Behind modelReady(): the model computes on the processor, since the GPU that was asked for could not
    /// be used.
    void gpuFailed(const vitrine::engine::ModelSummary& summary, const QString& why);
    /// A process that computes with others failed and was replaced, or is no more; what runs goes on.
    void ranksRecovered(const vitrine::engine::RankRecovery& recovery);
    /// The number of processes that share the model followed the load, or could not.
    void ranksChanged(const vitrine::engine::RankChange& change);
    /// The model is shared by as many processes as before.
    void processesRefused(const QString& why);
    /// No model any more; `why` is empty when it was asked for.
    void modelGone(const QString& why);

    /// The engine knows it by this number, in recordings too.
    void replySubmitted(vitrine::ui::ReplyId reply, vitrine::engine::RequestId request);
    /// A few times a second while the reply waits to be admitted.
    void replyWaiting(vitrine::ui::ReplyId reply, const vitrine::ui::ReplyWait& wait);
    /// Its KV blocks went to other replies (true); it goes on by itself (false).
    void replyPaused(vitrine::ui::ReplyId reply, bool paused);
    void replyStarted(vitrine::ui::ReplyId reply, const vitrine::ui::ReplyStart& start);
    void prefillProgress(vitrine::ui::ReplyId reply, quint32 computed, quint32 promptTokens);
    /// At most once a frame and reply; `delta` is only what is new.
    void replyText(vitrine::ui::ReplyId reply, const QString& delta,
                   const vitrine::ui::ReplyFigures& figures);
    /// The tokens that replyText() brought, after it, in order: what a reply needs to be continued exactly
    /// (GenerationRequest::continuationTokens). `details` has one entry a token for requests with
    /// SamplingParams::logprobs > 0, else none.
    void replyTokens(vitrine::ui::ReplyId reply, const QList<qint32>& tokens,
                     const QList<vitrine::ui::TokenDetail>& details);
    /// Exactly once for each reply that was asked for.
    void replyFinished(vitrine::ui::ReplyId reply, const vitrine::ui::ReplyEnd& end);

    /// At most once a frame; `dropped` counts since the program started.
    void stepsRecorded(const QList<vitrine::engine::StepRecord>& steps, quint64 dropped);
    /// A few times a second at most; all that are watched.
    void residencyChanged(const QList<vitrine::ui::ReplyResidency>& replies);
    void foreseen(quint64 id, const vitrine::ui::PromptForecast& forecast);
    /// A few times a second at most.
    void labProgress(const vitrine::ui::LabProgress& progress);
    /// The engine knows these requests of a run by these numbers, in recordings too.
    void labSubmitted(quint64 run, const QList<vitrine::engine::RequestId>& requests);
    void labEnded(const vitrine::ui::LabEnd& end);
    void statusChanged(const vitrine::ui::EngineStatus& status);
    void tokensCounted(quint64 id, const vitrine::ui::TokenCount& count);

private:
    void takeUpdate();
    void apply(const ReplyUpdate& update);
    void apply(const LoadEnd& end);
    void apply(const LabUpdate& update);

    TokenCounter m_counter;
    std::shared_ptr<RecordingFeed> m_feed;
    QThread m_thread;
    EngineWorker* m_worker = nullptr; // lives on m_thread, deleted by its end
    QSet<quint64> m_running;
    quint64 m_lastReply = 0;
    quint64 m_lastCount = 0;
    quint64 m_lastForecast = 0;
    quint64 m_lastLab = 0;
    int m_labsUnderWay = 0; // asked for and not ended
    std::optional<engine::ModelSummary> m_model;
    std::optional<engine::ModelSummary> m_asleep;
    qint32 m_gpu = engine::kNoGpu;
    EngineStatus m_status;
    LoadState m_load;
    int m_loads = 0; // started and not ended
};

} // namespace vitrine::ui
