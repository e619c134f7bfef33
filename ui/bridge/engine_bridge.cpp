// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/engine_bridge.h"

#include "ui/bridge/engine_text.h"
#include "ui/bridge/engine_worker.h"
#include "ui/bridge/model_name.h"

namespace vitrine::ui {

namespace {

void registerSnapshots()
{
    qRegisterMetaType<ReplyId>();
    qRegisterMetaType<ReplyStart>();
    qRegisterMetaType<ReplyFigures>();
    qRegisterMetaType<ReplyEnd>();
    qRegisterMetaType<EngineStatus>();
    qRegisterMetaType<LoadState>();
    qRegisterMetaType<engine::ModelSummary>();
    qRegisterMetaType<QList<engine::StepRecord>>();
    qRegisterMetaType<QList<TokenDetail>>();
    qRegisterMetaType<TokenCount>();
    qRegisterMetaType<QList<ReplyResidency>>();
    qRegisterMetaType<PromptForecast>();
    qRegisterMetaType<LabProgress>();
    qRegisterMetaType<LabEnd>();
}

} // namespace

EngineBridge::EngineBridge(const engine::EngineOptions& options, QObject* parent)
    : QObject(parent), m_feed(std::make_shared<RecordingFeed>()),
      m_worker(new EngineWorker(options, m_counter, m_feed))
{
    registerSnapshots();
    m_thread.setObjectName("engine");
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::started, m_worker, &EngineWorker::run);
    connect(m_worker, &EngineWorker::updateReady, this, &EngineBridge::takeUpdate, Qt::QueuedConnection);
    connect(&m_counter, &TokenCounter::counted, this, &EngineBridge::tokensCounted);
    m_thread.start();
}

EngineBridge::~EngineBridge()
{
    m_worker->cancelLoad();
    m_worker->post(QuitCommand{});
    m_thread.quit();
    m_thread.wait();
    delete m_worker; // its thread has ended
}

void EngineBridge::loadModel(const QString& path, const LoadOptions& options)
{
    ++m_loads;
    m_load = LoadState{path, engine::LoadStage::OpeningFile, 0};
    emit loadStarted(path);
    m_worker->loadModel(path.toStdString(), options);
}

void EngineBridge::cancelLoad()
{
    m_worker->cancelLoad();
}

void EngineBridge::putToSleep()
{
    m_asleep = m_model;
    m_worker->post(UnloadCommand{});
}

void EngineBridge::unloadModel()
{
    const bool waking = m_asleep && isLoading() && m_load.path == QString::fromStdString(m_asleep->path);
    m_asleep.reset();
    if (waking)
        cancelLoad();
    m_worker->post(UnloadCommand{});
}

void EngineBridge::prefetch(engine::Prompt prompt)
{
    m_worker->post(PrefetchCommand{std::move(prompt)});
}

void EngineBridge::watchResidency(const QList<ReplyId>& replies)
{
    m_worker->post(WatchCommand{replies});
}

quint64 EngineBridge::foresee(engine::GenerationRequest request)
{
    m_worker->post(ForeseeCommand{++m_lastForecast, std::move(request)});
    return m_lastForecast;
}

void EngineBridge::setScheduling(const SchedulingChoice& choice)
{
    m_worker->post(ScheduleCommand{choice});
}

void EngineBridge::setProcesses(quint32 count)
{
    m_worker->post(ProcessesCommand{count});
}

quint64 EngineBridge::runLab(LabJob job)
{
    job.run = ++m_lastLab;
    ++m_labsUnderWay;
    m_worker->post(LabCommand{std::move(job)});
    return m_lastLab;
}

void EngineBridge::stopLab()
{
    m_worker->post(StopLabCommand{});
}

quint64 EngineBridge::countTokens(engine::Prompt prompt)
{
    m_counter.count(++m_lastCount, std::move(prompt));
    return m_lastCount;
}

ReplyId EngineBridge::newReplyId()
{
    return ReplyId{++m_lastReply};
}

