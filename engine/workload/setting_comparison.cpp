// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/workload/setting_comparison.h"

#include <algorithm>
#include <cmath>

#include "engine/analysis/samples.h"

namespace vitrine::engine {

namespace {

LoadCell cellOf(const std::vector<LoadFigures>& runs, std::size_t figure)
{
    std::vector<double> values;
    for (const LoadFigures& run : runs)
        if (run[figure] && std::isfinite(*run[figure]))
            values.push_back(*run[figure]);
    const Samples samples(std::move(values));
    LoadCell cell;
    cell.runs = samples.size();
    cell.median = samples.median();
    cell.least = samples.least();
    cell.most = samples.most();
    return cell;
}

void compare(LoadCell& cell, const LoadCell& base, LoadFigure figure)
{
    if (cell.runs == 0 || base.runs == 0)
        return;
    if (base.median != 0.0)
        cell.change = (cell.median - base.median) / std::abs(base.median);
    const std::size_t repeats = std::min(cell.runs, base.runs);
    const bool overlap = cell.least <= base.most && base.least <= cell.most;
    if (repeats >= 2 && overlap)
        cell.difference = Difference::WithinNoise;
    else if (repeats < kSureRepeats)
        cell.difference = Difference::Unsure;
    else
        cell.difference =
            (cell.median > base.median) == moreIsBetter(figure) ? Difference::Better : Difference::Worse;
}

void markBest(std::vector<LoadRow>& rows, std::size_t figure)
{
    const bool more = moreIsBetter(static_cast<LoadFigure>(figure));
    std::optional<double> best, worst;
    for (const LoadRow& row : rows) {
        if (row[figure].runs == 0)
            continue;
        const double median = row[figure].median;
        best = more ? std::max(best.value_or(median), median) : std::min(best.value_or(median), median);
        worst = more ? std::min(worst.value_or(median), median) : std::max(worst.value_or(median), median);
    }
    if (!best || *best == *worst)
        return;
    for (LoadRow& row : rows)
        row[figure].best = row[figure].runs > 0 && row[figure].median == *best;
}

std::optional<double> percentile(const Samples& samples, double share)
{
    return samples.empty() ? std::nullopt : std::optional(samples.percentile(share));
}

std::optional<double> ratio(double part, double whole)
{
    return whole > 0.0 ? std::optional(part / whole) : std::nullopt;
}

} // namespace

bool moreIsBetter(LoadFigure figure)
{
    return figure == LoadFigure::TokensPerSecond || figure == LoadFigure::PrefixHits;
}

LoadFigures figuresOf(const WorkloadTotals& totals)
{
    const Samples first(totals.firstToken), between(totals.betweenTokens), queue(totals.queue);
    LoadFigures figures;
    const auto set = [&figures](LoadFigure figure, std::optional<double> value) {
        figures[static_cast<std::size_t>(figure)] = value;
    };
    set(LoadFigure::TokensPerSecond, ratio(static_cast<double>(totals.generatedTokens), totals.wallSeconds));
    set(LoadFigure::FirstTokenP50, percentile(first, 0.5));
    set(LoadFigure::FirstTokenP99, percentile(first, 0.99));
    set(LoadFigure::BetweenP50, percentile(between, 0.5));
    set(LoadFigure::BetweenP99, percentile(between, 0.99));
    set(LoadFigure::Queue, queue.empty() ? std::nullopt : std::optional(queue.mean()));
    set(LoadFigure::PrefixHits,
        ratio(static_cast<double>(totals.cachedTokens), static_cast<double>(totals.promptTokens)));
    if (totals.replies > totals.errors)
        set(LoadFigure::Preemptions, static_cast<double>(totals.requestPreemptions));
    set(LoadFigure::PeakBlocks,
        ratio(static_cast<double>(totals.peakBlocks), static_cast<double>(totals.totalBlocks)));
    return figures;
}

std::vector<LoadRow> compareSettings(std::span<const std::vector<LoadFigures>> settings)
{
    std::vector<LoadRow> rows(settings.size());
    for (std::size_t figure = 0; figure < kLoadFigures; ++figure) {
        for (std::size_t row = 0; row < rows.size(); ++row) {
            rows[row][figure] = cellOf(settings[row], figure);
            if (row > 0)
                compare(rows[row][figure], rows[0][figure], static_cast<LoadFigure>(figure));
        }
        markBest(rows, figure);
    }
    return rows;
}

} // namespace vitrine::engine
