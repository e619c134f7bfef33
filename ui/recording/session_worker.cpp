// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/session_worker.h"

#include <chrono>
#include <ostream>
#include <utility>

#include "engine/base/clock.h"
#include "engine/trace/trace_export.h"
#include "engine/trace/trace_reader.h"
#include "engine/trace/whole_file.h"
#include "ui/recording/block_map_maker.h"
#include "ui/recording/details_maker.h"
#include "ui/recording/timeline_maker.h"

namespace vitrine::ui {

namespace {

constexpr int kPollMs = 100;

qint64 unixNow()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Empty, or why not.
QString writeRecording(const engine::Trace& trace, const QString& path, const engine::TraceRange& range)
{
    const engine::Result<void> written =
        engine::exportTrace(engine::Timeline(trace), path.toStdString(), range);
    return written ? QString() : QString::fromStdString(written.error().message);
}

} // namespace

void SessionWorker::begin()
{
    makeAnalyst();
    if (!m_feed) {
        readFile();
        return;
    }
    m_session.begin({});
    if (engine::TracedRanges* const nvtx = m_feed->nvtx())
        nvtx->start();
    m_timer = new QTimer(this);
    connect(m_timer, &QTimer::timeout, this, &SessionWorker::poll);
    m_timer->start(kPollMs);
}

/// On the session's thread.
SessionWorker::~SessionWorker()
{
    if (m_feed && m_feed->nvtx() != nullptr)
        m_feed->nvtx()->stop();
}

/// Here, so that it lives on this thread.
void SessionWorker::makeAnalyst()
{
    m_analyst = std::make_unique<SessionAnalyst>(m_session, m_names);
    connect(m_analyst.get(), &SessionAnalyst::latencyReady, this, &SessionWorker::latencyReady);
    connect(m_analyst.get(), &SessionAnalyst::adviceReady, this, &SessionWorker::adviceReady);
    connect(m_analyst.get(), &SessionAnalyst::measured, this, &SessionWorker::measured);
    connect(m_analyst.get(), &SessionAnalyst::prefixesReady, this, &SessionWorker::prefixesReady);
    connect(m_analyst.get(), &SessionAnalyst::blockLifeReady, this, &SessionWorker::blockLifeReady);
    connect(m_analyst.get(), &SessionAnalyst::stepsReady, this, &SessionWorker::stepsReady);
    connect(m_analyst.get(), &SessionAnalyst::metricsReady, this, &SessionWorker::metricsReady);
}

void SessionWorker::readFile()
{
    engine::Result<engine::Trace> trace = engine::readTrace(m_file.toStdString());
    if (!trace) {
        emit openFailed(QString::fromStdString(trace.error().message));
        return;
    }
    m_damage = QString::fromStdString(trace->damage);
    m_running = RunningAnalyses(trace->origin.pool, trace->origin.model);
    m_running.add(trace->steps);
    m_session = engine::Session::of(std::move(*trace));
    m_running.forgetBefore(m_session.range().startNs);
    for (const engine::RecordedStep& step : m_session.steps())
        m_preemptions += step.record.preemptions;
    tell();
    tellAnomalies();
    serve(); // what was asked while it was read
}

void SessionWorker::poll()
{
    engine::Recorder::Taken taken = m_feed->recorder().takeAll();
    const bool another = taken.recording != std::exchange(m_recording, taken.recording);
    if (another)
        startOver(taken.start);
    const bool told = pollNvtx();
    if (taken.steps.empty()) {
        if (another || told)
            tell();
        tellFile();
        tellAnomalies();
        return;
    }
    const RecordingFeed::Source source = m_feed->source();
    m_session.describe(source.name.toStdString(), source.device.toStdString());
    m_analyst->setFacts(source.facts);
    m_kvFormat = source.facts.kvFormat;
    m_running.setModel(source.name.toStdString());
    if (source.model)
        addWords(taken.steps, *source.model);
    for (const engine::RecordedStep& step : taken.steps)
        m_preemptions += step.record.preemptions;
    m_session.setLost(m_feed->recorder().dropped());
    m_recorder.add(taken.steps);
    follow(std::move(taken.steps));
    tell();
    tellFile();
    tellAnomalies();
}

/// True when something came.
bool SessionWorker::pollNvtx()
{
    engine::TracedRanges* const capture = m_feed->nvtx();
    if (capture == nullptr)
        return false;
    std::vector<engine::NvtxEvent> events = capture->take();
    engine::NvtxLanes& nvtx = m_session.nvtx();
    nvtx.setLost(capture->dropped());
    if (events.empty())
        return false;
    for (const auto& [thread, name] : capture->threads())
        nvtx.nameThread(thread, name);
    m_recorder.addNvtx(events, capture->names());
    nvtx.add(std::move(events), capture->names());
    return true;
}

/// A recording is of one model and its pool.
void SessionWorker::startOver(const engine::RecordingStart& pool)
{
    stopRecording();
    engine::TraceOrigin origin;
    origin.pool = pool;
    origin.program = "Vitrine";
    origin.unixNs = unixNow();
    origin.steadyNs = engine::nowNs();
    m_session.begin(origin);
    m_preemptions = 0;
    m_running = RunningAnalyses(pool, {});
    m_anomaliesTold = quint64(-1); // none is news too
}

void SessionWorker::addWords(const std::vector<engine::RecordedStep>& steps, const engine::Model& model)
{
    const auto add = [&](engine::TokenId token) {
        if (!m_session.vocabulary().contains(token))
            m_session.addWord(token, std::string(model.tokenizer().bytes(token)));
    };
    for (const engine::RecordedStep& step : steps) {
        for (const engine::RecordedEvent& event : step.events) {
            if (const auto* said = std::get_if<engine::RecordedToken>(&event))
                add(said->token);
            else if (const auto* arrival = std::get_if<engine::RecordedArrival>(&event))
                for (const engine::TokenId token : arrival->prompt)
                    add(token);
        }
    }
}

void SessionWorker::name(quint64 conversation, const QString& title, std::size_t hue)
{
    if (!m_names.set(conversation, title, hue))
        return;
    for (const auto& [request, label] : std::map(m_session.labels())) // they go into files as they are now
        if (label.conversation == conversation)
            m_session.label(request, {title.toStdString(), conversation, label.message});
}

void SessionWorker::label(engine::RequestId request, quint64 conversation, quint64 message)
{
    if (m_feed)
        poll(); // of a model that was loaded just now: what it is recorded into has begun
    const engine::TraceLabel label{m_names.titleOf(conversation).toStdString(), conversation, message};
    m_session.label(request, label);
    m_recorder.label(request, label);
}

void SessionWorker::startRecording(const QString& path)
{
    m_recorder.start(path);
    emit fileRecordingChanged(m_recorder.state());
}

void SessionWorker::stopRecording()
{
    if (!m_recorder.isRunning())
        return;
    m_recorder.finish();
    emit fileRecordingChanged(m_recorder.state());
}

void SessionWorker::tellFile()
{
    m_recorder.tick();
    const FileRecording& state = m_recorder.state();
    if (state.bytes != m_told.bytes || state.active != m_told.active)
        emit fileRecordingChanged(state);
    m_told = state;
}

/// Writing takes as long as it takes: beside the pictures, from a copy. A part that is a recording again has
/// a beginning of its own; in other formats a part is what lies in the range.
void SessionWorker::exportTo(const QString& path, const TimeRange& range)
{
    const auto [first, last] =
        range.isEmpty() ? std::pair(std::size_t{0}, m_session.steps().size()) : m_session.stepsIn(range);
    const bool again = path.endsWith(QStringLiteral(".vtrace"));
    engine::Trace cut = m_session.cut(again ? first : 0, last);
    cut.nvtx = range.isEmpty() ? m_session.nvtx().all() : m_session.nvtx().eventsIn(range);
    const auto trace = std::make_shared<const engine::Trace>(std::move(cut));
    engine::TraceRange within;
    if (!again && !range.isEmpty())
        within = {range.startNs, range.endNs};
    m_writing.start(
        [this, trace, path, within] { emit exported(path, writeRecording(*trace, path, within)); });
}

void SessionWorker::saveText(const QString& path, const QString& text)
{
    m_writing.start([this, path, text] {
        const engine::Result<void> written = engine::writeWholeStream(
            path.toStdString(), [&](std::ostream& out) { out << text.toStdString(); });
        emit exported(path, written ? QString() : QString::fromStdString(written.error().message));
    });
}

RecordingSummary SessionWorker::summary() const
{
    const engine::TraceOrigin& origin = m_session.origin();
    RecordingSummary summary;
    summary.range = m_session.range();
    summary.steps = m_session.steps().size();
    summary.dropped = m_session.dropped();
    summary.requests = qsizetype(m_session.lives().size());
    summary.preemptions = qsizetype(m_preemptions);
    summary.model = QString::fromStdString(origin.model);
    summary.device = QString::fromStdString(origin.device);
    summary.program = QString::fromStdString(origin.program);
    if (origin.unixNs != 0)
        summary.unixNs = engine::saneNs(engine::saneNs(origin.unixNs) - engine::saneNs(origin.steadyNs)) +
                         summary.range.startNs;
    summary.blocks = origin.pool.blocks;
    summary.blockSize = origin.pool.blockSize;
    summary.nvtxEvents = m_session.nvtx().size();
    summary.nvtxDropped = m_session.nvtx().dropped();
    if (m_feed)
        summary.nvtxProblem = m_feed->nvtxProblem();
    if (m_feed && m_feed->nvtx() != nullptr)
        summary.gpuProblem = QString::fromStdString(m_feed->nvtx()->note());
    summary.file = m_file;
    summary.damage = m_damage;
    summary.live = m_feed != nullptr;
    return summary;
}

void SessionWorker::tell()
{
    emit changed(summary());
}

void SessionWorker::serve()
{
    const SessionQuestions asked = m_inbox.take();
    if (asked.timeline)
        emit timelineReady(
            std::make_shared<const TimelinePicture>(timelineOf(m_session, m_names, *asked.timeline)));
    if (asked.overview)
        emit overviewReady(std::make_shared<const OverviewPicture>(overviewOf(m_session, *asked.overview)));
    if (asked.blocks)
        emit blocksReady(std::make_shared<const BlockMap>(blockMapAt(m_session, m_names, *asked.blocks)));
    if (asked.block)
        emit blockReady(blockAt(m_session, m_names, asked.block->first, asked.block->second));
    if (asked.preemption)
        tellPreemption(*asked.preemption);
    if (asked.request)
        emit requestReady(requestOf(m_session, m_names, *asked.request));
    if (asked.step)
        emit stepReady(stepAt(m_session, m_names, *asked.step));
    if (asked.stepNumber)
        emit stepReady(stepAt(m_session, m_names, timeOf(m_session, *asked.stepNumber)));
    if (asked.prefixes)
        m_analyst->prefixes(*asked.prefixes);
    if (asked.blockLife)
        m_analyst->blockLife(*asked.blockLife);
    if (asked.steps)
        m_analyst->steps(*asked.steps);
    if (asked.metrics)
        findMetrics(*asked.metrics);
    if (asked.anomalies)
        emit anomaliesReady(anomalies());
    if (asked.latency)
        m_analyst->latency(*asked.latency);
    if (asked.advice)
        m_analyst->advice(*asked.advice);
    if (asked.measure)
        m_analyst->measure(*asked.measure);
    if (asked.trace)
        emit traceReady(m_analyst->trace());
}

} // namespace vitrine::ui
