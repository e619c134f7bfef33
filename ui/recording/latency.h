// SPDX-License-Identifier: GPL-3.0-or-later
// What the Latency tab shows of a recording, as values: where each request's time went, what the advisor says
// and what a change did. Made from a copy of the recording beside it; never changed after they were handed
// over. Times in nanoseconds of nowNs().
#pragma once

#include <memory>
#include <optional>

#include <QList>
#include <QMetaType>

#include "engine/analysis/attribution.h"
#include "engine/analysis/diagnosis.h"
#include "engine/analysis/run_metrics.h"
#include "engine/trace/trace.h"
#include "ui/recording/pictures.h"

namespace vitrine::ui {

struct LatencyQuery
{
    TimeRange range;           ///< empty: all of the recording
    engine::RequestId request; ///< between whose tokens; 0: of the one with the longest reply

    bool operator==(const LatencyQuery&) const = default;
};

struct LatencyRow
{
    RequestName name;
    engine::RequestLatency latency;
};

/// Somebody who held a reply up for some tokens in a row.
struct NeighbourSpan
{
    RequestName name;
    qint64 startNs = 0, endNs = 0;
    quint32 gaps = 0;
    qint64 addedNs = 0; ///< in all
};

struct LatencyPicture
{
    static constexpr qsizetype kMostRows = 256;

    LatencyQuery query;
    TimeRange all;                       ///< the recording's
    quint64 steps = 0, stepsInRange = 0; ///< looked at: the newest ones of those that it takes
    QList<LatencyRow> rows;              ///< that have their first token, newest first
    qsizetype requests = 0;              ///< of them all

    RequestName chosen;
    QList<engine::TokenGap> gaps; ///< of the chosen one, in order
    QList<NeighbourSpan> neighbours;
    double p50Ns = 0, p95Ns = 0;
    std::optional<double> targetNs; ///< where it is known and there is one
};

/// The most severe first.
struct AdvicePicture
{
    TimeRange range;                     ///< asked for
    quint64 steps = 0, stepsInRange = 0; ///< looked at: the newest ones of the range
    QList<engine::Diagnosis> diagnoses;
    quint32 blocks = 0;     ///< of the pool
    quint64 blockBytes = 0; ///< 0: not known
};

/// Before and after a moment, over about as many steps.
struct MeasureQuery
{
    qint64 atNs = 0;
    engine::GainMetric metric = engine::GainMetric::BetweenTokensP95;

    bool operator==(const MeasureQuery&) const = default;
};

/// Of after against before, as shares of before; 0.12 is 12 % more.
struct GainInterval
{
    double low = 0, high = 0; ///< 95 %

    bool isSure() const { return low > 0 || high < 0; } ///< there is a difference
};

struct MeasuredChange
{
    MeasureQuery query;
    engine::RunMetrics before, after;
    quint64 stepsBefore = 0, stepsAfter = 0; ///< in which something was computed
    std::optional<GainInterval> interval;    ///< where there is enough to tell
    QList<double> seriesBefore, seriesAfter; ///< the metric over time, at most kMostPoints in all
};

using SharedLatency = std::shared_ptr<const LatencyPicture>;
using SharedAdvice = std::shared_ptr<const AdvicePicture>;
using SharedTrace = std::shared_ptr<const engine::Trace>;

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::SharedLatency)
Q_DECLARE_METATYPE(vitrine::ui::SharedAdvice)
Q_DECLARE_METATYPE(vitrine::ui::SharedTrace)
Q_DECLARE_METATYPE(vitrine::ui::MeasuredChange)
