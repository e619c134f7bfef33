// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/details_maker.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace vitrine::ui {

using engine::LifePhase;
using engine::PreemptionEvent;
using engine::Session;

namespace {

constexpr std::size_t kMostRows = 256;

struct Place
{
    std::size_t step = 0;
    const PreemptionEvent* event = nullptr;
};

std::vector<Place> preemptionsOf(const Session& session)
{
    std::vector<Place> places;
    for (std::size_t step = 0; step < session.steps().size(); ++step)
        for (const engine::RecordedEvent& event : session.steps()[step].events)
            if (const auto* preemption = std::get_if<PreemptionEvent>(&event))
                places.push_back({step, preemption});
    return places;
}

/// places.size() when there is none that way.
std::size_t chosen(const std::vector<Place>& places, const Session& session, qint64 ns, int direction)
{
    const auto start = [&](std::size_t i) { return session.stepRange(places[i].step).startNs; };
    std::size_t best = places.size();
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (direction > 0 && start(i) > ns)
            return i;
        if (direction < 0 && start(i) < ns)
            best = i;
        if (direction == 0 && (best == places.size() || std::abs(start(i) - ns) < std::abs(start(best) - ns)))
            best = i;
    }
    return best;
}

void addOutcome(PreemptionDetails& details, const engine::RequestLife& life)
{
    auto span = std::find_if(life.spans.begin(), life.spans.end(), [&](const engine::LifeSpan& s) {
        return s.phase == LifePhase::Preempted && s.firstStep == details.step;
    });
    for (auto before = life.spans.begin(); before != span; ++before)
        details.before += before->phase == LifePhase::Preempted ? 1 : 0;
    if (span == life.spans.end())
        return;
    details.pauseNs = span->endNs - span->startNs;
    for (++span; span != life.spans.end() && span->phase == LifePhase::Recompute; ++span) {
        details.recomputeNs += span->endNs - span->startNs;
        details.recomputedTokens += span->tokens;
    }
}

void addChoices(PreemptionDetails& details, const Session& session, RequestNames& names)
{
    const PreemptionEvent& event = details.event;
    details.choices.append({details.victim, event.price, true});
    for (std::size_t i = 0; i < std::min<std::size_t>(event.alternatives, event.others.size()); ++i)
        details.choices.append({names.of(event.others[i].request, session), event.others[i].price, false});
    std::stable_sort(details.choices.begin(), details.choices.end(),
                     [](const PreemptionChoice& a, const PreemptionChoice& b) { return a.price < b.price; });
}

} // namespace

PreemptionDetails preemptionAt(const Session& session, RequestNames& names, qint64 ns, int direction)
{
    PreemptionDetails details;
    const std::vector<Place> places = preemptionsOf(session);
    const std::size_t at = chosen(places, session, ns, direction);
    details.count = qsizetype(places.size());
    if (at == places.size())
        return details;
    const std::size_t step = places[at].step;
    details.number = qsizetype(at) + 1;
    details.ns = session.stepRange(step).startNs;
    details.step = session.steps()[step].record.step;
    details.event = *places[at].event;
    details.victim = names.of(details.event.victim, session);
    details.beneficiary = names.of(details.event.beneficiary, session);
    const engine::StepFigures& before = session.steps()[step == 0 ? 0 : step - 1].record;
    details.referenced = before.blocksReferenced;
    details.cached = before.blocksCached;
    details.free = before.blocksFree;
    addChoices(details, session, names);
    if (const engine::RequestLife* life = session.life(details.event.victim))
        addOutcome(details, *life);
    return details;
}

RequestDetails requestOf(const Session& session, RequestNames& names, engine::RequestId request)
{
    RequestDetails details;
    details.name = names.of(request, session);
    details.recordingStartNs = session.range().startNs;
    if (const engine::RequestLife* life = session.life(request))
        details.life = *life;
    return details;
}

StepDetails stepAt(const Session& session, RequestNames& names, qint64 ns)
{
    StepDetails details;
    if (session.isEmpty())
        return details;
    const engine::RecordedStep& step = session.steps()[session.stepAt(ns)];
    details.figures = step.record;
    details.phases = {step.phases.begin(), step.phases.end()};
    for (std::size_t i = 0; i < std::min(kMostRows, step.rows.size()); ++i)
        details.rows.append({names.of(step.rows[i].request, session), step.rows[i]});
    return details;
}

qint64 timeOf(const Session& session, quint64 number)
{
    for (std::size_t step = 0; step < session.steps().size(); ++step)
        if (session.steps()[step].record.step >= number)
            return session.stepRange(step).startNs;
    return session.range().endNs;
}

} // namespace vitrine::ui
