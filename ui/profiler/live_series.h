// SPDX-License-Identifier: GPL-3.0-or-later
// The last minute of the engine in one-second bins, whatever the number of steps: adding a record costs its
// rows, a view costs the bins. No Qt object. One thread (the window's).
//
// Invariants: there are kBins bins at most; times never run backwards (a record older than the window is
// ignored); a bin without steps repeats the block counts of the bin before it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/telemetry/step_record.h"

namespace vitrine::ui {

inline constexpr std::size_t kHues = 5;

/// One second of steps.
struct LiveBin
{
    std::uint32_t steps = 0;
    std::uint32_t prefillTokens = 0; ///< of the step with most of them
    std::uint32_t decodeRows = 0;    ///< of the step with most of them
    std::uint32_t tokenBudget = 0;
    std::uint32_t generated = 0; ///< tokens sampled in this second, over all requests
    std::uint32_t preemptions = 0;
    std::uint32_t lookedUp = 0; ///< prompt tokens looked up in the prefix cache
    std::uint32_t cachedHits = 0;

    // As they were at the end of the second.
    std::uint32_t blocksReferenced = 0;
    std::uint32_t blocksCached = 0;
    std::uint32_t blocksTotal = 0;
    /// blocksReferenced split by the hue of the conversation; a shared block counts in parts.
    std::array<float, kHues> blocksByHue{};

    std::optional<double> hitRate() const; ///< 0…1; nothing was looked up: no rate
};

/// A frozen picture of the window, oldest bin first; the last one is still filling.
struct LiveView
{
    std::vector<LiveBin> bins;
    std::optional<double> medianFirstToken; ///< seconds
    std::optional<double> tokenGapP95;      ///< seconds between two tokens of one reply
    std::optional<double> hitRate;          ///< 0…1, over the window
    std::uint32_t preemptions = 0;          ///< in the window
    std::uint32_t runningRows = 0;          ///< rows of the newest step; 0 when nothing runs now
    bool anyStep = false;
};

class LiveSeries
{
public:
    static constexpr std::size_t kSeconds = 60;
    static constexpr std::size_t kBins = kSeconds + 1; ///< the window and the point left of it
    static constexpr std::size_t kMaxGaps = 4096;
    static constexpr std::size_t kMaxRequests = 256;

    /// Which hue (0 … kHues-1) a request's blocks are drawn in.
    using HueOf = std::function<std::size_t(engine::RequestId)>;
    void setHueOf(HueOf hueOf) { m_hueOf = std::move(hueOf); }

    void add(const engine::StepRecord& record);
    void addFirstToken(std::int64_t atNs, double seconds);
    LiveView view(std::int64_t nowNs) const;
    void clear();
    /// The second of the newest step; nullptr before the first one.
    const LiveBin* newest() const { return m_bins.empty() ? nullptr : &m_bins.back(); }
    /// How much it holds: bins, samples and requests together.
    std::size_t storedSamples() const
    {
        return m_bins.size() + m_gaps.size() + m_firstTokens.size() + m_lastTokenNs.size();
    }

private:
    struct Sample
    {
        std::int64_t second = 0;
        double value = 0;
    };

    LiveBin& binAt(std::int64_t second);
    void addBlocks(LiveBin& bin, const engine::StepRecord& record);
    void addGaps(const engine::StepRecord& record);
    static void keep(std::deque<Sample>& samples, Sample sample);
    static std::optional<double> quantile(const std::deque<Sample>& samples, std::int64_t from, double q);
    static void summarise(LiveView& view);

    HueOf m_hueOf;
    std::deque<LiveBin> m_bins;   // consecutive seconds, the last one is m_second
    std::int64_t m_second = -1;   // -1: no record yet
    std::int64_t m_lastEndNs = 0; // of the newest step
    std::uint32_t m_lastRows = 0;
    std::uint64_t m_lastStep = 0;
    std::deque<Sample> m_gaps;
    std::deque<Sample> m_firstTokens;
    std::unordered_map<engine::RequestId, std::int64_t> m_lastTokenNs;
};

} // namespace vitrine::ui
