// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/run_figures.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>
#include <variant>

#include <xxhash.h>

#include "engine/analysis/step_moments.h"

namespace vitrine::engine {

namespace {

class Collector
{
public:
    void add(const RecordedStep& step)
    {
        if (step.isOpening())
            return;
        m_clock.enter(step);
        if (step.record.step != 0)
            count(step);
        for (const RecordedEvent& event : step.events)
            std::visit([this](const auto& value) { take(value); }, event);
    }

    RunFigures finish()
    {
        if (m_run.startNs == kNone)
            m_run.startNs = 0;
        m_run.endNs = std::max(m_run.endNs, m_run.startNs);
        m_run.seconds = secondsBetween(m_run.startNs, m_run.endNs);
        m_run.kvMean = m_run.busySeconds > 0.0 ? m_kvSeconds / m_run.busySeconds : 0.0;
        m_run.step = Samples(std::move(m_steps));
        m_run.batchTokens = Samples(std::move(m_tokens));
        m_run.batchRequests = Samples(std::move(m_rows));
        for (Open& request : m_open) {
            measure(request);
            m_run.requests.push_back(std::move(request.figures));
        }
        std::stable_sort(m_run.requests.begin(), m_run.requests.end(),
                         [](const auto& a, const auto& b) { return a.arrivalNs < b.arrivalNs; });
        collect();
        return std::move(m_run);
    }

private:
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

    struct Open
    {
        RequestFigures figures;
        bool arrived = false; ///< recorded
        std::int64_t admittedNs = kNone, firstNs = kNone, lastNs = kNone;
    };

    Open& of(RequestId request)
    {
        const auto [at, isNew] = m_places.try_emplace(request, m_open.size());
        if (isNew) {
            m_open.emplace_back();
            m_open.back().figures.request = request;
            m_open.back().figures.arrivalNs = m_clock.startNs();
        }
        return m_open[at->second];
    }

    void count(const RecordedStep& step)
    {
        const StepFigures& record = step.record;
        ++m_run.steps;
        m_run.startNs = std::min(m_run.startNs, m_clock.startNs());
        m_run.endNs = m_run.steps == 1 ? m_clock.landedNs() : std::max(m_run.endNs, m_clock.landedNs());
        m_run.busySeconds += m_clock.seconds();
        m_run.prefillTokens += record.prefillTokens;
        m_run.recomputedTokens += record.recomputedTokens;
        m_run.lookedUpTokens += record.lookedUpTokens;
        m_run.cachedTokens += record.cachedTokens;
        m_kvSeconds += poolShare(record.blocksReferenced, record) * m_clock.seconds();
        m_run.kvPeak = std::max(
            m_run.kvPeak,
            std::min(1.0, poolShare(std::max(record.blocksReferencedPeak, record.blocksReferenced), record)));
        m_steps.push_back(m_clock.seconds());
        m_tokens.push_back(static_cast<double>(record.prefillTokens) + record.decodeTokens);
        m_rows.push_back(static_cast<double>(step.rows.size()));
        for (const StepRow& row : step.rows)
            of(row.request);
    }

    void take(const RecordedArrival& arrival)
    {
        Open& request = of(arrival.request);
        request.arrived = true;
        request.figures.arrivalNs = arrival.timeNs;
        request.figures.promptTokens = arrival.promptTokens;
        if (!arrival.prompt.empty())
            request.figures.promptKey =
                XXH3_64bits(arrival.prompt.data(), arrival.prompt.size() * sizeof(TokenId)) | 1U;
        m_run.startNs = std::min(m_run.startNs, arrival.timeNs);
    }

    void take(const AdmissionEvent& admission)
    {
        Open& request = of(admission.request);
        if (admission.again || request.admittedNs != kNone)
            return;
        request.admittedNs = std::max(m_clock.startNs(), request.figures.arrivalNs);
        request.figures.cachedTokens = admission.cachedTokens;
        request.figures.lookedUp = true;
    }

    void take(const PreemptionEvent& preemption)
    {
        ++of(preemption.victim).figures.preemptions;
        ++m_run.preemptions;
        m_run.preemptionsBySwap += preemption.action == PreemptionAction::Swap ? 1 : 0;
    }

    void take(const RecordedToken& token)
    {
        Open& request = of(token.request);
        ++m_run.replyTokens;
        ++request.figures.replyTokens;
        if (request.firstNs == kNone)
            request.firstNs = m_clock.landedNs();
        else
            request.figures.between.push_back(secondsBetween(request.lastNs, m_clock.landedNs()));
        request.lastNs = m_clock.landedNs();
    }

    void take(const RecordedEnd& end)
    {
        RequestFigures& figures = of(end.request).figures;
        figures.endNs = std::max(end.timeNs, figures.arrivalNs);
        figures.reason = end.reason;
        const bool good = end.reason == FinishReason::Stop || end.reason == FinishReason::Length;
        ++(good ? m_run.finished : end.reason == FinishReason::Cancelled ? m_run.cancelled : m_run.failed);
    }

    static void measure(Open& open)
    {
        RequestFigures& figures = open.figures;
        const auto span = [](std::int64_t from, std::int64_t to) -> std::optional<double> {
            return from == kNone || to == kNone ? std::nullopt : std::optional(secondsBetween(from, to));
        };
        const std::int64_t arrival = open.arrived ? figures.arrivalNs : kNone;
        figures.queue = span(arrival, open.admittedNs);
        figures.prefill = span(open.admittedNs, open.firstNs);
        figures.firstToken = span(arrival, open.firstNs);
        if (!figures.between.empty() && (open.arrived || open.admittedNs != kNone))
            figures.decode = span(open.firstNs, open.lastNs);
        if (figures.reason != FinishReason::None)
            figures.total = span(arrival, figures.endNs);
    }

    void collect()
    {
        std::vector<double> first, between, queue, prefill, decode, total;
        const auto put = [](std::vector<double>& list, const std::optional<double>& value) {
            if (value)
                list.push_back(*value);
        };
        for (const RequestFigures& request : m_run.requests) {
            put(first, request.firstToken);
            put(queue, request.queue);
            put(prefill, request.prefill);
            put(decode, request.decode);
            put(total, request.total);
            between.insert(between.end(), request.between.begin(), request.between.end());
        }
        m_run.firstToken = Samples(std::move(first));
        m_run.between = Samples(std::move(between));
        m_run.queue = Samples(std::move(queue));
        m_run.prefill = Samples(std::move(prefill));
        m_run.decode = Samples(std::move(decode));
        m_run.total = Samples(std::move(total));
    }

    static RunFigures emptyRun()
    {
        RunFigures run;
        run.startNs = kNone;
        return run;
    }

    RunFigures m_run = emptyRun();
    StepMoments m_clock;
    std::vector<Open> m_open; // in order of appearance
    std::unordered_map<RequestId, std::size_t> m_places;
    std::vector<double> m_steps, m_tokens, m_rows;
    double m_kvSeconds = 0.0;
};

} // namespace

RunFigures runFigures(std::span<const RecordedStep> steps)
{
    Collector collector;
    for (const RecordedStep& step : steps)
        collector.add(step);
    return collector.finish();
}

} // namespace vitrine::engine
