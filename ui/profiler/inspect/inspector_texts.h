// SPDX-License-Identifier: GPL-3.0-or-later
// What the inspectors say about preemptions, requests, steps and blocks: each fills a form. Times are told
// from `originNs`, the recording's start. Thread: UI.
#pragma once

#include "ui/profiler/inspect/inspector_form.h"

namespace vitrine::ui {

/// "never", "once", "3 times".
QString timesText(quint32 count);

void describePreemption(InspectorForm& form, const PreemptionDetails& details, qint64 originNs,
                        const Theme& theme, QWidget* walker);
void describeRequest(InspectorForm& form, const RequestDetails& details, qint64 originNs);
void describeStep(InspectorForm& form, const StepDetails& details, qint64 originNs);
void describeBlock(InspectorForm& form, const BlockDetails& details, qint64 originNs, const Theme& theme);

} // namespace vitrine::ui
