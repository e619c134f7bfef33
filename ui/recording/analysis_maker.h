// SPDX-License-Identifier: GPL-3.0-or-later
// Makes what the analyses show from a recording, or a part of one that was cut out. Pure; any thread.
#pragma once

#include <functional>

#include "engine/analysis/anomaly_log.h"
#include "engine/analysis/session.h"
#include "engine/telemetry/metric_history.h"
#include "ui/recording/analysis_pictures.h"

namespace vitrine::ui {

PrefixPicture prefixesOf(const engine::SessionPart& part, const AnalysisQuery& query);

/// Hands the picture to `tell` whenever there is more of it, until it returns false.
void blockLifeOf(const engine::SessionPart& part, const AnalysisQuery& query,
                 const std::function<bool(const BlockLifePicture&)>& tell);
/// Sizes of pools that are worth playing, ascending, the recorded one among them.
QList<quint32> sizesToPlay(quint32 blocks);
/// The smallest size whose hit rate lies within a fiftieth of the best one; 0: all are alike, or there are
/// less than three.
quint32 bendOf(const engine::WhatIf& whatIf);

AnomalyPicture anomaliesOf(const engine::AnomalyLog& log, qint64 startNs);
/// What the history has seen.
MetricsPicture metricsOf(const engine::MetricHistory& history, const AnalysisQuery& query);
/// Of these steps alone.
MetricsPicture metricsOf(const engine::SessionPart& part, const AnalysisQuery& query);

StepsPicture stepsOf(const engine::SessionPart& part, const AnalysisQuery& query);

} // namespace vitrine::ui
