// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/run_series.h"

#include <algorithm>
#include <limits>
#include <variant>

#include "engine/analysis/step_moments.h"

namespace vitrine::engine {

namespace {

void add(SeriesBin& bin, const RecordedStep& step)
{
    const StepFigures& record = step.record;
    ++bin.steps;
    bin.prefillTokens += record.prefillTokens;
    bin.decodeTokens += record.decodeTokens;
    bin.running += record.running;
    bin.waiting += record.waiting;
    bin.referenced += poolShare(record.blocksReferenced, record);
    bin.cached += poolShare(record.blocksCached, record);
    bin.preemptions += record.preemptions;
}

void average(std::vector<SeriesBin>& bins, double binSeconds)
{
    double referenced = 0.0, cached = 0.0;
    for (SeriesBin& bin : bins) {
        bin.tokensPerSecond = static_cast<double>(bin.replyTokens) / binSeconds;
        if (bin.steps == 0) {
            bin.referenced = referenced;
            bin.cached = cached;
            continue;
        }
        for (double* sum : {&bin.prefillTokens, &bin.decodeTokens, &bin.running, &bin.waiting,
                            &bin.referenced, &bin.cached})
            *sum /= bin.steps;
        referenced = bin.referenced;
        cached = bin.cached;
    }
}

} // namespace

RunSeries runSeries(std::span<const RecordedStep> steps, std::size_t mostBins)
{
    RunSeries series;
    std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = 0;
    std::size_t count = 0;
    StepMoments clock;
    for (const RecordedStep& step : steps) {
        clock.enter(step);
        if (step.record.step == 0)
            continue;
        first = std::min(first, clock.startNs());
        last = count++ == 0 ? clock.landedNs() : std::max(last, clock.landedNs());
    }
    const double seconds = secondsBetween(first, last);
    const std::size_t bins = std::min(mostBins, count);
    if (bins == 0 || seconds <= 0.0)
        return series;
    series.startNs = first;
    series.binSeconds = seconds / static_cast<double>(bins);
    series.bins.resize(bins);
    clock = {};
    bool begun = false;
    for (const RecordedStep& step : steps) {
        clock.enter(step);
        begun = begun || step.record.step != 0;
        if (!begun)
            continue;
        const double place = secondsBetween(first, clock.landedNs()) / series.binSeconds;
        SeriesBin& bin = series.bins[std::min(static_cast<std::size_t>(place), bins - 1)];
        if (step.record.step != 0)
            add(bin, step);
        for (const RecordedEvent& event : step.events)
            bin.replyTokens += std::holds_alternative<RecordedToken>(event) ? 1 : 0;
    }
    average(series.bins, series.binSeconds);
    return series;
}

} // namespace vitrine::engine
