// SPDX-License-Identifier: GPL-3.0-or-later
// A recording held for looking at: steps in order, found by time; what each request went through; the state
// of every KV block after any step (a copy of it stands every few hundred steps, what is between is played
// again). Grows while the engine runs; bounded: beyond the limit the oldest steps go and are counted, and an
// opening takes their place that says what was known of the pool and of who was there.
//
// Times are put in order on the way in: a step never begins before the one before it did.
// One owner, any thread; what it hands out is good until the next add().
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/block_story.h"
#include "engine/analysis/span_lane.h"
#include "engine/analysis/step_pyramid.h"
#include "engine/analysis/step_store.h"
#include "engine/analysis/time_range.h"
#include "engine/trace/request_life.h"
#include "engine/trace/trace.h"

namespace vitrine::engine {

/// A recording or a part of it, to be read on any thread while the session goes on.
struct SessionPart
{
    RecordingStart pool;
    std::string model;
    SharedSteps shared;
    std::shared_ptr<const std::map<TokenId, std::string>> vocabulary;

    std::span<const RecordedStep> steps() const { return shared.steps; }
};

class Session
{
public:
    struct Limits
    {
        std::size_t mostBytes = std::size_t{512} << 20U; ///< of steps, prompts and replies
        std::size_t mostKeyframes = 64;
        std::size_t keyframeEvery = 256; ///< steps, at first
        std::size_t mostKeyframeBytes = std::size_t{96} << 20U;
    };

    Session() : Session(Limits{}) {}
    explicit Session(const Limits& limits) : m_limits(limits), m_keyframeEvery(limits.keyframeEvery) {}

    /// Forgets everything.
    void begin(const TraceOrigin& origin);
    void add(std::vector<RecordedStep> steps);
    /// What is said of where it comes from; the pool stays.
    void describe(const std::string& model, const std::string& device);
    void label(RequestId request, const TraceLabel& label) { m_labels[request] = label; }
    void addWord(TokenId token, std::string word) { m_vocabulary.try_emplace(token, std::move(word)); }
    /// Steps that were lost before they came here.
    void setLost(std::uint64_t steps) { m_lost = steps; }
    std::uint64_t lost() const { return m_lost; }
    /// All of a file.
    static Session of(Trace trace, const Limits& limits);
    static Session of(Trace trace) { return of(std::move(trace), Limits{}); }

    const TraceOrigin& origin() const { return m_origin; }
    std::span<const RecordedStep> steps() const { return m_steps.all(); }
    bool isEmpty() const { return m_steps.isEmpty(); }
    TimeRange range() const; ///< from the first step's start to the last one's end
    std::uint64_t dropped() const { return m_dropped + m_lost; }

    /// When step `index` began and ended, in order.
    TimeRange stepRange(std::size_t index) const { return {m_startNs[index], m_endNs[index]}; }
    /// The first step that ends after `ns`; steps().size() when there is none.
    std::size_t firstAfter(std::int64_t ns) const;
    /// Steps that are not over before the range, and begin in or before it: [first, last).
    std::pair<std::size_t, std::size_t> stepsIn(const TimeRange& range) const;
    /// The step that was under way at `ns`, or the last one before; 0 when there is none.
    std::size_t stepAt(std::int64_t ns) const;

    /// Sums and maxima of steps [first, last).
    StepDigest digest(std::size_t first, std::size_t last) const { return m_pyramid.of(first, last); }
    /// Spans of a phase; their tags are the steps' numbers (StepFigures::step).
    const SpanLane& lane(StepPhase phase) const { return m_lanes[static_cast<std::size_t>(phase)]; }

    const std::map<RequestId, RequestLife>& lives() const { return m_lives.all(); }
    const RequestLife* life(RequestId request) const { return m_lives.find(request); }
    /// Empty when nobody said.
    TraceLabel labelOf(RequestId request) const;
    const std::map<RequestId, TraceLabel>& labels() const { return m_labels; }
    const std::map<TokenId, std::string>& vocabulary() const { return m_vocabulary; }
    /// Prompt and reply so far.
    std::span<const TokenId> tokensOf(RequestId request) const;
    std::size_t promptTokensOf(RequestId request) const;

    /// After step `index` is over. REQUIRES: index < steps().size().
    BlockStory blocksAfter(std::size_t index) const;

    /// A recording of its own from step `first` up to `last`: begins with the pool as it was.
    Trace cut(std::size_t first, std::size_t last) const;
    /// The same to be read: nothing is copied of a part that begins where the session does.
    SessionPart part(std::size_t first, std::size_t last) const;

private:
    struct Tokens
    {
        std::size_t prompt = 0;
        std::vector<TokenId> all;
    };
    struct Keyframe
    {
        std::size_t step = 0; ///< the state before this one
        BlockStory story;
    };

    RecordedStep openingAt(std::size_t step) const;
    void addStep(RecordedStep step);
    void takeFirstSize(RecordedStep& step);
    void takeEvents(const RecordedStep& step);
    void keepKeyframe();
    std::size_t mostKeyframes() const;
    void drop();
    void forget(std::size_t steps);
    std::vector<RecordedStep> openedSteps(std::size_t first, std::size_t last) const;

    Limits m_limits;
    TraceOrigin m_origin;
    StepStore m_steps;
    std::vector<std::int64_t> m_startNs, m_endNs; // [step], in order
    std::vector<Keyframe> m_keyframes;            // the first is of step 0
    std::size_t m_keyframeEvery = 0;
    BlockStory m_now;    // after the last step
    bool m_used = false; // something has happened in the pool
    StepPyramid m_pyramid;
    std::array<SpanLane, kStepPhases> m_lanes;
    RequestLives m_lives;
    std::map<RequestId, Tokens> m_tokens;
    std::map<RequestId, TraceLabel> m_labels;
    std::map<TokenId, std::string> m_vocabulary;
    mutable std::shared_ptr<const std::map<TokenId, std::string>> m_sharedWords; // as of the last part()
    std::size_t m_bytes = 0;
    std::uint64_t m_dropped = 0, m_lost = 0;
};

} // namespace vitrine::engine
