// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/replicas/replica.h"

#include <utility>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

/// The engine had taken the request and could not carry it out.
bool isFailure(const RequestFinished* last)
{
    return last != nullptr && last->reason == FinishReason::Error && last->stats.times.arrivalNs != 0;
}

} // namespace

Replica::Replica(std::uint32_t number, PreparedModel prepared, ReplicaOutbox& outbox)
    : m_number(number), m_outbox(outbox),
      m_thread([this, model = std::move(prepared)]() mutable { run(std::move(model)); })
{}

Replica::~Replica()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void Replica::submit(RequestId first, GenerationRequest request, std::uint32_t samples)
{
    post(Submission{first, std::move(request), samples});
}

void Replica::cancel(RequestId id)
{
    post(id);
}

void Replica::post(Command command)
{
    {
        const std::lock_guard lock(m_mutex);
        m_commands.push_back(std::move(command));
    }
    m_wake.notify_one();
}

void Replica::run(PreparedModel prepared)
{
    m_engine.subscribe([this](const EngineEvent& event) { hear(event); });
    m_engine.install(std::move(prepared));
    while (takeCommands()) {
        step();
        tell();
    }
    m_engine.subscribe({});
    m_engine.unload(); // on the thread that it belongs to
}

bool Replica::takeCommands()
{
    std::vector<Command> commands;
    {
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [this] { return m_stop || !m_commands.empty() || m_engine.hasWork(); });
        if (m_stop)
            return false;
        commands.swap(m_commands);
    }
    for (Command& command : commands)
        std::visit([this](auto& known) { carryOut(std::move(known)); }, command);
    return true;
}

void Replica::carryOut(Submission submission)
{
    const Result<std::vector<RequestId>> ids =
        m_engine.submitSamples(std::move(submission.request), submission.samples);
    for (std::uint32_t i = 0; i < submission.samples; ++i) {
        const RequestId outside{submission.first.value + i};
        if (!ids) {
            refuse(outside, ids.error().message);
            continue;
        }
        m_outside.emplace((*ids)[i], outside);
        m_inside.emplace(outside, (*ids)[i]);
    }
}

void Replica::carryOut(RequestId cancelled)
{
    if (const auto known = m_inside.find(cancelled); known != m_inside.end())
        m_engine.cancel(known->second);
}

void Replica::step()
{
    const bool stepped = m_engine.step();
    m_steps.clear();
    m_engine.stepRing().drain(m_steps);
    m_news.steps.assign(m_steps.begin(), m_steps.end());
    m_news.recoveries = m_engine.takeRecoveries();
    m_news.failed = m_news.failed && m_news.recoveries.empty(); // it goes on, whoever could not begin anew
    if (!stepped && m_engine.hasWork())
        giveUp("the scheduler of replica " + std::to_string(m_number) +
               " plans nothing although requests wait");
}

void Replica::hear(EngineEvent event)
{
    const auto rename = [this](auto& known) {
        const auto id = m_outside.find(known.request);
        VT_CHECK(id != m_outside.end());
        known.request = id->second;
    };
    const auto* last = std::get_if<RequestFinished>(&event);
    const RequestId inside = last != nullptr ? last->request : RequestId{};
    std::visit(rename, event);
    if (last != nullptr) {
        m_inside.erase(last->request);
        m_outside.erase(inside);
    }
    m_news.failed = m_news.failed || isFailure(last);
    m_news.events.push_back(std::move(event));
}

/// Its requests end with the reason; others are refused from then on, since there is no model.
void Replica::giveUp(const std::string& reason)
{
    m_news.failed = true;
    m_engine.subscribe({});
    m_engine.unload();
    for (const auto& [outside, inside] : m_inside)
        refuse(outside, reason);
    m_inside.clear();
    m_outside.clear();
}

void Replica::refuse(RequestId id, const std::string& reason)
{
    m_news.events.emplace_back(RequestFinished{id, {}, FinishReason::Error, reason, {}});
}

void Replica::tell()
{
    if (m_news.events.empty() && m_news.steps.empty() && m_news.recoveries.empty())
        return;
    m_news.replica = m_number;
    m_news.errors = m_engine.predictionErrors();
    m_outbox.put(std::exchange(m_news, {}));
}

} // namespace vitrine::engine
