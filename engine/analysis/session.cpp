// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/session.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace vitrine::engine {

namespace {

constexpr std::size_t kLeastKeyframes = 4;
constexpr std::uint32_t kPlausibleBlocks = 1U << 20U; // a size out of a file that is believed
constexpr std::size_t kBytesOfARequest = 512;         // its life, its label, its place in three maps
constexpr std::size_t kBytesOfAnAllocation = 16;

/// What is kept beside a step itself: times, its digest, its spans (a sixteenth more for the levels above).
constexpr std::size_t kBesideAStep =
    2 * sizeof(std::int64_t) + sizeof(StepDigest) * 17 / 16 + 4 * kBytesOfAnAllocation;
constexpr std::size_t kBesideAPhase = sizeof(LaneSpan) + sizeof(std::int64_t);

/// No more memory than it needs: a step stays for long.
void tighten(RecordedStep& step)
{
    step.rows.shrink_to_fit();
    step.events.shrink_to_fit();
    step.blocks.shrink_to_fit();
    step.phases.shrink_to_fit();
    step.ranks.processes.shrink_to_fit();
}

std::size_t costOf(const RecordedStep& step)
{
    std::size_t bytes = step.bytes() + kBesideAStep + step.phases.size() * kBesideAPhase;
    for (const RecordedEvent& event : step.events) {
        if (const auto* arrival = std::get_if<RecordedArrival>(&event)) // kept once more for tokensOf()
            bytes += kBytesOfARequest + arrival->prompt.size() * sizeof(TokenId);
        else if (std::holds_alternative<RecordedToken>(event))
            bytes += sizeof(TokenId);
    }
    return bytes;
}

} // namespace

void Session::begin(const TraceOrigin& origin)
{
    const Limits limits = m_limits;
    *this = Session(limits);
    m_origin = origin;
    m_now = BlockStory(origin.pool);
    m_keyframes.push_back({0, m_now});
}

void Session::describe(const std::string& model, const std::string& device)
{
    m_origin.model = model;
    m_origin.device = device;
}

Session Session::of(Trace trace, const Limits& limits)
{
    Session session(limits);
    session.begin(trace.origin);
    session.m_labels = std::move(trace.labels);
    session.m_vocabulary = std::move(trace.vocabulary);
    session.m_lost = trace.dropped;
    session.add(std::move(trace.steps));
    session.m_nvtx.add(std::move(trace.nvtx.events), trace.nvtx.names);
    session.m_nvtx.setLost(trace.nvtx.dropped);
    for (const auto& [thread, name] : trace.nvtx.threads)
        session.m_nvtx.nameThread(thread, name);
    return session;
}

void Session::add(std::vector<RecordedStep> steps)
{
    for (RecordedStep& step : steps)
        addStep(std::move(step));
    drop();
}

/// A pool that is resized before anything has happened in it had that size from the beginning.
void Session::takeFirstSize(RecordedStep& step)
{
    if (m_used || step.blocks.empty())
        return;
    const auto isSize = [](const BlockEvent& event) { return event.kind == BlockEventKind::Resize; };
    const auto first = std::find_if_not(step.blocks.begin(), step.blocks.end(), isSize);
    m_used = first != step.blocks.end();
    if (first == step.blocks.begin() ||
        std::prev(first)->index > std::max(m_origin.pool.blocks, kPlausibleBlocks))
        return;
    m_origin.pool.blocks = std::prev(first)->index;
    m_now = BlockStory(m_origin.pool);
    m_keyframes.assign(1, {0, m_now});
    if (step.record.step != 0 || !m_used) // an opening keeps what makes it one
        step.blocks.erase(step.blocks.begin(), first);
}

void Session::addStep(RecordedStep step)
{
    takeFirstSize(step);
    if (m_steps.size() >= m_keyframes.back().step + m_keyframeEvery)
        keepKeyframe();
    const std::int64_t before = m_startNs.empty() ? -kMostNs : m_startNs.back();
    const std::int64_t last = m_endNs.empty() ? -kMostNs : m_endNs.back();
    const bool between = step.record.step == 0 && !m_steps.isEmpty();
    const std::int64_t start = std::max(before, between ? last : saneNs(step.record.startNs));
    m_startNs.push_back(start);
    m_endNs.push_back(std::max({start, last, between ? last : saneNs(step.record.endNs)}));
    m_now.apply(step);
    m_lives.add(step);
    m_pyramid.add(step.record);
    for (const PhaseSpan& span : step.phases)
        m_lanes[static_cast<std::size_t>(span.phase)].add({span.startNs, span.endNs, step.record.step});
    takeEvents(step);
    tighten(step);
    m_bytes += costOf(step);
    m_steps.push(std::move(step));
}

