// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/recording_view.h"

#include <algorithm>
#include <set>
#include <unordered_set>
#include <variant>

namespace vitrine::engine {
namespace {

constexpr double kReservedShare = 0.01;      // of the pool, that the scheduler keeps for those who run
constexpr std::uint32_t kReservedEach = 2;   // blocks, likewise, a running request
constexpr std::size_t kBudgetsOfATarget = 4; // different ones: nobody changes a setting so often

} // namespace

/// Who waits, who reads its prompt, and how much room they need.
struct RecordingView::Waiting
{
    explicit Waiting(std::span<const RecordedStep> steps)
    {
        for (const RecordedStep& step : steps)
            for (const RecordedEvent& event : step.events)
                if (const auto* admission = std::get_if<AdmissionEvent>(&event))
                    cached.try_emplace(admission->request, admission->cachedTokens);
    }

    void take(const RecordedStep& step)
    {
        for (const RecordedEvent& event : step.events) {
            if (const auto* arrival = std::get_if<RecordedArrival>(&event)) {
                waiting.insert(arrival->request);
                tokens[arrival->request] = arrival->promptTokens;
            } else if (const auto* admission = std::get_if<AdmissionEvent>(&event)) {
                waiting.erase(admission->request);
                reading.insert(admission->request);
            } else if (const auto* preemption = std::get_if<PreemptionEvent>(&event)) {
                waiting.insert(preemption->victim);
                reading.erase(preemption->victim);
                cached.erase(preemption->victim);
            } else if (const auto* token = std::get_if<RecordedToken>(&event)) {
                waiting.erase(token->request);
                reading.erase(token->request);
                ++tokens[token->request];
            } else if (const auto* end = std::get_if<RecordedEnd>(&event)) {
                waiting.erase(end->request);
                reading.erase(end->request);
                tokens.erase(end->request);
                cached.erase(end->request);
            }
        }
    }

    /// Blocks that the first in the queue would take.
    std::uint64_t firstNeeds(std::uint32_t blockSize) const
    {
        if (waiting.empty() || blockSize == 0)
            return 0;
        const auto known = tokens.find(*waiting.begin());
        const auto found = cached.find(*waiting.begin());
        const std::uint64_t all = known == tokens.end() ? 0 : known->second;
        const std::uint64_t shared = found == cached.end() ? 0 : found->second;
        return (all - std::min(all, shared)) / blockSize + 1;
    }

