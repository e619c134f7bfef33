// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/trace_csv.h"

#include "app/cli/replay_load.h"
#include "engine/trace/csv_export.h"

namespace vitrine::cli {

engine::Result<TraceCsv> TraceCsv::open(const std::string& path)
{
    TraceCsv trace;
    trace.m_path = path;
    trace.m_steps.open(path);
    trace.m_requests.open(engine::requestTableOf(path));
    engine::writeStepHeader(trace.m_steps);
    engine::writeRequestHeader(trace.m_requests);
    if (!trace.m_steps || !trace.m_requests)
        return engine::outOfResources("cannot write the trace to \"" + path + "\"");
    return trace;
}

void TraceCsv::add(const engine::StepFigures& step)
{
    if (m_startNs == 0)
        m_startNs = step.startNs;
    engine::writeStepLine(m_steps, step, m_startNs);
}

void TraceCsv::add(const engine::WorkloadOutcome& outcome)
{
    const engine::RequestTimes& times = outcome.stats.times;
    const auto since = [&](std::int64_t ns) {
        const auto passed = static_cast<double>(ns - times.arrivalNs) * 1e-9;
        return ns == 0 ? std::nullopt : std::optional(outcome.lateness + passed);
    };
    engine::CsvRequest line;
    line.id = plainId(*outcome.item);
    line.sample = outcome.sample;
    line.client = outcome.item->request.client;
    line.promptTokens = outcome.stats.promptTokens;
    line.cachedTokens = outcome.stats.cachedTokens;
    line.preemptions = outcome.stats.preemptions;
    line.tokens = outcome.tokens.size();
    line.reason = outcome.reason;
    line.arrival = outcome.item->arrivalSeconds;
    line.queue = since(times.admittedNs);
    line.firstToken = since(times.firstTokenNs);
    line.endToEnd = since(times.finishedNs);
    engine::writeRequestLine(m_requests, line);
}

engine::Result<void> TraceCsv::close()
{
    m_steps.close();
    m_requests.close();
    if (!m_steps || !m_requests)
        return engine::outOfResources("the trace \"" + m_path + "\" could not be written whole");
    return {};
}

} // namespace vitrine::cli
