// SPDX-License-Identifier: GPL-3.0-or-later
// A suggestion of the advisor as a choice that the engine takes while it runs. Pure.
#pragma once

#include <optional>

#include "engine/analysis/diagnosis.h"
#include "ui/bridge/snapshots.h"

namespace vitrine::ui {

/// `now` with the suggestion, on the next of the values that the settings offer; empty where it cannot be
/// changed while the engine runs, or nothing would change. `blockBytes` of a KV block; 0: not known.
std::optional<SchedulingChoice> choiceOf(const engine::Suggestion& suggestion, const SchedulingChoice& now,
                                         quint64 blockBytes);
/// What the choice makes of the setting, in its unit; KvBlocks in MiB.
double valueOf(const SchedulingChoice& choice, engine::SettingKey key);
/// "Time between tokens 50 ms → 100 ms"
QString changeText(const SchedulingChoice& before, const SchedulingChoice& after, engine::SettingKey key);

} // namespace vitrine::ui
