// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/engine_worker.h"

#include <algorithm>
#include <exception>
#include <new>

#include <QThread>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/model_name.h"

namespace vitrine::ui {

namespace {

constexpr std::chrono::milliseconds kFrame{33}; // leaves the processor to the engine
constexpr std::chrono::milliseconds kStatusEvery{250};
constexpr std::chrono::milliseconds kWatchEvery(500); // whether a process has failed
constexpr qsizetype kMaxSteps = 4096;
constexpr quint32 kAdaptiveBudget = 2048; // tokens in a step at most, where step times choose
constexpr qint64 kSecondNs = 1'000'000'000;

/// REQUIRES: a model.
quint32 contextTokens(const engine::Engine& engine)
{
    const quint64 pool = engine.kvCache()->mostTokens();
    const quint32 context = engine.scheduler()->options().contextLength;
    return quint32(context == 0 ? std::min<quint64>(pool, UINT32_MAX) : std::min<quint64>(pool, context));
}

} // namespace

EngineWorker::EngineWorker(const engine::EngineOptions& options, TokenCounter& counter,
                           std::shared_ptr<RecordingFeed> feed)
    : m_loader(std::make_unique<ModelLoader>(options, m_commands)), m_counter(counter),
      m_feed(std::move(feed)), m_deterministic(options.executor.deterministic)
{}

EngineWorker::~EngineWorker() = default;

void EngineWorker::run()
{
    startEngine();
    while (handleCommands()) {
        advanceLab();
        if (m_engine->hasWork())
            work();
        followLoad();
        collectStatus();
        collectResidency();
        flush();
        if (mayRest())
            rest();
    }
    m_loader.reset();
    m_lab.reset();
    m_engine->subscribe({});
    m_engine.reset();
    thread()->quit();
}

void EngineWorker::startEngine()
{
    m_engine = std::make_unique<engine::Engine>();
    m_engine->subscribe([this](const engine::EngineEvent& event) { onEvent(event); });
    m_engine->record(&m_feed->recorder());
    modelChanged();
}

/// Whoever looks at the model's tokens looks at this one's.
void EngineWorker::modelChanged()
{
    m_replies.setModel(m_engine->sharedModel());
    m_counter.setEncoder(m_engine->sharedEncoder());
    m_residency.forgetSeen();
    tellSource();
}

/// To recordings.
void EngineWorker::tellSource()
{
    RecordingFeed::Source source{m_engine->sharedModel(), {}, {}, engine::factsOf(*m_engine)};
    if (source.model) {
        source.name = QString::fromStdString(displayName(*m_engine->model()));
        source.device = QString::fromStdString(m_engine->device());
        if (m_engine->threads() > 0)
            source.device += QStringLiteral(", %1 threads").arg(m_engine->threads());
    }
    m_feed->setSource(std::move(source));
}

bool EngineWorker::handleCommands()
{
    for (Command& command : m_commands.takeAll()) {
        std::visit([this](auto& known) { handle(known); }, command);
        if (m_quit)
            return false;
    }
    return true;
}

/// Nothing thrown inside the engine ends the program: the engine is replaced, the window stays alive.
void EngineWorker::guarded(const std::function<void()>& action)
{
    try {
        action();
    } catch (const std::bad_alloc&) {
        failEngine(EngineWorker::tr(
            "The engine ran out of memory and the model was unloaded. Open it again, or open a "
            "smaller one."));
    } catch (const std::exception& exception) {
        failEngine(
            EngineWorker::tr("The engine failed (%1) and the model was unloaded. Open the model again.")
                .arg(QString::fromUtf8(exception.what())));
    }
}

void EngineWorker::handle(GenerateCommand& command)
{
    engine::Result<std::vector<engine::RequestId>> result = engine::internalError(std::string());
    const engine::SamplingParams sampling = command.request.sampling;
    m_submitting = true;
    guarded([&] {
        result = m_engine->submitSamples(std::move(command.request), quint32(command.replies.size()));
    });
    m_submitting = false;
    for (qsizetype i = 0; i < command.replies.size(); ++i) {
        if (result.has_value())
            m_replies.opened(command.replies[i], (*result)[std::size_t(i)], sampling);
        else
            m_replies.refused(command.replies[i], EngineText::translated(result.error().message));
    }
    for (const engine::EngineEvent& event : std::exchange(m_early, {}))
        take(event);
}

void EngineWorker::handle(StopCommand& command)
{
    if (const auto request = m_replies.requestOf(command.reply))
        m_engine->cancel(*request);
}

void EngineWorker::handle(UnloadCommand&)
{
    abandonLab(EngineWorker::tr("The model was closed."));
    m_elastic.reset();
    guarded([this] { m_engine->unload(); });
    modelChanged();
    LoadEnd end;
    end.outcome = LoadEnd::Outcome::Gone;
    m_update.loadEnds.append(std::move(end));
}

void EngineWorker::handle(PrefetchCommand& command)
{
    guarded([&] { m_engine->prefetch(command.prompt, 0); });
}

void EngineWorker::handle(WatchCommand& command)
{
    m_residency.watch(command.replies);
}

void EngineWorker::handle(ForeseeCommand& command)
{
    PromptForecast forecast;
    guarded([&] {
        const engine::Result<engine::KvResidency> found = m_engine->foresee(command.request);
        if (found)
            forecast = {true, found->tokens, found->resident, m_engine->kvCache()->options().blockSize};
    });
    m_update.forecasts.append({command.id, forecast});
}

void EngineWorker::handle(ScheduleCommand& command)
{
    if (m_scheduling && m_scheduling->kvMebibytes != command.choice.kvMebibytes)
        m_kvChosen = false; // what is chosen last counts
    m_scheduling = command.choice;
    m_chosenInLab = m_lab != nullptr;
    if (!m_chosenInLab)
        applyScheduling();
}

void EngineWorker::applyScheduling()
{
    if (!m_engine->hasModel() || !m_scheduling)
        return;
    engine::SchedulerOptions options = m_engine->scheduler()->options();
    options.policy = m_scheduling->policy;
    options.itlTarget = m_scheduling->itlTarget;
    options.tokenBudget =
        m_scheduling->itlTarget > 0 ? kAdaptiveBudget : engine::SchedulerOptions().tokenBudget;
    VT_CHECK(m_engine->configure(options)); // the window offers only what makes sense
    guarded([this] { // an engine that fails is replaced by one without a model: nothing more then
        static_cast<void>(m_engine->setThreads(m_scheduling->threads));
        static_cast<void>(m_engine->setDeterministic(m_scheduling->deterministic));
        planForThreads(m_scheduling->threads);
        applyKvMemory();
    });
    tellSource();
}

/// Also while replies run. Never more than a part of what is free; where the system refuses, the pool stays
/// as it is, which the status bar tells.
void EngineWorker::applyKvMemory()
{
    constexpr quint32 kFewestBlocks = 16;
    constexpr double kShare = 0.8; // of what is free
    const quint32 now = m_engine->kvCache()->options().blocks;
    const quint64 blockBytes = std::max<quint64>(1, m_engine->model()->executor.kvBytes / std::max(now, 1U));
    quint64 wanted = m_loadedBlocks;
    if (m_scheduling->kvMebibytes > 0 && !m_kvChosen)
        wanted = std::max<quint64>(kFewestBlocks, (quint64(m_scheduling->kvMebibytes) << 20U) / blockBytes);
    if (const quint64 free = m_engine->freeKvBytes(); free != 0 && wanted > now)
        wanted = std::min(wanted, now + quint64(double(free) * kShare) / blockBytes);
    wanted = std::min<quint64>(wanted, engine::kMostKvBlocks);
    if (wanted != now)
        static_cast<void>(m_engine->resizeKv(quint32(wanted)));
}

void EngineWorker::handle(QuitCommand&)
{
    m_quit = true;
}

void EngineWorker::work()
{
    guarded([this] {
        if (!m_engine->step())
            m_commands.waitUntil(Clock::now() + kFrame); // work that cannot run yet: do not spin
    });
    collectSteps();
}

/// Sleeps until there is something to do. What is not told yet bounds the sleep, and what is to come.
void EngineWorker::rest()
{
    bool used = false; // a piece at a time, so that commands act at once
    guarded([&] { used = m_engine->useIdleTime(); });
    if (used)
        return collectSteps();
    Clock::time_point until = Clock::time_point::max();
    if (hasUpdate())
        until = m_nextFlush;
    else if (m_statusOpen)
        until = m_nextStatus;
    else if (m_residency.mayDiffer(*m_engine))
        until = m_nextResidency;
    else if (m_engine->hasToWatch())
        until = Clock::now() + kWatchEvery;
    until = labWakes(until);
    if (until < Clock::time_point::max())
        m_commands.waitUntil(until);
    else
        m_commands.wait();
}

void EngineWorker::onEvent(const engine::EngineEvent& event)
{
    if (m_submitting)
        m_early.push_back(event);
    else
        take(event);
}

void EngineWorker::take(const engine::EngineEvent& event)
{
    if (m_lab != nullptr && m_lab->take(event))
        return;
    m_replies.handle(event);
    if (const auto* finished = std::get_if<engine::RequestFinished>(&event))
        m_residency.ended(m_replies.replyOf(finished->request), finished->path);
}

/// An exception left the engine in an unknown state: a new one takes its place, without a model.
void EngineWorker::failEngine(const QString& why)
{
    m_droppedBefore += m_engine->stepRing().dropped();
    m_elastic.reset();
    abandonLab(why);
    startEngine();
    m_replies.failAll(why);
    LoadEnd end;
    end.outcome = LoadEnd::Outcome::Gone;
    end.error = why;
    m_update.loadEnds.append(std::move(end));
}

void EngineWorker::collectSteps()
{
    for (engine::RankRecovery& recovery : m_engine->takeRecoveries())
        m_update.recoveries.append(std::move(recovery));
    m_drained.clear();
    // With the window busy the ring fills and drops: memory stays bounded, the count tells.
    if (m_update.steps.size() < kMaxSteps)
        m_engine->stepRing().drain(m_drained);
    for (const engine::StepRecord& record : m_drained) {
        m_update.steps.append(record);
        if (m_elastic)
            m_elastic->take(record);
        if (m_lab != nullptr)
            m_lab->take(record);
        m_generated.push_back({record.endNs, record.decodeTokens});
    }
}

void EngineWorker::collectStatus()
{
    const qint64 horizon = engine::nowNs() - kSecondNs;
    while (!m_generated.empty() && m_generated.front().ns < horizon)
        m_generated.pop_front();

    EngineStatus status;
    for (const Generated& step : m_generated)
        status.tokensPerSecond += step.tokens;
    if (const engine::Scheduler* scheduler = m_engine->scheduler()) {
        status.running = scheduler->running();
        status.waiting = scheduler->waiting();
    }
    if (const engine::KvCache* cache = m_engine->kvCache()) {
        const engine::BlockUsage usage = cache->usageInBlocks();
        status.blocksInUse = usage.referenced;
        status.blocksCached = usage.cached;
        status.blocksTotal = usage.referenced + usage.cached + usage.free;
        status.contextTokens = contextTokens(*m_engine);
    }
    status.threads = m_engine->threads();
    status.device = QString::fromStdString(m_engine->device());
    if (status.running == 0)
        status.tokensPerSecond = 0;
    const bool counts = status.running != m_status.running || status.waiting != m_status.waiting ||
                        status.blocksTotal != m_status.blocksTotal || status.threads != m_status.threads ||
                        status.device != m_status.device;
    m_statusOpen = status != m_status;
    if (!m_statusOpen || (!counts && Clock::now() < m_nextStatus))
        return;
    m_nextStatus = Clock::now() + kStatusEvery;
    m_status = status;
    m_update.status = status;
    m_statusOpen = false;
}

/// Costs the engine a hundredth of its time at most, however many chats there are.
void EngineWorker::collectResidency()
{
    constexpr int kShare = 100;
    const auto now = Clock::now();
    if (now < m_nextResidency || !m_residency.mayDiffer(*m_engine))
        return;
    if (std::optional<QList<ReplyResidency>> found = m_residency.look(*m_engine, m_replies))
        m_update.residency = std::move(found);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - now);
    m_nextResidency = now + std::max(kStatusEvery, kShare * took);
}

bool EngineWorker::hasUpdate() const
{
    return m_replies.hasUpdates() || !m_update.steps.isEmpty() || m_update.status || m_update.load ||
           m_update.residency || !m_labUpdate.isEmpty() || !m_update.forecasts.isEmpty() ||
           !m_update.loadEnds.isEmpty() || !m_update.recoveries.isEmpty() ||
           !m_update.processesRefused.isEmpty() || !m_update.rankChanges.isEmpty();
}

void EngineWorker::flush()
{
    const auto now = Clock::now();
    if (now < m_nextFlush || !hasUpdate())
        return;
    m_nextFlush = now + kFrame;
    if (m_slot.full())
        return; // the window is busy: go on collecting
    m_update.replies = m_replies.take();
    m_update.droppedSteps = m_droppedBefore + m_engine->stepRing().dropped();
    m_slot.put({std::exchange(m_update, {}), std::exchange(m_labUpdate, {})});
    emit updateReady();
}

} // namespace vitrine::ui