void EngineBridge::generate(ReplyId reply, engine::GenerationRequest request)
{
    generateSamples({reply}, std::move(request));
}

void EngineBridge::generateSamples(const QList<ReplyId>& replies, engine::GenerationRequest request)
{
    if (replies.isEmpty())
        return;
    for (const ReplyId reply : replies)
        m_running.insert(reply.value);
    m_worker->post(GenerateCommand{replies, std::move(request)});
}

void EngineBridge::stop(ReplyId reply)
{
    m_worker->post(StopCommand{reply});
}

void EngineBridge::takeUpdate()
{
    const std::optional<FrameUpdate> frame = m_worker->takeUpdate();
    if (!frame)
        return;
    const EngineUpdate* const update = &frame->engine;
    for (const ReplyUpdate& reply : update->replies)
        apply(reply);
    if (!update->steps.isEmpty())
        emit stepsRecorded(update->steps, update->droppedSteps);
    for (const engine::RankRecovery& recovery : update->recoveries)
        emit ranksRecovered(recovery);
    for (const engine::RankChange& change : update->rankChanges)
        emit ranksChanged(change);
    if (!update->processesRefused.isEmpty())
        emit processesRefused(EngineText::translated(update->processesRefused));
    if (update->residency)
        emit residencyChanged(*update->residency);
    for (const auto& [id, forecast] : update->forecasts)
        emit foreseen(id, forecast);
    apply(frame->lab);
    if (update->load && isLoading() && update->load->path == m_load.path) {
        m_load = *update->load;
        emit loadProgress(m_load);
    }
    for (const LoadEnd& end : update->loadEnds)
        apply(end);
    if (update->status) {
        m_status = *update->status;
        emit statusChanged(m_status);
    }
}

void EngineBridge::apply(const LabUpdate& update)
{
    for (const LabSubmitted& submitted : update.submitted)
        emit labSubmitted(submitted.run, submitted.requests);
    if (update.progress)
        emit labProgress(*update.progress);
    for (const LabEnd& end : update.ends) {
        --m_labsUnderWay;
        emit labEnded(end);
    }
}

void EngineBridge::apply(const ReplyUpdate& update)
{
    if (update.request)
        emit replySubmitted(update.reply, *update.request);
    if (update.waiting)
        emit replyWaiting(update.reply, *update.waiting);
    if (update.paused)
        emit replyPaused(update.reply, *update.paused);
    if (update.started)
        emit replyStarted(update.reply, *update.started);
    if (update.prefilled)
        emit prefillProgress(update.reply, *update.prefilled, update.promptTokens);
    if (!update.text.isEmpty() || update.figures.tokens > 0)
        emit replyText(update.reply, update.text, update.figures);
    if (!update.tokens.isEmpty())
        emit replyTokens(update.reply, update.tokens, update.details);
    if (update.ended) {
        m_running.remove(update.reply.value);
        emit replyFinished(update.reply, *update.ended);
    }
}

void EngineBridge::apply(const LoadEnd& end)
{
    switch (end.outcome) {
    case LoadEnd::Outcome::Ready:
        --m_loads;
        m_asleep.reset();
        m_model = end.summary;
        m_model->name = displayName(*m_model);
        m_gpu = end.gpu;
        emit modelReady(*m_model);
        if (!end.gpuProblem.isEmpty() && m_model)
            emit gpuFailed(*m_model, end.gpuProblem);
        break;
    case LoadEnd::Outcome::Failed:
        --m_loads;
        emit loadFailed(end.path, end.error);
        break;
    case LoadEnd::Outcome::Cancelled:
        --m_loads;
        emit loadCancelled(end.path);
        break;
    case LoadEnd::Outcome::Gone:
        m_model.reset();
        m_gpu = engine::kNoGpu;
        if (!end.error.isEmpty())
            m_asleep.reset();
        emit modelGone(end.error);
        break;
    }
}

} // namespace vitrine::ui
