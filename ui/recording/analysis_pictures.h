// SPDX-License-Identifier: GPL-3.0-or-later
// What analyses of a recording, or of a part of it, found: values, made beside the pictures from a copy,
// since they may take seconds. Never changed after they were handed over. Times in nanoseconds of nowNs()
// unless they say otherwise.
#pragma once

#include <memory>
#include <vector>

#include <QHash>
#include <QList>
#include <QMetaType>

#include "engine/analysis/anomaly.h"
#include "engine/analysis/block_life.h"
#include "engine/analysis/pool_what_if.h"
#include "engine/analysis/prefix_tree.h"
#include "engine/analysis/rank_balance.h"
#include "engine/telemetry/metric.h"
#include "ui/recording/pictures.h"

namespace vitrine::ui {

struct AnalysisQuery
{
    quint64 serial = 0;
    TimeRange range; ///< empty: the whole recording

    bool operator==(const AnalysisQuery&) const = default;
};

/// What the prompts have in common.
struct PrefixPicture
{
    AnalysisQuery query;
    engine::PrefixTree tree;
    quint32 blockSize = 0;
    QHash<quint64, RequestName> names; ///< [request] of those that the tree names
};

/// What became of the blocks; comes again whenever another size of the pool was played.
struct BlockLifePicture
{
    AnalysisQuery query;
    qint64 startNs = 0; ///< of the recording
    quint32 blocks = 0; ///< of the pool
    engine::BlockLife life;
    engine::WhatIf whatIf;   ///< of points only those that could be played to the end
    qsizetype sizesLeft = 0; ///< still to be played
    quint32 bend = 0;        ///< the smallest size with (nearly) the best hit rate; 0: none stands out
};

/// A step that took longer than steps like it.
struct SlowStep
{
    quint64 step = 0;
    qint64 startNs = 0;
    double forwardNs = 0, predictedNs = 0;
    quint32 prefillTokens = 0, decodeTokens = 0;
};

/// Means of the steps of a stretch.
struct StepMeans
{
    qint64 startNs = 0, endNs = 0;
    quint32 steps = 0;
    double forwardNs = 0, predictedNs = 0;
};

/// Of all steps together.
struct StepTotals
{
    double scheduleNs = 0, transferNs = 0, forwardNs = 0, sampleNs = 0, emitNs = 0;
    double hiddenNs = 0; ///< of schedule and emit: while a step was computed
};

/// How evenly the steps went.
struct StepsPicture
{
    static constexpr int kMostMeans = 200;
    static constexpr qsizetype kMostSlow = 8;

    AnalysisQuery query;
    qint64 startNs = 0;               ///< of the recording
    quint64 steps = 0, predicted = 0; ///< of those: with a prediction
    engine::Samples decodes, prompts; ///< seconds of forward passes without and with prompt tokens
    engine::Samples ratio;            ///< measured by predicted time
    StepTotals totals;
    QList<StepMeans> means;    ///< in order; only stretches with a prediction
    QList<SlowStep> slowest;   ///< furthest beyond their prediction first
    engine::RankBalance ranks; ///< how several processes shared them
};

/// What was not as usual, in the order in which it began.
struct AnomalyPicture
{
    struct Entry
    {
        engine::Anomaly anomaly;
        bool open = false; ///< it goes on
    };
    qint64 startNs = 0; ///< of the recording
    QList<Entry> entries;
    quint64 count = 0; ///< of them all, those included that are not kept
    bool live = false;
};

/// The metrics of a recording, or of a part of it, as monitoring systems get them.
struct MetricsPicture
{
    AnalysisQuery query;
    std::vector<engine::MetricFamily> families;
    QHash<QString, QList<double>> courses; ///< [name] of counters and gauges, evenly over the time
    qint64 fromNs = 0, toNs = 0;           ///< that time
    QString text;                          ///< all of them in Prometheus' text format
};

using SharedAnomalies = std::shared_ptr<const AnomalyPicture>;
using SharedMetrics = std::shared_ptr<const MetricsPicture>;
using SharedPrefixes = std::shared_ptr<const PrefixPicture>;
using SharedBlockLife = std::shared_ptr<const BlockLifePicture>;
using SharedSteps = std::shared_ptr<const StepsPicture>;

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::SharedAnomalies)
Q_DECLARE_METATYPE(vitrine::ui::SharedMetrics)
Q_DECLARE_METATYPE(vitrine::ui::SharedPrefixes)
Q_DECLARE_METATYPE(vitrine::ui::SharedBlockLife)
Q_DECLARE_METATYPE(vitrine::ui::SharedSteps)