void Session::takeEvents(const RecordedStep& step)
{
    for (const RecordedEvent& event : step.events) {
        if (const auto* arrival = std::get_if<RecordedArrival>(&event))
            m_tokens[arrival->request] = {arrival->prompt.size(), arrival->prompt};
        else if (const auto* token = std::get_if<RecordedToken>(&event))
            m_tokens[token->request].all.push_back(token->token);
    }
}

/// A copy of a large pool takes megabytes.
std::size_t Session::mostKeyframes() const
{
    const std::size_t room = m_limits.mostKeyframeBytes / std::max(m_now.bytes(), std::size_t{1});
    return std::min(std::max(room, kLeastKeyframes), m_limits.mostKeyframes);
}

/// Where there are too many, every second one goes and they are twice as far apart from then on.
void Session::keepKeyframe()
{
    m_keyframes.push_back({m_steps.size(), m_now});
    if (m_keyframes.size() <= mostKeyframes())
        return;
    std::vector<Keyframe> kept;
    for (std::size_t i = 0; i < m_keyframes.size(); i += 2)
        kept.push_back(std::move(m_keyframes[i]));
    m_keyframes = std::move(kept);
    m_keyframeEvery *= 2;
}

/// A quarter at a time, at a keyframe: moving what stays costs as much as a few seconds of recording. While
/// somebody reads it would cost a copy of everything: that waits a little.
void Session::drop()
{
    const std::size_t most = m_limits.mostBytes;
    if (m_steps.isRead() && m_bytes <= most + most / 4)
        return;
    while (m_bytes > most && m_keyframes.size() > 1) {
        const std::size_t goal = m_steps.size() / 4;
        const auto at =
            std::find_if(m_keyframes.begin() + 1, m_keyframes.end(),
                         [goal](const Keyframe& frame) { return frame.step > 1 && frame.step >= goal; });
        const std::size_t steps = (at == m_keyframes.end() ? m_keyframes.back() : *at).step;
        if (steps <= 1)
            return;
        forget(steps);
    }
}

/// The opening stands where the last one of those stood that went. REQUIRES: steps is a keyframe's.
void Session::forget(std::size_t steps)
{
    RecordedStep opening = openingAt(steps - 1);
    const std::size_t real = steps - (m_steps[0].isOpening() ? 1 : 0);
    for (std::size_t i = 0; i < steps; ++i)
        m_bytes -= costOf(m_steps[i]);
    m_bytes += costOf(opening);
    m_dropped += real;
    m_pyramid.replaceFirst(steps, opening.record);
    m_steps.replaceFirst(steps, std::move(opening));
    const auto cutOff = static_cast<std::ptrdiff_t>(steps - 1);
    m_startNs.erase(m_startNs.begin(), m_startNs.begin() + cutOff);
    m_endNs.erase(m_endNs.begin(), m_endNs.begin() + cutOff);
    m_startNs.front() = m_endNs.front();
    std::erase_if(m_keyframes, [steps](const Keyframe& frame) { return frame.step < steps; });
    for (Keyframe& frame : m_keyframes)
        frame.step -= steps - 1;
    m_keyframes.insert(m_keyframes.begin(), Keyframe{0, BlockStory(m_origin.pool)});
    m_keyframeEvery = std::max(m_limits.keyframeEvery, m_keyframeEvery / 2);
    for (SpanLane& lane : m_lanes)
        lane.forgetBefore(m_startNs.front());
    for (const RequestId gone : m_lives.forgetBefore(m_startNs.front())) {
        m_tokens.erase(gone);
        m_labels.erase(gone);
    }
}

TimeRange Session::range() const
{
    return m_steps.isEmpty() ? TimeRange{} : TimeRange{m_startNs.front(), m_endNs.back()};
}

std::size_t Session::firstAfter(std::int64_t ns) const
{
    return static_cast<std::size_t>(std::upper_bound(m_endNs.begin(), m_endNs.end(), ns) - m_endNs.begin());
}

