// SPDX-License-Identifier: GPL-3.0-or-later
// What happened to a block, in words, newest first. Thread: UI.
#pragma once

#include "ui/profiler/inspect/inspector_form.h"

namespace vitrine::ui {

QString blockEventText(engine::BlockEventKind kind);
void addBlockMoments(InspectorForm& form, const BlockDetails& details, qint64 originNs);

} // namespace vitrine::ui
