// SPDX-License-Identifier: GPL-3.0-or-later
// What the window calls a model.
#pragma once

#include <string>

#include "engine/engine.h"

namespace vitrine::ui {

/// The file's name without its suffix and without the quantisation at its end: people know the file they
/// opened, while names inside files are often those of a training run. Falls back to the name inside.
std::string displayName(const engine::ModelSummary& summary);

} // namespace vitrine::ui
