// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of something unusual in a recording. Thread: any; an application has to be there.
#pragma once

#include <QString>

#include "engine/analysis/anomaly.h"
#include "ui/recording/pictures.h"

namespace vitrine::ui {

class AnomalyText
{
public:
    static QString title(engine::AnomalyKind kind);
    /// "14 × the usual spread"
    static QString distance(const engine::Anomaly& anomaly);
    static QString sentence(const engine::Anomaly& anomaly);
    /// "Slow steps: forward passes took …"
    static QString said(const engine::Anomaly& anomaly);
    /// What to select to see it: at least a sliver of time.
    static TimeRange range(const engine::Anomaly& anomaly);
};

} // namespace vitrine::ui
