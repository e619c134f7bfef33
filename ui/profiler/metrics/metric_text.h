// SPDX-License-Identifier: GPL-3.0-or-later
// What the Metrics tab says of a metric. Names stay what they are: monitoring systems know them by these.
// Thread: any; an application has to be there.
#pragma once

#include <QString>

#include "engine/telemetry/metric.h"

namespace vitrine::ui {

class MetricText
{
public:
    /// Its help, in the language of the window; one that is not in the list stays English.
    static QString meaning(const engine::MetricFamily& family);
    static bool knows(const QString& help);
    /// "finished_reason: stop"; empty where there is nothing to tell values of one name apart.
    static QString labels(const engine::MetricValue& value);
    /// With its unit, which the name tells.
    static QString value(const engine::MetricFamily& family, double value);
};

} // namespace vitrine::ui
