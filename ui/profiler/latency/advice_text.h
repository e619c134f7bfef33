// SPDX-License-Identifier: GPL-3.0-or-later
// What the analyses of the engine say, in the language of the window: sentences with their figures, and the
// names of causes, settings and metrics. A sentence that is not in the list stays English. Thread: any; an
// application has to be there.
#pragma once

#include <QString>

#include "engine/analysis/diagnosis.h"

namespace vitrine::ui {

class AdviceText
{
public:
    static QString said(const engine::Sentence& sentence);
    /// In the list of sentences that can be translated.
    static bool knows(const QString& sentence);

    static QString title(engine::DiagnosisKind kind);
    static QString bottleneck(engine::Bottleneck bottleneck);
    static QString icon(engine::Bottleneck bottleneck);
    static QString setting(engine::SettingKey key);
    /// Of the setting, with its unit.
    static QString value(engine::SettingKey key, double value);
    /// Where a person changes it.
    static QString place(engine::SettingKey key);
    static QString metric(engine::GainMetric metric);
    /// Of the metric, with its unit.
    static QString amount(engine::GainMetric metric, double value);
    static bool isBetterWhenLess(engine::GainMetric metric);
    /// "+8 to +16 %", of shares.
    static QString percentRange(double low, double high);
    /// "−41 %", "9 → 0"; empty: nothing to compare.
    static QString change(engine::GainMetric metric, double before, double after);
};

} // namespace vitrine::ui
