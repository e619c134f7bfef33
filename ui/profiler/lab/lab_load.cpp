// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_load.h"

#include <algorithm>
#include <utility>

#include "ui/bridge/engine_text.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {
namespace {

LabLoad loadOf(engine::Workload items)
{
    LabLoad load;
    bool known = true;
    for (const engine::WorkloadItem& item : items) {
        load.seconds = std::max(load.seconds, item.arrivalSeconds);
        load.replyTokens += quint64(item.samples) * item.request.maxTokens;
        const auto* tokens = std::get_if<std::vector<engine::TokenId>>(&item.request.prompt);
        known = known && tokens != nullptr;
        load.promptTokens += tokens != nullptr ? tokens->size() : 0;
    }
    if (!known)
        load.promptTokens = 0;
    load.items = std::make_shared<const engine::Workload>(std::move(items));
    return load;
}

} // namespace

LabLoadMaker::LabLoadMaker(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

LabLoadMaker::~LabLoadMaker()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void LabLoadMaker::cancel()
{
    for (const QMetaObject::Connection& connection : std::as_const(m_connections))
        disconnect(connection);
    m_connections.clear();
    m_pool.clear();
    m_asked = 0;
}

void LabLoadMaker::invent(const engine::WorkloadKind& kind, const engine::WorkloadShape& shape, quint64 seed)
{
    cancel();
    m_asked = ++m_serial;
    start([&kind, shape, seed] { return loadOf(engine::makeWorkload(kind, shape, seed)); });
}

void LabLoadMaker::read(RecordingSession& session)
{
    cancel();
    m_asked = ++m_serial;
    m_connections << connect(
        &session, &RecordingSession::traceReady, this,
        [this, &session](const SharedTrace& trace) { take(trace, session.summary().model); });
    m_connections << connect(&session, &RecordingSession::openFailed, this, [this](const QString& why) {
        cancel();
        emit failed(EngineText::translated(why));
    });
    m_connections << connect(&session, &QObject::destroyed, this, &LabLoadMaker::cancel);
    session.askTrace();
}

void LabLoadMaker::take(const SharedTrace& trace, const QString& model)
{
    const quint64 asked = m_asked;
    cancel();
    m_asked = asked;
    start([trace, model] {
        engine::RecordedWorkload recorded = engine::workloadOf(trace->steps);
        LabLoad load = loadOf(std::exchange(recorded.items, {}));
        load.left = std::move(recorded);
        load.model = model;
        return load;
    });
}

void LabLoadMaker::start(std::function<LabLoad()> make)
{
    m_pool.start([this, asked = m_asked, make = std::move(make)] {
        const auto load = std::make_shared<LabLoad>(make());
        QMetaObject::invokeMethod(
            this,
            [this, asked, load] {
                if (asked != m_asked)
                    return;
                m_asked = 0;
                emit ready(*load);
            },
            Qt::QueuedConnection);
    });
}

} // namespace vitrine::ui
