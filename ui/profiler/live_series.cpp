// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/live_series.h"

#include <algorithm>
#include <cmath>

namespace vitrine::ui {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

/// The bin of a second without steps: the cache stays as it is, nothing happens.
LiveBin quietAfter(const LiveBin& bin)
{
    LiveBin quiet;
    quiet.tokenBudget = bin.tokenBudget;
    quiet.blocksReferenced = bin.blocksReferenced;
    quiet.blocksCached = bin.blocksCached;
    quiet.blocksTotal = bin.blocksTotal;
    quiet.blocksByHue = bin.blocksByHue;
    return quiet;
}

} // namespace

std::optional<double> LiveBin::hitRate() const
{
    if (lookedUp == 0)
        return std::nullopt;
    return static_cast<double>(cachedHits) / lookedUp;
}

LiveBin& LiveSeries::binAt(std::int64_t second)
{
    if (m_bins.empty() || second - m_second >= static_cast<std::int64_t>(kBins)) {
        const LiveBin first = m_bins.empty() ? LiveBin{} : quietAfter(m_bins.back());
        m_bins.assign(1, first);
        m_second = second;
    }
    for (; m_second < second; ++m_second)
        m_bins.push_back(quietAfter(m_bins.back()));
    while (m_bins.size() > kBins)
        m_bins.pop_front();
    return m_bins[m_bins.size() - 1 - static_cast<std::size_t>(m_second - second)];
}

void LiveSeries::add(const engine::StepRecord& record)
{
    const std::int64_t second = record.endNs / kSecondNs;
    if (m_second >= 0 && m_second - second >= static_cast<std::int64_t>(m_bins.size()))
        return;
    LiveBin& bin = binAt(second);
    ++bin.steps;
    bin.prefillTokens = std::max(bin.prefillTokens, record.prefillTokens);
    bin.decodeRows = std::max(bin.decodeRows, record.decodeTokens);
    bin.tokenBudget = record.tokenBudget;
    bin.generated += record.decodeTokens;
    bin.preemptions += record.preemptions;
    bin.lookedUp += record.lookedUpTokens;
    bin.cachedHits += record.cachedTokens;
    addBlocks(bin, record);
    addGaps(record);
    m_lastEndNs = std::max(m_lastEndNs, record.endNs);
    m_lastRows = record.rowCount + record.rowsOmitted;
    m_lastStep = record.step;
}

void LiveSeries::addBlocks(LiveBin& bin, const engine::StepRecord& record)
{
    bin.blocksReferenced = record.blocksReferenced;
    bin.blocksCached = record.blocksCached;
    bin.blocksTotal = record.blocksTotal();
    bin.blocksByHue = {};
    float sum = 0;
    const std::uint32_t rows = std::min(record.rowCount, engine::StepRecord::kMaxRows);
    for (std::uint32_t i = 0; i < rows; ++i) {
        const std::size_t hue = m_hueOf ? m_hueOf(record.rows[i].request) % kHues : 0;
        bin.blocksByHue[hue] += static_cast<float>(record.rows[i].blocks);
        sum += static_cast<float>(record.rows[i].blocks);
    }
    if (sum <= 0) {
        bin.blocksByHue[0] = static_cast<float>(record.blocksReferenced);
        return;
    }
    // Rows that share blocks name more of them than there are.
    for (float& blocks : bin.blocksByHue)
        blocks *= static_cast<float>(record.blocksReferenced) / sum;
}

void LiveSeries::addGaps(const engine::StepRecord& record)
{
    if (record.step != m_lastStep + 1)
        m_lastTokenNs.clear(); // records were lost: the gaps would be too long
    const std::uint32_t rows = std::min(record.rowCount, engine::StepRecord::kMaxRows);
    for (std::uint32_t i = 0; i < rows; ++i) {
        const engine::StepRow& row = record.rows[i];
        const auto known = m_lastTokenNs.find(row.request);
        if (row.decodeTokens > 0 && known != m_lastTokenNs.end())
            keep(m_gaps,
                 {record.endNs / kSecondNs, 1e-9 * static_cast<double>(record.endNs - known->second)});
        if (known == m_lastTokenNs.end() && m_lastTokenNs.size() >= kMaxRequests)
            m_lastTokenNs.clear();
        m_lastTokenNs[row.request] = record.endNs;
    }
}

void LiveSeries::addFirstToken(std::int64_t atNs, double seconds)
{
    keep(m_firstTokens, {atNs / kSecondNs, seconds});
}

void LiveSeries::keep(std::deque<Sample>& samples, Sample sample)
{
    samples.push_back(sample);
    if (samples.size() > kMaxGaps)
        samples.pop_front();
}

std::optional<double> LiveSeries::quantile(const std::deque<Sample>& samples, std::int64_t from, double q)
{
    std::vector<double> values;
    values.reserve(samples.size());
    for (const Sample& sample : samples)
        if (sample.second > from)
            values.push_back(sample.value);
    if (values.empty())
        return std::nullopt;
    const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size()))) - 1;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

LiveView LiveSeries::view(std::int64_t nowNs) const
{
    LiveView view;
    view.bins.resize(kBins);
    if (m_bins.empty())
        return view;
    const std::int64_t now = std::max(nowNs / kSecondNs, m_second);
    const std::int64_t oldest = m_second - static_cast<std::int64_t>(m_bins.size()) + 1;
    for (std::size_t i = 0; i < kBins; ++i) {
        const std::int64_t second = now - static_cast<std::int64_t>(kBins - 1 - i);
        if (second < oldest)
            continue;
        view.bins[i] = second <= m_second ? m_bins[static_cast<std::size_t>(second - oldest)]
                                          : quietAfter(m_bins.back());
    }
    const std::int64_t from = now - static_cast<std::int64_t>(kSeconds);
    view.medianFirstToken = quantile(m_firstTokens, from, 0.5);
    view.tokenGapP95 = quantile(m_gaps, from, 0.95);
    view.runningRows = nowNs - m_lastEndNs < 2 * kSecondNs ? m_lastRows : 0;
    summarise(view);
    return view;
}

void LiveSeries::summarise(LiveView& view)
{
    std::uint64_t lookedUp = 0, hits = 0;
    for (const LiveBin& bin : view.bins) {
        lookedUp += bin.lookedUp;
        hits += bin.cachedHits;
        view.preemptions += bin.preemptions;
        view.anyStep = view.anyStep || bin.steps > 0;
    }
    if (lookedUp > 0)
        view.hitRate = static_cast<double>(hits) / static_cast<double>(lookedUp);
}

void LiveSeries::clear()
{
    *this = [this] {
        LiveSeries fresh;
        fresh.m_hueOf = std::move(m_hueOf);
        return fresh;
    }();
}

} // namespace vitrine::ui
