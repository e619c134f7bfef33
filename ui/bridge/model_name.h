// SPDX-License-Identifier: GPL-3.0-or-later
// What the window calls a model.
#pragma once

#include <string>

#include <QString>

#include "engine/engine.h"

namespace vitrine::ui {

/// The file's name without its suffix, its number where there are several, and the quantisation at its end:
/// people know the file they opened, while names inside files are often those of a training run. Falls back
/// to the name inside.
std::string displayName(const engine::ModelSummary& summary);

/// Of a model in several files the first, whichever of them `path` is; other paths as they are.
QString firstFileOf(const QString& path);

} // namespace vitrine::ui