    std::set<RequestId> waiting;
    std::unordered_set<RequestId> reading;
    std::unordered_map<RequestId, std::uint32_t> tokens; ///< known ones
    std::unordered_map<RequestId, std::uint32_t> cached; ///< that it finds when it is admitted
};

RecordingView::RecordingView(std::span<const RecordedStep> recorded, const RecordingStart& pool,
                             const AnalysisFacts& facts)
    : m_recorded(recorded), m_pool(pool), m_facts(facts), m_metrics(measureRun(recorded))
{
    walk();
    price();
    closeGaps();
    summarise();
}

std::uint32_t RecordingView::promptTokens(RequestId request) const
{
    const auto found = m_prompts.find(request);
    return found == m_prompts.end() ? 0 : found->second;
}

void RecordingView::walk()
{
    StepClock clock;
    Waiting waiting(m_recorded);
    for (const RecordedStep& step : m_recorded) {
        waiting.take(step);
        std::uint32_t arrived = 0;
        ViewedStep view;
        view.step = &step;
        if (step.record.step != 0)
            view.times = clock.next(step);
        for (const RecordedEvent& event : step.events)
            if (const auto* arrival = std::get_if<RecordedArrival>(&event)) {
                m_prompts[arrival->request] = arrival->promptTokens;
                arrived += soundTime(arrival->timeNs) > view.times.plannedNs ? 1 : 0;
            }
        if (step.record.step == 0)
            continue;
        const StepFigures& record = step.record;
        view.load = loadOf(step);
        view.passedOver = record.waiting - std::min(record.waiting, arrived);
        view.reading = static_cast<std::uint32_t>(waiting.reading.size());
        const double reserve = kReservedShare * record.blocksTotal() + double(kReservedEach) * record.running;
        view.lacksRoom =
            view.passedOver > 0 && static_cast<double>(waiting.firstNeeds(m_pool.blockSize)) + reserve >
                                       static_cast<double>(record.blocksFree) + record.blocksCached;
        takeFigures(view);
        m_steps.push_back(view);
    }
}

void RecordingView::takeFigures(ViewedStep& view)
{
    const StepFigures& record = view.step->record;
    const std::uint64_t present =
        std::max<std::uint64_t>(record.running, view.step->rows.size()) + record.waiting;
    view.present = static_cast<std::uint32_t>(std::min<std::uint64_t>(present, UINT32_MAX));
    view.full = record.tokenBudget > 0 && view.tokens() >= record.tokenBudget;
    view.transferNs = static_cast<double>(std::max<std::int64_t>(record.transferNs, 0));
    const auto beforeNs = static_cast<double>(view.times.launchedNs - view.times.plannedNs);
    view.transferNs = std::min(view.transferNs, beforeNs);
    view.scheduleNs = beforeNs - view.transferNs;
    std::uint32_t most = 0;
    for (const StepRow& row : view.step->rows)
        if (row.prefillTokens > most) {
            most = row.prefillTokens;
            view.longest = row.request;
        }
    view.longestPrompt = promptTokens(view.longest);
}

/// What steps cost, and what each should have.
void RecordingView::price()
{
    std::vector<MeasuredStep> measured;
    for (const ViewedStep& view : m_steps)
        if (view.tokens() > 0 && view.times.forwardNs() >= 1000)
            measured.push_back({view.load, view.forwardNs()});
    m_costs = fitStepCosts(measured);
    for (ViewedStep& view : m_steps) {
        if (view.tokens() == 0)
            continue;
        view.costNs = m_costs.of(view.load);
        for (const RowWork& row : workOf(*view.step))
            if (!row.decode)
                view.promptNs += m_costs.of(loadOf(row)) - m_costs.fixedNs;
    }
}

void RecordingView::closeGaps()
{
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        ViewedStep& view = m_steps[i];
        const StepFigures& record = view.step->record;
        if (i + 1 < m_steps.size() && (record.running > 0 || record.waiting > 0))
            view.gapNs = static_cast<double>(m_steps[i + 1].times.plannedNs - view.times.sampledNs);
        view.durationNs = static_cast<double>(view.times.sampledNs - view.times.plannedNs) + view.gapNs;
        m_activeNs += view.durationNs;
        m_weightNs += view.weight();
    }
}

void RecordingView::summarise()
{
    std::vector<double> prompts;
    for (const auto& [request, tokens] : m_prompts)
        prompts.push_back(tokens);
    m_medianPrompt = static_cast<std::uint32_t>(quantile(prompts, 0.5));
    std::set<std::uint32_t> budgets;
    for (const ViewedStep& view : m_steps) {
        m_mostRunning = std::max(m_mostRunning, view.step->record.running);
        m_usualBudget = std::max(m_usualBudget, view.step->record.tokenBudget);
        if (budgets.size() < kBudgetsOfATarget)
            budgets.insert(view.step->record.tokenBudget);
    }
    reckonBlocks();
    const bool chosen = m_facts.scheduler && m_facts.scheduler->itlTarget > 0.0;
    m_adaptive = chosen || (!m_facts.scheduler && budgets.size() >= kBudgetsOfATarget);
}

/// What is held, and for each that waits what a request of this recording needs in the end.
void RecordingView::reckonBlocks()
{
    m_wantedBlocks = m_pool.blocks;
    if (m_prompts.empty() || m_pool.blockSize == 0)
        return;
    double tokens = static_cast<double>(m_metrics.tokens);
    for (const auto& [request, prompt] : m_prompts)
        tokens += prompt;
    const double each = tokens / static_cast<double>(m_prompts.size()) / m_pool.blockSize + 1.0;
    std::vector<double> wanted;
    for (const ViewedStep& view : m_steps)
        wanted.push_back(view.step->record.blocksReferencedPeak + each * view.passedOver);
    m_wantedBlocks = std::max(m_wantedBlocks, quantile(wanted, 0.95));
}

} // namespace vitrine::engine
