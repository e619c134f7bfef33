// SPDX-License-Identifier: GPL-3.0-or-later
// Something is not as it was: found while steps come in, by robust statistics on a few signals of theirs.
// What is usual is learned from the last hundred or so values of each; the first ones go by unjudged.
// Bounded memory. Any thread, one owner.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/analysis/robust_signal.h"
#include "engine/analysis/sentence.h"
#include "engine/analysis/step_clock.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

enum class AnomalyKind : std::uint8_t {
    SlowSteps,     ///< forward passes took longer than their work explains
    Gaps,          ///< nothing was computed between steps
    LowThroughput, ///< all in all, steps gave fewer tokens a second than they should
    PrefixHits,    ///< the prefix cache found less than usual
    Queue,         ///< more requests waited than usual
    Preemptions,   ///< more requests lost their blocks than usual
    Ranks          ///< processes that compute together failed, or their number changed: never usual
};
inline constexpr std::size_t kAnomalyKinds = 7;
const char* anomalyName(AnomalyKind kind);

struct Anomaly
{
    AnomalyKind kind = AnomalyKind::SlowSteps;
    std::int64_t startNs = 0, endNs = 0; ///< of nowNs()
    std::uint64_t firstStep = 0, lastStep = 0;
    double score = 0.0; ///< spreads from what is usual, at its worst; of Ranks 0
    Sentence sentence;
};

class AnomalyWatch
{
public:
    AnomalyWatch();

    /// In order. Returns what is over with this step.
    std::vector<Anomaly> add(const RecordedStep& step);
    /// What goes on; also at the end of a recording.
    std::vector<Anomaly> open() const;
    std::size_t openCount() const;
    /// Another number: what goes on went on, or something else began.
    std::uint64_t news() const { return m_news; }

private:
    struct Moment
    {
        std::int64_t startNs = 0, endNs = 0;
        std::uint64_t step = 0;
    };
    /// A signal and what is going on in it.
    struct Channel
    {
        explicit Channel(const SignalOptions& options) : signal(options) {}

        RobustSignal signal;
        std::optional<Anomaly> open;
        double worst = 0.0;              ///< its value then
        std::array<Moment, 32> recent{}; ///< where the last values were taken
        std::size_t taken = 0;
    };
    /// Of some steps together.
    struct Block
    {
        Moment moment;
        std::uint32_t steps = 0, preemptions = 0;
        double expectedNs = 0.0, activeNs = 0.0;
    };

    void watchStep(const RecordedStep& step, const StepTimes& times, std::vector<Anomaly>& over);
    void watchBlock(const RecordedStep& step, const StepTimes& times, std::vector<Anomaly>& over);
    void take(AnomalyKind kind, double value, const Moment& moment, std::vector<Anomaly>& over);
    void begin(AnomalyKind kind, Channel& channel, std::size_t since, const Moment& moment) const;
    Sentence sentenceOf(AnomalyKind kind, double usual, double worst) const;

    StepClock m_clock;
    StepTimes m_last;
    bool m_working = false; ///< after the last step there was more to do
    double m_stepNs = 0.0;  ///< what steps took lately
    std::uint64_t m_news = 0;
    std::vector<Channel> m_channels; ///< by AnomalyKind, those with a signal
    Block m_block;
};

} // namespace vitrine::engine
