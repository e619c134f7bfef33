// SPDX-License-Identifier: GPL-3.0-or-later
// What the load lab calls settings, their values and figures, and its table as CSV. Pure; UI thread, in the
// language in force.
#pragma once

#include <vector>

#include <QString>

#include "engine/workload/setting_comparison.h"
#include "engine/workload/workload_maker.h"
#include "ui/bridge/lab_job.h"
#include "ui/profiler/lab/lab_load.h"
#include "ui/profiler/lab/lab_runner.h"

namespace vitrine::ui {

class LabTexts
{
public:
    static QString setting(LabSetting setting);
    static QString explanation(LabSetting setting);
    static QString value(LabSetting setting, double value);
    /// Those that are offered.
    static QList<double> values(LabSetting setting);
    /// "As set now"; "No target, half of the memory"
    static QString row(const LabSettings& settings);

    static QString kind(const engine::WorkloadKind& kind);
    static QString explanation(const engine::WorkloadKind& kind);
    static QString length(engine::WorkloadLength length);
    /// "32 requests within 15.2 s, 1,240 reply tokens"
    static QString load(const LabLoad& load);
    /// What a recording did not hold, a sentence each; empty: nothing is missing.
    static QStringList missing(const LabLoad& load);

    static QString figure(engine::LoadFigure figure);
    static QString figureExplanation(engine::LoadFigure figure);
    static QString amount(engine::LoadFigure figure, double value);
    /// "+12 %", "−3 %, in the noise"; empty: nothing to compare.
    static QString change(const engine::LoadCell& cell);
    /// All of a cell, for people who do not see it, and for its tip.
    static QString told(engine::LoadFigure figure, const engine::LoadCell& cell);

    /// A line for each row; figures as they were measured, in seconds and shares.
    static QString csv(const QList<LabSettings>& settings, const std::vector<LabRunner::Row>& rows);
};

/// For each row of the plan.
std::vector<engine::LoadRow> comparedRows(const std::vector<LabRunner::Row>& rows);

} // namespace vitrine::ui