std::pair<std::size_t, std::size_t> Session::stepsIn(const TimeRange& range) const
{
    const std::size_t first = firstAfter(range.startNs);
    const auto last = std::lower_bound(m_startNs.begin(), m_startNs.end(), range.endNs) - m_startNs.begin();
    return {first, std::max(first, static_cast<std::size_t>(last))};
}

std::size_t Session::stepAt(std::int64_t ns) const
{
    const auto after = std::upper_bound(m_startNs.begin(), m_startNs.end(), ns) - m_startNs.begin();
    return after == 0 ? 0 : static_cast<std::size_t>(after) - 1;
}

TraceLabel Session::labelOf(RequestId request) const
{
    const auto found = m_labels.find(request);
    return found == m_labels.end() ? TraceLabel{} : found->second;
}

std::span<const TokenId> Session::tokensOf(RequestId request) const
{
    const auto found = m_tokens.find(request);
    return found == m_tokens.end() ? std::span<const TokenId>() : found->second.all;
}

std::size_t Session::promptTokensOf(RequestId request) const
{
    const auto found = m_tokens.find(request);
    return found == m_tokens.end() ? 0 : found->second.prompt;
}

BlockStory Session::blocksAfter(std::size_t index) const
{
    const auto after =
        std::upper_bound(m_keyframes.begin(), m_keyframes.end(), index,
                         [](std::size_t step, const Keyframe& frame) { return step < frame.step; });
    const Keyframe& frame = *std::prev(after);
    BlockStory story = frame.story;
    for (std::size_t step = frame.step; step <= index; ++step)
        story.apply(m_steps[step]);
    return story;
}

/// What was there after the step: the pool, and who had come and not gone.
RecordedStep Session::openingAt(std::size_t step) const
{
    RecordedStep opening;
    opening.record.startNs = opening.record.endNs = m_endNs[step];
    opening.blocks = blocksAfter(step).events();
    for (const auto& [request, life] : m_lives.all()) {
        if (life.arrivalNs >= m_endNs[step] || (life.endNs != 0 && life.endNs <= m_endNs[step]))
            continue;
        const auto prompt = tokensOf(request).first(promptTokensOf(request));
        opening.events.emplace_back(RecordedArrival{
            request, life.arrivalNs, life.promptTokens, life.maxTokens, {prompt.begin(), prompt.end()}});
        AdmissionEvent admission;
        admission.request = request;
        admission.cachedTokens = life.cachedTokens;
        if (life.admittedNs != 0 && life.admittedNs < m_endNs[step])
            opening.events.emplace_back(admission);
    }
    return opening;
}

/// [first, last), an opening before them where they do not begin with the session.
std::vector<RecordedStep> Session::openedSteps(std::size_t first, std::size_t last) const
{
    std::vector<RecordedStep> steps;
    steps.reserve(last - first + 1);
    if (first > 0)
        steps.push_back(openingAt(first - 1));
    const auto wanted = m_steps.all().subspan(first, last - first);
    steps.insert(steps.end(), wanted.begin(), wanted.end());
    return steps;
}

Trace Session::cut(std::size_t first, std::size_t last) const
{
    last = std::min(last, m_steps.size());
    first = std::min(first, last);
    Trace trace;
    trace.origin = m_origin;
    trace.labels = m_labels;
    trace.vocabulary = m_vocabulary;
    trace.dropped = dropped() + first;
    trace.complete = true;
    trace.steps = openedSteps(first, last);
    return trace;
}

SessionPart Session::part(std::size_t first, std::size_t last) const
{
    last = std::min(last, m_steps.size());
    first = std::min(first, last);
    if (!m_sharedWords || m_sharedWords->size() != m_vocabulary.size())
        m_sharedWords = std::make_shared<const std::map<TokenId, std::string>>(m_vocabulary);
    SessionPart part{m_origin.pool, m_origin.model, {}, m_sharedWords};
    if (first == 0) {
        part.shared = m_steps.share();
        part.shared.steps = part.shared.steps.first(last);
        return part;
    }
    auto copied = std::make_shared<const std::vector<RecordedStep>>(openedSteps(first, last));
    part.shared = {copied, *copied};
    return part;
}

} // namespace vitrine::engine
