// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/details_maker.h"

#include <algorithm>
#include <cstdlib>
#include <deque>

namespace vitrine::ui {

using engine::PreemptionDetail;
using engine::Session;

namespace {

constexpr std::size_t kMostRows = 256;

/// all.size() when there is none that way.
std::size_t chosen(const std::deque<PreemptionDetail>& all, const PreemptionQuery& query)
{
    if (query.from > 0) {
        const qsizetype to = query.from - 1 + query.step;
        return to < 0 || to > qsizetype(all.size()) ? all.size() : std::size_t(to);
    }
    std::size_t best = all.size();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const qint64 at = all[i].timeNs;
        if (query.step > 0 && at > query.ns)
            return i;
        if (query.step < 0 && at < query.ns)
            best = i;
        if (query.step == 0 &&
            (best == all.size() || std::abs(at - query.ns) < std::abs(all[best].timeNs - query.ns)))
            best = i;
    }
    return best;
}

void addChoices(PreemptionDetails& details, const Session& session, RequestNames& names)
{
    details.choices.append({details.victim, details.detail.price, true});
    for (const PreemptionDetail::Alternative& other : details.detail.alternatives)
        details.choices.append({names.of(other.request, session), other.price, false});
    std::stable_sort(details.choices.begin(), details.choices.end(),
                     [](const PreemptionChoice& a, const PreemptionChoice& b) { return a.price < b.price; });
}

} // namespace

PreemptionDetails preemptionOf(const engine::PreemptionLog& log, const Session& session, RequestNames& names,
                               const PreemptionQuery& query)
{
    PreemptionDetails details;
    const std::deque<PreemptionDetail>& all = log.all();
    const std::size_t at = chosen(all, query);
    details.count = qsizetype(all.size());
    if (at >= all.size())
        return details;
    details.number = qsizetype(at) + 1;
    details.detail = all[at];
    details.victim = names.of(details.detail.victim, session);
    details.beneficiary = names.of(details.detail.beneficiary, session);
    addChoices(details, session, names);
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
