// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/latency_maker.h"

#include <algorithm>

namespace vitrine::ui {

using engine::RequestLatency;
using engine::RequestLife;
using engine::Session;
using engine::TokenGap;

namespace {

constexpr qsizetype kMostNeighbours = 64;
constexpr qsizetype kMostGaps = 100'000;

TimeRange wantedRange(const Session& session, const LatencyQuery& query)
{
    return query.range.isEmpty() ? session.range() : query.range;
}

/// From arrival to first token, somewhere in the range.
bool waits(const RequestLife& life, const TimeRange& range)
{
    return life.firstTokenNs != 0 && life.arrivalNs <= range.endNs && life.firstTokenNs >= range.startNs;
}

bool lives(const RequestLife& life, const TimeRange& range)
{
    return life.arrivalNs <= range.endNs && (life.endNs == 0 || life.endNs >= range.startNs);
}

bool isHeldUp(const TokenGap& gap)
{
    return gap.neighbour.value != 0 && gap.interferenceNs > gap.ownNs;
}

/// Tokens in a row that the same one held up are one span; the worst of them.
void addNeighbours(LatencyPicture& picture, const Session& session, RequestNames& names)
{
    QList<NeighbourSpan>& spans = picture.neighbours;
    for (const TokenGap& gap : picture.gaps) {
        if (!isHeldUp(gap))
            continue;
        if (spans.isEmpty() || spans.last().endNs != gap.startNs ||
            spans.last().name.request != gap.neighbour)
            spans.append({names.of(gap.neighbour, session), gap.startNs, gap.endNs, 0, 0});
        spans.last().endNs = gap.endNs;
        ++spans.last().gaps;
        spans.last().addedNs += gap.interferenceNs;
    }
    std::stable_sort(spans.begin(), spans.end(),
                     [](const NeighbourSpan& a, const NeighbourSpan& b) { return a.addedNs > b.addedNs; });
    spans.resize(std::min(spans.size(), kMostNeighbours));
}

void addGaps(LatencyPicture& picture, const std::vector<TokenGap>& gaps, const TimeRange& range)
{
    std::vector<double> lengths;
    for (const TokenGap& gap : gaps) {
        if (gap.endNs < range.startNs || gap.startNs > range.endNs || picture.gaps.size() >= kMostGaps)
            continue;
        picture.gaps.append(gap);
        lengths.push_back(double(gap.endNs - gap.startNs));
    }
    picture.p50Ns = engine::quantile(lengths, 0.5);
    picture.p95Ns = engine::quantile(lengths, 0.95);
}

} // namespace

LatencyExtent extentOf(const Session& session, const LatencyQuery& query, std::size_t mostSteps)
{
    LatencyExtent extent;
    if (session.isEmpty())
        return extent;
    const TimeRange range = wantedRange(session, query);
    const RequestLife* longest = nullptr;
    qint64 from = range.startNs;
    for (const auto& [request, life] : session.lives()) {
        if (waits(life, range))
            from = std::min<qint64>(from, life.arrivalNs);
        if (lives(life, range) && (longest == nullptr || life.replyTokens > longest->replyTokens))
            longest = &life;
    }
    extent.request = query.request.value != 0 || longest == nullptr ? query.request : longest->request;
    if (const RequestLife* life = session.life(extent.request); life != nullptr && lives(*life, range))
        from = std::min<qint64>(from, life->arrivalNs);
    const auto [first, last] = session.stepsIn({from, std::max<qint64>(range.endNs, from + 1)});
    extent.last = std::min(last + 1, session.steps().size());
    extent.first = std::max(first, extent.last - std::min(extent.last, mostSteps));
    extent.wanted = extent.last - std::min(first, extent.last);
    if (extent.first > 0)
        extent.sinceNs = session.stepRange(extent.first - 1).startNs;
    return extent;
}

Attributed attribute(std::span<const engine::RecordedStep> steps, engine::RequestId request)
{
    engine::LatencyAttribution attribution(steps, request);
    for (const engine::RecordedStep& step : steps)
        attribution.add(step);
    return {attribution.requests(), attribution.gaps()};
}

LatencyPicture latencyOf(const Session& session, RequestNames& names, const LatencyQuery& query,
                         const LatencyExtent& extent, const Attributed& found)
{
    LatencyPicture picture;
    picture.query = query;
    picture.all = session.range();
    picture.steps = extent.last - extent.first;
    picture.stepsInRange = extent.wanted;
    const TimeRange range = wantedRange(session, query);
    for (auto at = found.requests.rbegin(); at != found.requests.rend(); ++at) {
        const RequestLife* life = session.life(at->request);
        if (life == nullptr || at->firstTokenNs == 0 || life->arrivalNs < extent.sinceNs ||
            !waits(*life, range))
            continue;
        if (++picture.requests <= LatencyPicture::kMostRows)
            picture.rows.append({names.of(at->request, session), *at});
    }
    if (extent.request.value != 0)
        picture.chosen = names.of(extent.request, session);
    addGaps(picture, found.gaps, range);
    addNeighbours(picture, session, names);
    return picture;
}

} // namespace vitrine::ui
