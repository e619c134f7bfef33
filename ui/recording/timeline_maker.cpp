// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/timeline_maker.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "ui/recording/nvtx_maker.h"

namespace vitrine::ui {

using engine::RequestLife;
using engine::Session;

namespace {

constexpr quint32 kMostColumns = 16384;
constexpr qsizetype kMostRows = 512;
constexpr std::size_t kColumnsAToken = 3; // narrower, and ticks would be a grey wall

/// The last moment a request was alive, as far as the recording goes.
qint64 endOf(const RequestLife& life, const Session& session)
{
    return life.endNs != 0 ? life.endNs : session.range().endNs;
}

bool matches(const RequestName& name, const QString& filter)
{
    if (filter.isEmpty())
        return true;
    if (filter.startsWith(QLatin1Char('#')))
        return QString::number(name.request.value) == QStringView(filter).mid(1);
    return name.title.contains(filter, Qt::CaseInsensitive);
}

/// Those alive in the range, by arrival.
std::vector<const RequestLife*> livesIn(const Session& session, RequestNames& names,
                                        const TimelineQuery& query)
{
    std::vector<const RequestLife*> lives;
    for (const auto& [request, life] : session.lives()) {
        const TimeRange alive{life.arrivalNs, std::max<qint64>(endOf(life, session), life.arrivalNs + 1)};
        if (alive.touches(query.range) && matches(names.of(request, session), query.filter))
            lives.push_back(&life);
    }
    std::stable_sort(lives.begin(), lives.end(),
                     [](const RequestLife* a, const RequestLife* b) { return a->arrivalNs < b->arrivalNs; });
    return lives;
}

QList<engine::LaneBar> barsOf(const RequestLife& life, const Session& session, const TimelineQuery& query)
{
    engine::SpanLane lane;
    for (std::size_t i = 0; i < life.spans.size(); ++i) {
        const engine::LifeSpan& span = life.spans[i];
        const bool waits =
            span.phase == engine::LifePhase::Queued || span.phase == engine::LifePhase::Preempted;
        const bool open = waits && life.endNs == 0 && i + 1 == life.spans.size();
        lane.add({span.startNs, open ? session.range().endNs : span.endNs, quint64(span.phase)});
    }
    const auto bars = lane.fold(query.range, query.columns);
    return {bars.begin(), bars.end()};
}

RequestRow rowOf(const RequestLife& life, const Session& session, RequestNames& names,
                 const TimelineQuery& query)
{
    RequestRow row;
    row.name = names.of(life.request, session);
    row.arrivalNs = life.arrivalNs;
    row.endNs = life.endNs;
    row.promptTokens = life.promptTokens;
    row.cachedTokens = life.cachedTokens;
    row.replyTokens = life.replyTokens;
    row.preemptions = life.preemptions;
    row.bars = barsOf(life, session, query);
    return row;
}

void addTokens(TimelinePicture& picture, const Session& session, std::size_t first, std::size_t last)
{
    if ((last - first) * kColumnsAToken > picture.query.columns)
        return;
    std::unordered_map<quint64, RequestRow*> rows;
    for (RequestRow& row : picture.requests)
        rows.emplace(row.name.request.value, &row);
    for (std::size_t step = first; step < last; ++step)
        for (const engine::StepRow& part : session.steps()[step].rows)
            if (const auto row = rows.find(part.request.value); part.decodeTokens > 0 && row != rows.end())
                row->second->tokens.append(session.stepRange(step).endNs);
}

void addRequests(TimelinePicture& picture, const Session& session, RequestNames& names)
{
    const TimelineQuery& query = picture.query;
    const auto lives = livesIn(session, names, query);
    picture.requestCount = qsizetype(lives.size());
    const qsizetype first = std::clamp<qsizetype>(query.firstRow, 0, picture.requestCount);
    const qsizetype last =
        std::min(picture.requestCount, first + std::clamp<qsizetype>(query.rows, 0, kMostRows));
    for (qsizetype i = 0; i < picture.requestCount; ++i)
        if (lives[std::size_t(i)]->request == query.wanted)
            picture.wantedRow = i;
    for (qsizetype i = first; i < last; ++i)
        picture.requests.append(rowOf(*lives[std::size_t(i)], session, names, query));
}

/// Whole steps where they are wide enough, else those that begin within a column together.
QList<StepColumn> columnsOf(const Session& session, const TimeRange& range, quint32 columns)
{
    QList<StepColumn> all;
    const auto [first, last] = session.stepsIn(range);
    const qint64 width = std::max<qint64>(1, range.length() / columns);
    for (std::size_t i = first; i < last;) {
        std::size_t next = i + 1;
        if (last - first > columns) {
            const qint64 start = std::max(session.stepRange(i).startNs, range.startNs);
            const qint64 cellEnd = range.startNs + ((start - range.startNs) / width + 1) * width;
            next = std::max(next,
                            session.stepsIn({range.startNs, std::min<qint64>(cellEnd, range.endNs)}).second);
        }
        const engine::StepDigest digest = session.digest(i, next);
        if (digest.steps > 0)
            all.append({session.stepRange(i).startNs, session.stepRange(next - 1).endNs,
                        session.steps()[i].record.step, digest});
        i = next;
    }
    return all;
}

void addLanes(TimelinePicture& picture, const Session& session)
{
    const TimeRange selection =
        picture.query.selection.isEmpty() ? picture.query.range : picture.query.selection;
    const auto [first, last] = session.stepsIn(selection);
    picture.selectedSteps = session.digest(first, last).steps;
    for (std::size_t i = 0; i < engine::kStepPhases; ++i) {
        const auto phase = engine::StepPhase(i);
        const engine::SpanLane& lane = session.lane(phase);
        StepLaneRow row;
        row.phase = phase;
        const auto bars = lane.fold(picture.query.range, picture.query.columns);
        row.bars = {bars.begin(), bars.end()};
        if (picture.selectedSteps > 0)
            row.meanNs = double(lane.covered(selection)) / double(picture.selectedSteps);
        picture.lanes.append(row);
    }
}

/// At most two a column: what lies closer cannot be told apart.
void addPreemptions(TimelinePicture& picture, const Session& session)
{
    const auto [first, last] = session.stepsIn(picture.query.range);
    const qint64 apart = picture.query.range.length() / (2 * qint64(picture.query.columns));
    qint64 before = -engine::kMostNs;
    for (std::size_t step = first; step < last; ++step) {
        const qint64 ns = session.stepRange(step).startNs;
        if (ns - before < apart)
            continue;
        for (const engine::RecordedEvent& event : session.steps()[step].events) {
            if (const auto* preemption = std::get_if<engine::PreemptionEvent>(&event)) {
                picture.preemptions.append({ns, session.steps()[step].record.step, preemption->victim});
                before = ns;
                break;
            }
        }
    }
}

void addWantedSteps(TimelinePicture& picture, const Session& session)
{
    const RequestLife* const life = session.life(picture.query.wanted);
    if (life == nullptr)
        return;
    engine::SpanLane lane;
    for (const engine::LifeSpan& span : life->spans)
        if (span.tokens > 0)
            lane.add({span.startNs, span.endNs, span.firstStep});
    const auto bars = lane.fold(picture.query.range, picture.query.columns);
    picture.wantedSteps = {bars.begin(), bars.end()};
}

} // namespace

TimelinePicture timelineOf(const Session& session, RequestNames& names, const TimelineQuery& query)
{
    TimelinePicture picture;
    picture.query = query;
    picture.query.columns = std::clamp(query.columns, 1U, kMostColumns);
    if (session.isEmpty() || query.range.isEmpty())
        return picture;
    const auto [first, last] = session.stepsIn(query.range);
    addRequests(picture, session, names);
    addTokens(picture, session, first, last);
    addLanes(picture, session);
    picture.steps = columnsOf(session, query.range, picture.query.columns);
    addPreemptions(picture, session);
    addWantedSteps(picture, session);
    picture.nvtx = nvtxOf(session.nvtx(), session.range(), picture.query);
    return picture;
}

OverviewPicture overviewOf(const Session& session, quint32 columns)
{
    OverviewPicture overview;
    overview.range = session.range();
    if (overview.range.isEmpty())
        return overview;
    columns = std::clamp(columns, 1U, kMostColumns);
    overview.columns = columnsOf(session, overview.range, columns);
    TimelinePicture marks;
    marks.query.range = overview.range;
    marks.query.columns = columns;
    addPreemptions(marks, session);
    for (const PreemptionMark& mark : marks.preemptions)
        overview.preemptions.append(mark.ns);
    return overview;
}

} // namespace vitrine::ui
