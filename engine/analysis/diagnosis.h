// SPDX-License-Identifier: GPL-3.0-or-later
// What the advisor says: a cause with its evidence, a setting that would help, and by how much. Values; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/analysis/sentence.h"
#include "engine/analysis/time_range.h"
#include "engine/base/ids.h"

namespace vitrine::engine {

enum class DiagnosisKind : std::uint8_t {
    PoolTooSmall,        ///< requests wait, or are preempted, because the KV pool is full
    SwapThrash,          ///< moving blocks to host memory and back takes a part of the time
    MaxRunningTooSmall,  ///< requests wait though the pool has room
    ItlTargetTooTight,   ///< prompts crawl because the time between tokens is held down
    BudgetTooSmall,      ///< prompts crawl because a step takes too few tokens
    PrefillInterference, ///< replies stall while long prompts are read
    HeadOfLine,          ///< short prompts wait behind a long one
    LowPrefixHits,       ///< prompts that are alike differ at their beginning
    PrefixEviction,      ///< what was cached is gone when it is wanted again
    PrefixCacheOff,      ///< nothing is kept though prompts begin alike
    HostGap,             ///< the model waits for the engine's own work or for its client
    SlowSampling,        ///< choosing tokens takes a part of the time
    UnevenSteps,         ///< steps with the same work take now short, now long
    Slowdown,            ///< the machine became slower
    IdleCores,           ///< fewer threads compute than there are cores
    BandwidthBound,      ///< a token takes as long as reading the weights does
    ComputeBound,        ///< more is asked than the machine can compute
    MemoryPressure       ///< the machine is out of memory
};
const char* diagnosisName(DiagnosisKind kind); ///< "pool too small", for a title

/// What is scarce.
enum class Bottleneck : std::uint8_t { Compute, Bandwidth, Capacity, Scheduling, Host };
Bottleneck bottleneckOf(DiagnosisKind kind);

/// Where to look; the worst of it, bounded.
struct Evidence
{
    static constexpr std::size_t kMost = 32; ///< of each

    std::vector<TimeRange> ranges;    ///< in order of time
    std::vector<std::uint64_t> steps; ///< rising
    std::vector<RequestId> requests;  ///< most affected first
};

enum class SettingKey : std::uint8_t {
    KvBlocks,    ///< of the pool; a client knows bytes from its model
    KvFormat,    ///< value is a KvFormat
    ItlTarget,   ///< seconds; 0: none
    TokenBudget, ///< tokens in a step
    MaxRunning,  ///< requests
    Policy,      ///< value is a PolicyKind
    Threads,     ///< that compute
    PrefixCache  ///< 0 or 1
};
const char* settingName(SettingKey key);
bool changesLive(SettingKey key); ///< else the model has to be opened anew

struct Suggestion
{
    SettingKey key = SettingKey::KvBlocks;
    std::optional<double> current; ///< when it is known
    double proposed = 0.0;
};

enum class GainMetric : std::uint8_t {
    FirstTokenP95,      ///< nanoseconds
    BetweenTokensP95,   ///< nanoseconds
    BetweenTokensWorst, ///< nanoseconds, of two hundred
    WholeMean,          ///< nanoseconds from arrival to the last token
    TokensPerSecond,
    Preemptions
};
const char* metricName(GainMetric metric);
enum class GainSource : std::uint8_t {
    Replay, ///< the recorded requests went through the scheduler again with the other setting
    Model   ///< by the learned costs of steps
};

struct Gain
{
    GainMetric metric = GainMetric::FirstTokenP95;
    double before = 0.0, after = 0.0;
    GainSource by = GainSource::Model;
};

struct Diagnosis
{
    DiagnosisKind kind = DiagnosisKind::PoolTooSmall;
    double severity = 0.0; ///< 0 … 1: the share of all waiting of people that this explains
    Sentence cause;
    Sentence advice;
    Evidence evidence;
    std::optional<Suggestion> suggestion;
    std::vector<Gain> gains; ///< empty: nobody can tell
};

} // namespace vitrine::engine
